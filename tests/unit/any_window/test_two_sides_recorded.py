# SPDX-License-Identifier: Apache-2.0
"""A verdict of the worst of many windows is made again from its line in the journal."""

from typing import Any

import msgspec
import pytest

from bench.journal.lines import Judgement
from bench.recorded.judgement_check import check_judgement, without_sides
from metrology.any_window import WindowUncertainty
from metrology.gravimetry import BalanceSpecification, Repeatability
from metrology.verdict import Limits, Measurement, WorstOfMany, judge

WINDOWS = WindowUncertainty(BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, Repeatability(0.021, 59)), None, 41.6667)


def line(value_ul: float, **changed: Any) -> Judgement:
    sides = WorstOfMany(value_ul - 0.1, value_ul + 0.1, WINDOWS.bounds(2880))
    limits = Limits(None, 4.2, "µL", "profile")
    found = judge(Measurement("excess", WINDOWS.one(value_ul), limits, worst_of_many=sides)).as_dict()
    return msgspec.convert({**found, **changed}, Judgement)


@pytest.mark.parametrize("value_ul", [1.0, 4.5, 9.0])
def test_what_was_judged_follows_from_its_line(value_ul: float) -> None:
    assert list(check_judgement(line(value_ul))) == []


@pytest.mark.parametrize(
    ("value_ul", "changed"),
    [
        (9.0, {"verdict": "INCONCLUSIVE"}),
        (9.0, {"verdict": "PASS"}),
        (9.0, {"at_least": 4.0}),
        (9.0, {"bounds": [{"name": "noise", "half_width": 50.0}]}),
        (4.5, {"at_most": 2.0}),
        (1.0, {"at_most": 5.0}),
        (1.0, {"at_least": 1.2}),
        (4.2, {"at_most": None, "verdict": "INCONCLUSIVE"}),
        (9.0, {"at_least": None, "verdict": "FAIL"}),
        (9.0, {"at_least": None, "at_most": None, "verdict": "FAIL"}),
        (4.5, {"bounds": [{"name": "noise", "half_width": -1.0}], "verdict": "FAIL"}),
        (1.0, {"lower": -10.0}),
    ],
)
def test_a_changed_side_is_found(value_ul: float, changed: dict[str, Any]) -> None:
    assert list(check_judgement(line(value_ul, **changed)))


def test_a_line_of_before_has_no_sides() -> None:
    old = line(1.0, at_least=None, at_most=None, bounds=[])
    assert old.worst_of_many is None
    assert list(check_judgement(old)) == []


def test_a_figure_that_is_the_worst_of_many_cannot_lose_its_sides() -> None:
    """Without them a value below its limit passes, although the window that it stands for may be above."""
    lost = line(3.9, measurand="excess in any window", at_least=None, at_most=None, bounds=[], verdict="PASS")
    assert [str(one) for one in without_sides(lost)] == [
        ": recorded is a value without sides, what it rests on gives the worst of many (excess in any window)"
    ]
    assert not list(without_sides(line(3.9, measurand="excess in any window")))
    assert not list(without_sides(line(1.0, measurand="mean rate", at_least=None, at_most=None, bounds=[])))
