# SPDX-License-Identifier: Apache-2.0
"""What was judged with one blank, judged again with two."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.journal import Journal
from bench.journal.lines import Line, Volume
from bench.preflight.rejudging import Rejudged, Rejudging
from metrology.gravimetry import DeliveredVolume, Evaporation, WeighingSetup
from metrology.verdict import DecisionRule, Limits, Measurement, Verdict, judge, relative_error
from tests.unit.test_delivered_volume import DAY_S, SEMI_MICRO, a_day

ALLOWED_MG_PER_H = 0.05
BEFORE = Evaporation(0.03, 0.005, dof=59, blank_h=2.0, measured_at_s=0.0).that_may_change(ALLOWED_MG_PER_H)
AFTER_S = 2 * (1000.0 + DAY_S / 2)
SETUP = WeighingSetup(SEMI_MICRO, BEFORE)
WINDOW = "whole time"


def volume(gained_mg: float) -> DeliveredVolume:
    return a_day(gained_mg, evaporation=BEFORE)


def id_of(line: Line) -> str:
    assert isinstance(line, Volume)
    return line.id


def judged_again(folder: Path, delivered: DeliveredVolume, after_mg_per_h: float) -> Rejudged:
    """Write the journal of a day from 1000 s on, whose blanks are as far from its middle, and judge it again."""
    journal = Journal(folder / "journal.jsonl")
    window = id_of(journal.write("volume", name=WINDOW, **delivered.as_dict()))
    error = relative_error(delivered.quantity, 48.0)
    limits = Limits(-14.5, 14.5, "%", "labelling")
    measured = Measurement("rate error, whatever it is called", error, limits, window=window)
    journal.write("judgement", **judge(measured).as_dict())
    journal.write("judgement", **judge(Measurement("lateness", error, limits)).as_dict())
    journal.close()
    after = Evaporation(after_mg_per_h, 0.005, dof=59, blank_h=2.0, measured_at_s=AFTER_S)
    first, _ = Rejudging(replace(SETUP, evaporation=BEFORE), after, DecisionRule.GUARD_BAND).of_run(journal.path)
    return first


def test_what_is_judged_again_is_what_the_whole_chain_gives_with_both_blanks(tmp_path: Path) -> None:
    again = judged_again(tmp_path, volume(47.0), 0.07)
    both = BEFORE.together_with(Evaporation(0.07, 0.005, 59, 2.0, AFTER_S))
    assert both.rate_mg_per_h > BEFORE.rate_mg_per_h
    whole = relative_error(a_day(47.0, evaporation=both).quantity, 48.0)
    assert again.second.value == pytest.approx(whole.value, abs=1e-9)
    assert again.second.expanded_uncertainty == pytest.approx(whole.expanded_uncertainty(), rel=1e-5)
    assert again.second.dof == pytest.approx(whole.dof, rel=1e-4)
    assert (again.first, again.second.verdict, again.moved) == (Verdict.PASS, Verdict.PASS, False)


def test_what_the_room_did_to_both_blanks_goes_into_the_second_judgement(tmp_path: Path) -> None:
    """Warming moves the balance's sensitivity, and dry air the rate: of either blank, and of the window."""
    balance = replace(SETUP.balance, sensitivity_per_c=1.5e-6)
    moist = {"temperature_c": 21.0, "humidity_percent": 60.0, "warming_c_per_h": 0.8}
    before = replace(BEFORE, **moist)
    after = replace(before, rate_mg_per_h=0.05, measured_at_s=AFTER_S, humidity_percent=45.0, warming_c_per_h=-0.5)
    journal = Journal(tmp_path / "journal.jsonl")
    first = a_day(47.0, evaporation=before, balance=balance)
    measured = Measurement("volume", first.quantity, Limits(40.0, 56.0, "µL", "labelling"))
    journal.write("judgement", **judge(measured).as_dict())
    journal.close()
    setup = replace(SETUP, evaporation=before, balance=balance)
    (again,) = Rejudging(setup, after, DecisionRule.GUARD_BAND).of_run(journal.path)
    both = before.together_with(after, 1.5e-6 * 1000 * SETUP.vessel.gross_g)
    assert both.warming_c_per_h == pytest.approx(0.0, abs=0.3)
    whole = a_day(47.0, evaporation=both, balance=balance).quantity
    assert again.second.value == pytest.approx(whole.value, rel=1e-6)
    assert again.second.expanded_uncertainty == pytest.approx(whole.expanded_uncertainty(), rel=2e-3)
    assert whole.expanded_uncertainty() < first.quantity.expanded_uncertainty()


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
