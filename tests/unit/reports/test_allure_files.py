# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.trace import Requirements
from groundfloor.errors import PlanError
from reports.allure_config import allure_config
from reports.allure_home import LOCKED
from reports.allure_results import describe_test, write_context
from reports.run_info import find_run

BASELINE = Requirements.model_validate(
    {
        "baseline": {"id": "REQ", "revision": 1},
        "requirement": [
            {
                "id": "CAT-002",
                "revision": 3,
                "feature": "Catheter",
                "text": "A kink alarms.",
                "risk_controls": ["RC-001"],
            },
            {"id": "ALM-004", "revision": 1, "feature": "Alarms", "text": "No false alarm."},
        ],
        "risk_control": [{"id": "RC-001", "hazard": "no therapy"}],
    }
)
PROFILE = SimpleNamespace(title="Implantable pump, 20 mL")


def test_a_test_is_labelled_with_its_place_requirements_and_risk_controls():
    labels = describe_test(PROFILE, BASELINE, ["CAT-002", "ALM-004"], simulated=True).labels
    assert labels == (
        ("epic", "SIMULATED – Implantable drug pump: Implantable pump, 20 mL"),
        ("feature", "Catheter"),
        ("story", "CAT-002 A kink alarms."),
        ("story", "ALM-004 No false alarm."),
        ("requirement", "CAT-002@3"),
        ("requirement", "ALM-004@1"),
        ("risk_control", "RC-001"),
        ("layer", "hil"),
        ("simulated", "yes"),
    )


def test_the_requirements_are_listed_in_words_for_the_description():
    told = describe_test(PROFILE, BASELINE, ["CAT-002", "ALM-004"], simulated=True).requirements
    assert told == "Requirements:\n\n- CAT-002@3: A kink alarms.\n- ALM-004@1: No false alarm."
    assert describe_test(PROFILE, BASELINE, [], simulated=True).requirements == ""


def test_a_real_run_is_not_stamped_simulated():
    labels = describe_test(PROFILE, BASELINE, [], simulated=False).labels
    assert not any("SIMULATED" in value for _, value in labels)
    assert ("simulated", "no") in labels


def test_an_unknown_requirement_is_an_error():
    with pytest.raises(PlanError, match="CAT-003"):
        describe_test(PROFILE, BASELINE, ["CAT-003"], simulated=True)


def test_the_context_names_devices_and_says_that_they_are_twins(run_of):
    run = run_of("a")
    run.start()
    write_context(run.folder)
    results = run.folder / "allure-results"
    environment = (results / "environment.properties").read_text()
    assert "Evidence = SIMULATED\\: devices are twins\n" in environment
    assert "Pump = TP-20, SN-1\n" in environment
    assert "Calibration\\ due = 2027-01-01\n" in environment
    assert json.loads((results / "executor.json").read_text())["buildName"] == "run-1"
    assert len(json.loads((results / "categories.json").read_text())) == 3


def test_a_bench_that_did_not_open_has_a_context_too(run_of):
    run = run_of("a")
    run.start(pump=None, rig=None, balance=None, epoch_utc=None, trouble="port closed")
    write_context(run.folder)
    assert "Pump = not identified\n" in (run.folder / "allure-results" / "environment.properties").read_text()


def config_of(run_of, **changed):
    run = run_of("a")
    run.start(**changed)
    info = find_run(run.journal.path)
    assert info is not None
    return json.loads(allure_config(info, Path("/somewhere/out")))


def test_the_report_is_named_simulated_and_kept_in_one_file(run_of):
    config = config_of(run_of)
    assert config["name"] == "SIMULATED – Implantable pump, 20 mL – run-1"
    assert config["plugins"]["awesome"]["options"]["singleFile"] is True
    assert config["plugins"]["awesome"]["options"]["groupBy"] == ["epic", "feature", "story"]
    assert "historyPath" not in config


def test_the_report_of_a_real_run_is_not_named_simulated(run_of):
    assert config_of(run_of, simulated=False)["name"] == "Implantable pump, 20 mL – run-1"


def test_a_verdict_finds_its_category_before_the_plain_status_does(run_of):
    rules = config_of(run_of)["categories"]["rules"]
    assert [rule["matchers"][0].get("labels") for rule in rules] == [
        {"verdict": "^fail$"},
        {"verdict": "^inconclusive$"},
        {"verdict": "^blocked$"},
        None,
    ]


def test_a_device_name_that_allure_refuses_is_made_fit(run_of):
    pump = {"model": "A/B\\C\n" + "x" * 90, "serial_number": "1", "firmware_version": "1"}
    name = config_of(run_of, pump=pump)["environments"]["dut"]["name"]
    assert len(name) <= 64
    assert not set(name) & set("/\\\n")


def test_the_lock_file_pins_hashes_and_names_no_address_to_download_from():
    lock = json.loads((LOCKED / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages["node_modules/allure"]["version"] == "3.18.0"
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
