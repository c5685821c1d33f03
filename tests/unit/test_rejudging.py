# SPDX-License-Identifier: Apache-2.0
"""What was judged with one blank, judged again with two."""

from pathlib import Path

import pytest

from bench.journal import Journal
from bench.journal.lines import Line, Volume
from bench.preflight.rejudging import Rejudged, Rejudging
from metrology.gravimetry import DeliveredVolume, Evaporation
from metrology.verdict import DecisionRule, Limits, Measurement, Verdict, judge, relative_error
from tests.unit.test_delivered_volume import DAY_S, a_day

ALLOWED_MG_PER_H = 0.05
BEFORE = Evaporation(0.03, 0.005, dof=59, blank_h=2.0, measured_at_s=0.0).that_may_change(ALLOWED_MG_PER_H)
WINDOW = "whole time"


def volume(gained_mg: float) -> DeliveredVolume:
    return a_day(gained_mg, evaporation=BEFORE)


def id_of(line: Line) -> str:
    assert isinstance(line, Volume)
    return line.id


def judged_again(folder: Path, delivered: DeliveredVolume, after_mg_per_h: float, known: bool = True) -> Rejudged:
    """Write the journal of a day from 1000 s on, whose blanks are as far from its middle, and judge it again."""
    journal = Journal(folder / "journal.jsonl")
    window = id_of(journal.write("volume", name=WINDOW, **delivered.as_dict())) if known else "W-0009"
    error = relative_error(delivered.quantity, 48.0)
    limits = Limits(-14.5, 14.5, "%", "labelling")
    measured = Measurement("rate error, whatever it is called", error, limits, window=window)
    journal.write("judgement", **judge(measured).as_dict())
    journal.write("judgement", **judge(Measurement("lateness", error, limits)).as_dict())
    journal.close()
    after = Evaporation(after_mg_per_h, 0.005, dof=59, blank_h=2.0, measured_at_s=2 * (1000.0 + DAY_S / 2))
    first, _ = Rejudging(BEFORE, after, 0.01, DecisionRule.GUARD_BAND).of_run(journal.path)
    return first


def test_the_value_moves_by_half_the_change_of_the_rate_and_is_what_the_whole_chain_gives(tmp_path: Path) -> None:
    again = judged_again(tmp_path, volume(47.0), 0.07)
    middle = BEFORE.interpolated(Evaporation(0.07, 0.005, 59, 2.0, 2 * (1000.0 + DAY_S / 2)), 1000.0 + DAY_S / 2)
    assert middle.rate_mg_per_h == pytest.approx(0.05)
    whole = relative_error(a_day(47.0, evaporation=middle).quantity, 48.0)
    assert again.second.value == pytest.approx(whole.value, abs=1e-9)
    assert again.second.expanded_uncertainty == pytest.approx(whole.expanded_uncertainty(), rel=1e-5)
    assert again.second.dof == pytest.approx(whole.dof, rel=1e-4)
    assert (again.first, again.second.verdict, again.moved) == (Verdict.PASS, Verdict.PASS, False)


def test_a_pass_that_the_second_blank_does_not_bear_out_is_found(tmp_path: Path) -> None:
    again = judged_again(tmp_path, volume(51.5), 0.25)
    assert (again.first, again.second.verdict, again.moved) == (Verdict.PASS, Verdict.INCONCLUSIVE, True)
    assert (again.as_dict()["id"], again.as_dict()["second"]) == ("J-0001", "INCONCLUSIVE")


def test_a_change_that_was_allowed_for_moves_the_value_by_less_than_was_allowed(tmp_path: Path) -> None:
    delivered = volume(47.0)
    again = judged_again(tmp_path, delivered, 0.03 + ALLOWED_MG_PER_H)
    first = relative_error(delivered.quantity, 48.0)
    assert again.second.value is not None
    assert abs(again.second.value - first.value) < first.expanded_uncertainty()


def test_where_nobody_knows_the_window_the_rate_of_the_blank_after_counts(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    known = judged_again(tmp_path / "one", volume(47.0), 0.07)
    unknown = judged_again(tmp_path / "other", volume(47.0), 0.07, known=False)
    assert known.second.value is not None
    assert unknown.second.value is not None
    assert unknown.second.value - known.second.value == pytest.approx(24 * 0.02 * 1.002851 / 48 * 100, rel=1e-4)
