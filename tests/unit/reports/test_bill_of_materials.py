# SPDX-License-Identifier: Apache-2.0
"""The list of a bench's materials fits its schema, names each package of the run, and what is known to be wrong."""

import json
from importlib.metadata import version

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from metrology.verdict import Verdict
from reports.export.bill_of_materials import bill_of_materials, known_anomalies
from reports.summary import Summary
from tests.unit.reports.kept_runs import judged, kept_run

CODE = "ab" * 32


@pytest.fixture
def summary(tmp_path) -> Summary:
    folder = kept_run(tmp_path / "run", (judged("volume", 120.0, Verdict.FAIL),))
    return Summary.load(folder / "summary.json")


def test_it_fits_the_schema_and_names_versions_licences_addresses_and_the_code(summary):
    lock = f"pymodbus=={version('pymodbus')}\nallure-pytest==2.16.2\nfrom_nowhere==9.9\n# a remark\n"
    text = bill_of_materials(summary, lock, CODE)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    content = json.loads(text)
    parts = {one["name"]: one for one in content["components"]}
    assert {name: one["version"] for name, one in parts.items()} == {
        "allure-pytest": "2.16.2", "from_nowhere": "9.9", "pymodbus": version("pymodbus")
    }  # fmt: skip
    assert parts["from_nowhere"]["purl"] == "pkg:pypi/from-nowhere@9.9"
    assert "licenses" not in parts["from_nowhere"]  # of another version than the installed one nobody knows it
    assert "BSD" in json.dumps(parts["pymodbus"]["licenses"])
    bench = content["metadata"]["component"]
    assert bench["hashes"] == [{"alg": "SHA-256", "content": CODE}]
    assert {"name": "pumpbench:verdict", "value": "FAIL"} in bench["properties"]


def test_what_is_known_to_be_wrong_stands_beside_the_package_with_what_keeps_it_off(summary):
    content = json.loads(bill_of_materials(summary, "allure-pytest==2.16.2\n", ""))
    wrong = {one["id"]: one for one in content["vulnerabilities"]}
    expected = {one["id"] for one in known_anomalies() if one["package"] == "allure-pytest"}
    assert set(wrong) == expected >= {"allure-python-807", "allure-python-374", "allure-python-918"}
    one = wrong["allure-python-918"]
    assert (one["analysis"]["state"], one["affects"]) == ("not_affected", [{"ref": "pkg:pypi/allure-pytest@2.16.2"}])
    assert one["analysis"]["detail"] == "pytest below 9.1 is required."
    assert all(known["address"].startswith("https://") and known["kept_off"] for known in known_anomalies())
