# SPDX-License-Identifier: Apache-2.0
"""A blank that changed takes those failures with it that its change may have made, and no other."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from bench.bench_file import CheckName
from bench.journal.lines import Judgement
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.preflight.distrust import Distrust
from bench.weighing import explained_by_drift
from metrology.verdict import Limits, Verdict
from reports.run_history import RunHistory
from tests.unit.test_distrust import RATE_LINE, Run, contradictions
from tests.unit.test_run_evidence import VOLUME

HOURS = 24.0
LIMITS = Limits(-0.02, 0.02, "mg/h", "bench file")


def judgement(value: float | None, **more: Any) -> Judgement:
    said = {"name": VOLUME, "verdict": "FAIL", "reason": "so it was", "value": value, "expanded_uncertainty": 0.5}
    return msgspec.convert({**said, **more}, Judgement)


@pytest.mark.parametrize(("value", "explained"), [(1100.0, True), (1210.0, True), (1230.0, False), (700.0, False)])
def test_a_volume_is_explained_up_to_what_the_change_makes_in_all_the_hours(value: float, explained: bool) -> None:
    """9 mg/h for 24 h are 218 µL."""
    one = judgement(value, unit="µL", lower=920.0, upper=1000.0)
    assert explained_by_drift(one, -9.0, HOURS) is explained
    assert explained_by_drift(one, 9.0, HOURS) is explained
    assert not explained_by_drift(one, 0.05, HOURS)


def test_the_worst_of_all_windows_is_explained_by_its_least() -> None:
    one = judgement(60.0, unit="µL", upper=4.2, at_least=12.0, at_most=70.0)
    assert explained_by_drift(one, 0.4, HOURS)
    assert not explained_by_drift(one, 0.2, HOURS)


def test_where_the_budget_tells_what_a_rate_does_it_is_that() -> None:
    one = judgement(20.0, unit="%", lower=-14.5, upper=14.5, budget=[{**RATE_LINE, "sensitivity": 2.0}])
    assert explained_by_drift(one, 3.0, HOURS)
    assert not explained_by_drift(one, 2.0, HOURS)


def mark_line(seconds: int, per_mg: float) -> dict[str, Any]:
    return {**RATE_LINE, "name": f"mass at {seconds} s", "unit": "mg", "sensitivity": per_mg}


@pytest.mark.parametrize(
    ("unit", "per_mg", "excess"), [("µL", 1.0, 40.0), ("mL", 0.001, 0.04), ("%", 0.1, 4.0)], ids=["ul", "ml", "percent"]
)
def test_what_drips_in_counts_by_the_clock_between_the_marks_in_the_unit_of_the_judgement(
    unit: str, per_mg: float, excess: float
) -> None:
    """2 mg/h for 20 h are 40 mg, though its dry air would make a tenth of it; U is left out."""
    marks = [mark_line(7200, -per_mg), mark_line(79200, per_mg)]
    weighed = {"unit": unit, "upper": 0.0, "expanded_uncertainty": 0.0}
    budget = [{**RATE_LINE, "sensitivity": 2.0 * per_mg}, *marks]
    assert explained_by_drift(judgement(0.99 * excess, budget=budget, **weighed), 2.0, HOURS)
    assert not explained_by_drift(judgement(1.01 * excess, budget=budget, **weighed), 2.0, HOURS)


def test_a_drip_may_begin_at_any_mark() -> None:
    """Twice the middle less both ends: a drip from the start on moves nothing, one from the middle on its 10 h."""
    marks = [mark_line(0, -1.0), mark_line(36000, 2.0), mark_line(72000, -1.0)]
    one = judgement(
        9.9, unit="µL", upper=0.0, expanded_uncertainty=0.0, budget=[{**RATE_LINE, "sensitivity": 0.1}, *marks]
    )
    assert explained_by_drift(one, 1.0, HOURS)
    assert not explained_by_drift(one, 0.9, HOURS)


def test_an_instant_or_a_yes_or_a_no_may_be_another_one_where_the_change_shows() -> None:
    for one in (judgement(None), judgement(300.0, unit="s", upper=120.0)):
        assert explained_by_drift(one, 0.1, HOURS)
        assert not explained_by_drift(one, 0.02, HOURS)


def test_what_passed_is_explained_by_nothing() -> None:
    assert not explained_by_drift(judgement(1.0, unit="µL", upper=4.2, verdict="PASS"), 9.0, HOURS)


def after_a_change(run: Run, change_mg_per_h: float, state: CheckState) -> Verdict:
    """A volume of 1.2 mL that failed over 1.0 mL, and the blank afterwards."""
    run.begin("a", VOLUME)
    said = {"declared": VOLUME, "verdict": "FAIL", "reason": "so it was", "rule": "guard band"}
    weighed = {"value": 1.2, "expanded_uncertainty": 0.01, "upper": 1.0, "unit": "mL", "budget": [RATE_LINE]}
    run.journal.write("judgement", name=VOLUME, requirements=run.cited(VOLUME), **said, **weighed)
    run.journal.write("test-ended", node="a", verdict="FAIL", reason="pump: judge: FAIL so it was")
    found = CheckFinding(CheckName.BLANK_CHANGE, "balance", "compare", state, "it changed", LIMITS, change_mg_per_h)
    run.after(found)
    (entry,) = RunHistory.of(run.end_run()).entries
    return entry.values[0].verdict


@pytest.mark.parametrize(
    ("change_mg_per_h", "state", "verdict"),
    [
        (-9.0, CheckState.BLOCK, Verdict.INCONCLUSIVE),
        (-0.1, CheckState.BLOCK, Verdict.FAIL),
        (-9.0, CheckState.WARN, Verdict.FAIL),
    ],
    ids=["a change that may have made it", "one too small for that", "one that is in doubt"],
)
def test_a_failure_counts_no_more_where_the_blank_changed_enough_to_make_it(
    tmp_path: Path, change_mg_per_h: float, state: CheckState, verdict: Verdict
) -> None:
    run = Run(tmp_path / "20270101T120000Z-run")
    assert after_a_change(run, change_mg_per_h, state) is verdict
    assert contradictions(run) == []


def test_a_line_that_somebody_adds_without_such_a_change_is_told(tmp_path: Path) -> None:
    run = Run(tmp_path / "20270101T120000Z-run")
    found = CheckFinding(CheckName.BLANK_CHANGE, "balance", "compare", CheckState.BLOCK, "it changed", LIMITS, 0.1)
    run.test("FAIL")
    moved = {"id": "J-0002", "name": VOLUME, "value": 1.2, "unit": "mL", "expanded_uncertainty": 0.1, "first": "FAIL"}
    run.journal.write("event", what="postflight", **found.as_dict())
    said = {"title": "it counts no more", "reason": "it drifts", "moved": [{**moved, "second": "INCONCLUSIVE"}]}
    run.journal.write("event", what="balance-distrusted", **said)
    assert any("it does not rest on the balance" in one for one in contradictions(run))


def test_a_balance_that_is_wrong_goes_before_one_that_drifts(tmp_path: Path) -> None:
    drifts = CheckFinding(CheckName.BLANK_CHANGE, "balance", "compare", CheckState.BLOCK, "it changed", LIMITS, 9.0)
    wrong = CheckFinding(CheckName.SENSITIVITY, "balance", "test itself", CheckState.BLOCK, "it is off", LIMITS, 20.0)
    run = Run(tmp_path / "20270101T120000Z-run")
    found = Distrust.of([drifts, wrong], run.journal.path)
    assert found is not None
    assert (found.verdict, found.change_mg_per_h) == (Verdict.BLOCKED, None)
