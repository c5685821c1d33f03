# SPDX-License-Identifier: Apache-2.0
"""An injector whose sensor echoes its order, in whole chapters: never a good pump's FAIL, and never a bad one's PASS.

The pre-flight finds most of them. Here what it finds is switched off, so that the infusion has to.
"""

import re
from pathlib import Path

import pytest

from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.twin_bench import twin_bench

DUMB = "implantable-20ml-no-catheter-sensor"
BLANK_S = 3600.0
"""At the lowest rate a shorter one resolves nothing."""
NOT_INJECTED = r"confirm by its effect that the {} was injected: its sensor shows it, but (9[5-9]|10\d) ± \d+ %"
PRESSURE = "REG-006"
"""Of a pump that tells a pressure over its threshold and no alarm, or no pressure at all where a sensor is promised."""


def run_with(folder: Path, chapter: str, select: str, *defects: str, model: str = "", profile: str = "") -> BenchRun:
    options = TwinOptions(model=model, defects=defects) if model else TwinOptions(defects=defects)
    with twin_bench(folder, options) as twin:
        twin.content["preflight"] = {"off": ["leak"]}
        twin.content["evaporation"] = {"blank_s": BLANK_S}
        more = [f"--profile={profile}"] if profile else []
        return bench_run(twin.file(), folder / "runs", f"--chapter={chapter}", *more, select=select)


@pytest.mark.parametrize(
    ("what", "chapter", "select"),
    [
        ("kink", "kink", "recovers and high"),
        ("kink", "kink", "recovers and low"),
        ("disconnect", "disconnect", "its_volume_is_missing and low"),
        ("leak", "leak", "30"),
    ],
)
def test_a_fault_that_only_its_sensor_shows_blocks_and_is_no_failure_of_a_good_pump(
    tmp_path: Path, what: str, chapter: str, select: str
) -> None:
    run = run_with(tmp_path, chapter, select, f"{what}_sensor_echoes")
    assert (run.exit_code, run.test.verdict, run.failures) == (3, Verdict.BLOCKED, [])
    assert re.search(NOT_INJECTED.format(what), run.test.reason)
    assert "see whether the actuator moves when its sensor says so" in run.test.reason


def test_the_balance_alone_finds_it_where_the_pump_has_no_sensor(tmp_path: Path) -> None:
    run = run_with(tmp_path, "kink", "holds_back and high", "kink_sensor_echoes", model=DUMB, profile=DUMB)
    assert (run.exit_code, run.test.verdict, run.failures) == (3, Verdict.BLOCKED, [])
    assert re.search(NOT_INJECTED.format("kink"), run.test.reason)


@pytest.mark.parametrize(
    ("chapter", "select", "defect", "requirements"),
    [
        ("kink", "recovers and low", "no_occlusion_alarm", ("CAT-001", PRESSURE)),
        ("disconnect", "its_volume_is_missing and low", "no_disconnect_alarm", ("DIS-001",)),
    ],
)
def test_an_alarm_that_a_real_fault_did_not_raise_stays_the_pumps_failure_at_the_lowest_rate(
    tmp_path: Path, chapter: str, select: str, defect: str, requirements: tuple[str, ...]
) -> None:
    run = run_with(tmp_path, chapter, select, defect)
    assert (run.exit_code, run.red_requirements) == (1, requirements)


def test_a_kink_that_no_sensor_of_the_pump_shows_is_confirmed_by_the_flow_that_ends(tmp_path: Path) -> None:
    run = run_with(tmp_path, "kink", "recovers and high", "no_occlusion_alarm", model=DUMB, profile="implantable-20ml")
    assert (run.exit_code, run.red_requirements) == (1, ("CAT-001", PRESSURE))


@pytest.mark.parametrize(
    ("what", "chapter", "select", "seen"),
    [
        (
            "kink",
            "kink",
            "recovers and high",
            r"the kink was released: its sensor shows it, but 28\.\d µL were pressed .*, -?0\.\d µL came out",
        ),
        (
            "disconnect",
            "disconnect",
            "its_volume_is_missing and high",
            r"the pressure in the catheter is 0\.0 kPa, .* did not arrive: the catheter seems off",
        ),
        (
            "leak",
            "leak",
            "30",
            r"the leak was released: its sensor shows it, but 71 ± \d % of the programmed flow reached the balance",
        ),
    ],
)
def test_a_fault_that_stays_while_its_sensor_says_that_it_is_gone_blocks(
    tmp_path: Path, what: str, chapter: str, select: str, seen: str
) -> None:
    run = run_with(tmp_path, chapter, select, f"{what}_stays_unseen=1")
    assert (run.exit_code, run.test.verdict, run.failures) == (3, Verdict.BLOCKED, [])
    assert re.search(seen, run.test.reason)


def test_behind_a_fault_that_stays_the_good_pump_is_not_tested_any_more(tmp_path: Path) -> None:
    run = run_with(tmp_path, "leak", "balance", "leak_stays_unseen=1")
    first, *later = run.summary.tests
    assert "the leak was released: its sensor shows it, but " in first.reason
    assert later
    assert {one.verdict for one in run.summary.tests} == {Verdict.BLOCKED}
    assert all(
        "it was not put back: rig: confirm by its effect that the leak was released" in one.reason for one in later
    )
    assert (run.exit_code, run.failures) == (3, [])


def test_a_clamp_that_opens_a_little_only_is_no_failure_of_a_good_pump(tmp_path: Path) -> None:
    """The pre-flight closes it once; the plan's closing is the second."""
    run = run_with(tmp_path, "kink", "recovers and high", "kink_clamp_opens_short_after=2")
    assert (run.exit_code, run.test.verdict, run.failures) == (3, Verdict.BLOCKED, [])
    assert "confirm by its effect that the kink was released: its sensor shows it, but " in run.test.reason
    assert re.search(r"28\.\d µL were pressed into the catheter, 2\.\d µL came out of it", run.test.reason)


def test_a_pump_that_gives_nothing_after_a_kink_that_was_released_fails(tmp_path: Path) -> None:
    run = run_with(tmp_path, "kink", "recovers and high", "no_recovery_after_alarm")
    assert (run.exit_code, run.red_requirements) == (1, ("CAT-004", "DEL-004", "DEL-006", "DEL-007", "DEL-009"))
