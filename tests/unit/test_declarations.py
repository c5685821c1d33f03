# SPDX-License-Identifier: Apache-2.0
"""What a test judges it has declared, by the limits it declared; what it declared it judges."""

import pytest

from bench.acceptance import PERCENT, Declaration, Declarations, DeclaredLimits
from groundfloor.errors import PlanError
from metrology.uncertainty import Quantity
from metrology.verdict import Limits, Measurement

WITHIN_TEN_PERCENT = DeclaredLimits(90.0, 110.0, PERCENT, "profile", "programmed volume")


def declared(name: str = "volume", times: int | None = 1) -> Declaration:
    return Declaration(name, "delivered volume", (), WITHIN_TEN_PERCENT, "guard band", times)


def measured(lower: float | None, upper: float | None, unit: str = "µL", reference: float | None = 50.0) -> Measurement:
    return Measurement("v", Quantity(50.0, unit, 0.1), Limits(lower, upper, unit, "profile"), reference=reference)


def test_what_was_declared_and_not_judged_is_unset() -> None:
    declarations = Declarations([declared("first"), declared("second")])
    declarations.take("first")
    assert [one.name for one in declarations.unset] == ["second"]


def test_what_is_judged_fewer_times_than_declared_is_unset() -> None:
    declarations = Declarations([declared(times=3)])
    declarations.take("volume")
    declarations.take("volume")
    assert declarations.unset
    declarations.take("volume")
    assert not declarations.unset


def test_what_is_judged_more_often_than_declared_is_an_error_of_the_plan() -> None:
    declarations = Declarations([declared(times=1)])
    declarations.take("volume")
    with pytest.raises(PlanError, match="more often than the 1 times"):
        declarations.take("volume")


def test_what_may_be_judged_any_number_of_times_has_to_be_judged_once() -> None:
    declarations = Declarations([declared(times=None)])
    assert declarations.unset
    for _ in range(3):
        declarations.take("volume")
    assert not declarations.unset


def test_what_is_judged_undeclared_is_an_error_of_the_plan_that_names_the_nearest() -> None:
    with pytest.raises(PlanError, match="did you mean 'volume'"):
        Declarations([declared()]).take("volum")


def test_what_is_judged_on_an_occasion_is_declared_when_it_comes_and_only_then() -> None:
    declarations = Declarations([declared("first")], [declared("bolus"), declared("first")])
    with pytest.raises(PlanError, match="'bolus' was not declared"):
        declarations.take("bolus")
    assert [one.name for one in declarations] == ["first"]
    assert declarations.bring_in("first") is None
    brought_in = declarations.bring_in("bolus")
    assert brought_in is not None
    assert brought_in.name == "bolus"
    assert declarations.bring_in("bolus") is None
    assert [one.name for one in declarations.unset] == ["first", "bolus"]
    declarations.take("bolus")
    with pytest.raises(PlanError, match="'other' was not declared"):
        declarations.bring_in("other")


def test_a_name_that_is_declared_twice_is_refused() -> None:
    with pytest.raises(PlanError, match="'volume' is declared twice"):
        Declarations([declared(), declared()])


def test_a_share_is_of_what_was_programmed() -> None:
    WITHIN_TEN_PERCENT.refuse_others("volume", measured(45.0, 55.0))


@pytest.mark.parametrize(
    "other",
    [
        measured(45.0, 56.0),
        measured(None, 55.0),
        measured(45.0, 55.0, reference=51.0),
        measured(45.0, 55.0, reference=None),
    ],
)
def test_limits_that_were_not_declared_are_refused(other: Measurement) -> None:
    with pytest.raises(PlanError):
        WITHIN_TEN_PERCENT.refuse_others("volume", other)


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        (DeclaredLimits(None, 120.0, "s", "profile"), True),
        (DeclaredLimits(None, 120.0, "min", "profile"), False),
        (DeclaredLimits(0.0, 120.0, "s", "profile"), False),
        (DeclaredLimits(None, 60.0, "s", "profile"), False),
        (DeclaredLimits.yes_or_no("profile"), False),
    ],
)
def test_figures_are_held_against_figures_in_the_same_unit(limits: DeclaredLimits, fits: bool) -> None:
    latency = measured(None, 120.0, "s", None)
    if fits:
        limits.refuse_others("latency", latency)
    else:
        with pytest.raises(PlanError):
            limits.refuse_others("latency", latency)


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (WITHIN_TEN_PERCENT, "90 to 110 % of the programmed volume"),
        (DeclaredLimits(None, 120.0, "s", ""), "at most 120 s"),
        (DeclaredLimits(14.5, None, PERCENT, "", "programmed volume"), "at least 14.5 % of the programmed volume"),
        (DeclaredLimits.yes_or_no(""), "yes or no"),
    ],
)
def test_limits_read_as_a_protocol_says_them(limits: DeclaredLimits, text: str) -> None:
    assert str(limits) == text
