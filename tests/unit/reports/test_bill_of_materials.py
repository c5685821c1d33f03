# SPDX-License-Identifier: Apache-2.0
"""The list of a bench's materials fits its schema, names each package of the run, and what is known to be wrong."""

import hashlib
import json
from importlib.metadata import version

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from metrology.verdict import Verdict
from reports.export.bill_of_materials import NO_HASH, bill_of_materials, files_sha256, known_anomalies
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


def test_a_package_carries_the_hash_of_its_files_and_says_where_nobody_knows_it(summary, tmp_path, monkeypatch):
    files = ["some_part/a.py,sha256=AAA,1", "some_part/b.py,sha256=BBB,2"]
    added = ["../bin/tool,sha256=CCC,3", "some_part-1.0.dist-info/RECORD,,", "some_part/__pycache__/a.pyc,,"]
    info = tmp_path / "some_part-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-part\nVersion: 1.0\n")
    (info / "RECORD").write_text("\n".join([*reversed(files), *added]) + "\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    expected = hashlib.sha256(b"some_part/a.py,sha256=AAA\nsome_part/b.py,sha256=BBB").hexdigest()
    text = bill_of_materials(summary, "some-part==1.0\nfrom_nowhere==9.9\n", "")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    told = {one["name"]: one["properties"][0]["value"] for one in json.loads(text)["components"]}
    assert told == {"some-part": expected, "from_nowhere": NO_HASH}
    assert files_sha256("some-part", "1.1") == ""
    (info / "RECORD").write_text("some_part/a.py,sha256=AAA,1\nsome_part/b.py,sha256=XXX,2\n")
    assert files_sha256("some-part", "1.0") not in ("", expected)


def test_what_is_known_to_be_wrong_stands_beside_the_package_with_what_keeps_it_off(summary):
    content = json.loads(bill_of_materials(summary, "allure-pytest==2.16.2\n", ""))
    wrong = {one["id"]: one for one in content["vulnerabilities"]}
    expected = {one["id"] for one in known_anomalies() if one["package"] == "allure-pytest"}
    assert set(wrong) == expected >= {"allure-python-807", "allure-python-374", "allure-python-918"}
    one = wrong["allure-python-918"]
    assert (one["analysis"]["state"], one["affects"]) == ("not_affected", [{"ref": "pkg:pypi/allure-pytest@2.16.2"}])
    assert one["analysis"]["detail"] == "pytest below 9.1 is required."
    assert all(known["address"].startswith("https://") and known["kept_off"] for known in known_anomalies())
