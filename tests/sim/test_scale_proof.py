# SPDX-License-Identifier: Apache-2.0
"""Whole runs on a balance that goes wrong: no good pump fails by it, no bad one passes, and all that is told agrees."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from concurrent.futures import Future

import pytest

from bench.recorded import RecordedRun, refuse_contradictions
from bench.trace import RequirementState
from metrology.verdict import Verdict
from reports.checked_run import CheckedRun
from reports.entry import MeasuredValue
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.runs_ahead import runs_ahead

WRONG_LATER = "balance_scale_at_h=2"
HIDES = f"{WRONG_LATER},rate_bias=-0.1667"
STICKS = "balance_sticks_at_h=2"
STALLS = "stall_at_h=2"
ALONE = "no_internal_weight"
CARATS_ALONE = f"balance_carats_at_h=2,{ALONE}"
FAST_ALONE = f"rate_bias=0.2,{ALONE}"
STICKS_ALONE, STALLS_ALONE, FREEZES_ALONE = (f"{one},{ALONE}" for one in (STICKS, STALLS, "balance_freezes_at_h=2"))
CASES = (
    WRONG_LATER,
    HIDES,
    STICKS,
    STALLS,
    CARATS_ALONE,
    FAST_ALONE,
    STICKS_ALONE,
    STALLS_ALONE,
    FREEZES_ALONE,
)
ON_THE_BALANCE = ("balance against program", "counter against balance", "rate error", "weighed")
STANDING_ON_THE_BALANCE = ("in any window", "delivery begins", "delivery ends")

Runs = Mapping[str, "Future[BenchRun]"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    tmp_path_factory.getbasetemp()

    def run(case: str) -> BenchRun:
        out = tmp_path_factory.mktemp("scale")
        defects = [f"--defect={defect}" for defect in case.split(",")]
        junit = out.with_suffix(".xml")
        return bench_run("simulated", out, *defects, "--chapter=delivery", select="high", more=[f"--junitxml={junit}"])

    with runs_ahead(CASES, run) as ahead:
        yield ahead


def on_the_balance(one: MeasuredValue) -> bool:
    by_name = any(part in one.name for part in ON_THE_BALANCE)
    return by_name or any(part in one.declared for part in STANDING_ON_THE_BALANCE)


def weighed(run: BenchRun) -> list[tuple[Verdict, Verdict | None]]:
    return [(one.verdict, one.first_verdict) for one in run.test.values if on_the_balance(one)]


@pytest.mark.parametrize("case", [WRONG_LATER, STICKS])
def test_a_good_pump_fails_at_first_and_is_blocked_when_the_balance_is_found_wrong(runs: Runs, case: str) -> None:
    run = runs[case].result()
    assert (run.exit_code, run.test.verdict) == (3, Verdict.BLOCKED)
    assert (Verdict.BLOCKED, Verdict.FAIL) in weighed(run)
    assert not [one for one in weighed(run) if one[0] in (Verdict.PASS, Verdict.FAIL)]
    assert not run.failures


def test_a_bad_pump_that_such_a_balance_makes_pass_does_not(runs: Runs) -> None:
    run = runs[HIDES].result()
    assert (run.exit_code, run.test.verdict) == (3, Verdict.BLOCKED)
    assert (Verdict.BLOCKED, Verdict.PASS) in weighed(run)


def test_what_does_not_rest_on_the_balance_stands(runs: Runs) -> None:
    run = runs[STICKS].result()
    others = [one for one in run.test.values if not on_the_balance(one)]
    assert {one.verdict for one in others} == {Verdict.PASS}
    assert len([one for one in others if "counter against program" in one.name]) > 1


def test_a_pump_that_counts_and_delivers_nothing_fails_on_a_balance_that_proves_itself(runs: Runs) -> None:
    """To flow alone it is the same as a balance that sticks."""
    stalled, stuck = runs[STALLS].result(), runs[STICKS].result()
    assert (stalled.exit_code, stalled.test.verdict) == (1, Verdict.FAIL)
    assert len(stalled.failures) == len([one for one in weighed(stuck) if one[1] is Verdict.FAIL])


def test_page_allure_junit_and_trace_tell_the_second_verdict(runs: Runs) -> None:
    run = runs[WRONG_LATER].result()
    (result,) = (json.loads(path.read_bytes()) for path in (run.folder / "allure-results").glob("*-result.json"))
    assert result["status"] == "broken"
    assert {one["value"] for one in result["labels"] if one["name"] == "verdict"} == {"blocked"}
    suite = ET.parse(run.folder.parent.with_suffix(".xml")).getroot()
    assert (len(list(suite.iter("failure"))), len(list(suite.iter("error")))) == (0, 1)
    assert run.summary.trace is not None
    states = {one.id: one.state for one in run.summary.trace.requirements}
    assert (states["DEL-003"], states["DEL-004"]) == (RequirementState.BLOCKED, RequirementState.BLOCKED)
    never_decided = [one for one in run.test.values if one.declared in ("whole time", "mean rate")]
    assert {(one.verdict, one.first_verdict) for one in never_decided} == {(Verdict.INCONCLUSIVE, None)}
    assert "at first it was FAIL" in (run.folder / "report.html").read_text(encoding="utf-8")
    assert "BLOCKED: 1 BLOCKED" in run.printed


def test_the_journal_bears_it_out_when_it_is_read_again(runs: Runs) -> None:
    run = runs[WRONG_LATER].result()
    refuse_contradictions(run.folder, RecordedRun.read(run.folder / "journal.jsonl"))
    assert CheckedRun.read(run.folder).summary.verdict is Verdict.BLOCKED


def test_on_the_certificate_alone_a_change_of_unit_decides_nothing_and_a_fast_pump_fails(runs: Runs) -> None:
    carats, fast = runs[CARATS_ALONE].result(), runs[FAST_ALONE].result()
    assert (carats.exit_code, carats.test.verdict) == (3, Verdict.INCONCLUSIVE)
    assert "times what program and counter agree on, as if it weighed in another unit (carat)" in carats.test.reason
    assert (fast.exit_code, fast.test.verdict) == (1, Verdict.FAIL)
    for run in (carats, fast):
        (told,) = run.summary.deviations
        assert told.endswith("its scale rests on certificate SIMULATED alone")
        assert "rests on certificate SIMULATED alone" in (run.folder / "report.html").read_text(encoding="utf-8")


def test_on_the_certificate_alone_a_balance_that_sticks_decides_nothing(runs: Runs) -> None:
    """It scatters as ever, and shows neither what the pump counts nor what evaporates."""
    stuck, held = runs[STICKS_ALONE].result(), runs[FREEZES_ALONE].result()
    for run in (stuck, held):
        assert (run.exit_code, run.test.verdict, run.failures) == (3, Verdict.INCONCLUSIVE, [])
    assert "the balance showed none of it, and nothing of what evaporates either" in stuck.test.reason
    assert "the same to the last digit" in held.test.reason


def test_on_the_certificate_alone_a_silent_pump_fails_because_the_balance_still_shows_what_evaporates(
    runs: Runs,
) -> None:
    stalled = runs[STALLS_ALONE].result()
    assert (stalled.exit_code, stalled.test.verdict) == (1, Verdict.FAIL)
    assert not [line for line in stalled.of_kind("event") if line.what == "scale-suspected"]


# --- a second measure of the flow ------------------------------------------------------------------------------------
HIDDEN = f"rate_bias=0.2,balance_scale=-0.1667,{ALONE}"


def test_what_the_scale_hides_from_one_balance_a_second_measure_shows(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The pump gives a fifth too much, and the balance shows as much too little: by it alone the pump passes."""
    out = tmp_path_factory.mktemp("second")
    defects = [f"--defect={defect}" for defect in (*HIDDEN.split(","), "second_balance")]
    run = bench_run("simulated", out, *defects, "--chapter=delivery", select="high")
    assert (run.exit_code, run.test.verdict) == (3, Verdict.INCONCLUSIVE)
    assert (Verdict.INCONCLUSIVE, Verdict.PASS) in weighed(run)
    assert not [one for one in weighed(run) if one[0] in (Verdict.PASS, Verdict.FAIL)]
    assert "they do not agree" in run.test.reason
    assert "which of the two is wrong nobody can say" in run.test.reason
