# SPDX-License-Identifier: Apache-2.0
"""A verdict of the worst of many windows is made again from its line in the journal."""

from typing import Any

import msgspec
import pytest

from bench.journal.lines import Judgement
from bench.recorded.judgement_check import check_judgement
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
    ],
)
def test_a_changed_side_is_found(value_ul: float, changed: dict[str, Any]) -> None:
    assert list(check_judgement(line(value_ul, **changed)))


def test_a_line_of_before_has_no_sides() -> None:
    old = line(1.0, at_least=None, at_most=None, bounds=[])
    assert old.worst_of_many is None
    assert list(check_judgement(old)) == []
