# SPDX-License-Identifier: Apache-2.0
"""The chain from two marks to a volume, and what its uncertainty is made of."""

import json
import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    DeliveredVolume,
    DensityLine,
    Evaporation,
    Liquid,
    Load,
    Vessel,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.gravimetry.correction_step import STEPS
from metrology.verdict import Limits, Measurement, Verdict, judge, relative_error

DAY_S = 86400.0
AIR = Conditions(20.0, 1013.25, 50.0)
ML_PER_G = 1.002851  # water at 20 °C, displayed on a balance in this air
SEMI_MICRO = BalanceSpecification(
    readability_mg=0.01,
    repeatability_mg=0.02,
    linearity_mg=0.1,
    drift_mg_per_day=0.5,
    calibration_expanded_uncertainty_mg=0.1,
)
BLANK = Evaporation(0.03, 0.005, dof=59, blank_h=2.0)
TUBE = 0.0025
DIPPED_IN = Vessel.of(Load(50.0, 2230.0), Load(10.0, 998.2, 20.0), tube_share=TUBE)
RISING = replace(AIR, air_pressure_rise_hpa=0.05 / (DIPPED_IN.excess_volume_ml * 1.1836e-3))
"""Until the load floats by 0.05 mg more: air at 20 °C gains 1.1836e-3 kg/m³ with each hPa."""


def mark(time_s: float, mass_g: float, scatter_mg: float = 0.02) -> BalanceMark:
    return BalanceMark(time_s, mass_g, scatter_mg / math.sqrt(12), scatter_mg, 10, 12)


def a_day(gained_mg: float = 47.0, scatter_mg: float = 0.02, **changes: object) -> DeliveredVolume:
    setup = WeighingSetup(SEMI_MICRO, BLANK)
    span = WeighedSpan(
        mark(1000.0, 50.0, scatter_mg),
        mark(1000.0 + DAY_S, 50.0 + gained_mg / 1000, scatter_mg),
        AIR,
        stroke_volume_ul=0.25,
        rate_ul_per_h=2.0,
    )
    of_the_setup = {
        name: changes.pop(name) for name in ("balance", "evaporation", "liquid", "vessel") if name in changes
    }
    return delivered_volume(replace(setup, **of_the_setup), replace(span, **changes))  # type: ignore[arg-type]


def both(name: str) -> tuple[str, str]:
    """Return the two lines of a budget that the marks of the day bring along."""
    return f"{name} at 1000 s", f"{name} at 87400 s"


def contribution(volume: DeliveredVolume, name: str) -> float:
    """Return what a line adds to u, or what the lines of both marks add together."""
    lines = [line for line in volume.quantity.budget if line.name in (name, *both(name))]
    assert lines
    return math.hypot(*(line.contribution for line in lines))


def test_the_volume_is_the_displayed_mass_and_what_evaporated_times_z() -> None:
    volume = a_day(47.0)
    assert volume.quantity.value == pytest.approx((47.0 + 24 * 0.03) * ML_PER_G, rel=1e-6)
    assert volume.quantity.unit == "µL"


def test_each_step_begins_where_the_one_before_ended_and_the_raw_mass_stays() -> None:
    volume = a_day(47.0)
    assert volume.raw_mass_mg == pytest.approx(47.0)
    assert [step.name for step in volume.steps] == list(STEPS)
    assert volume.steps[0].before == pytest.approx(50_047.0)  # the display at the end, before anything was taken off
    assert volume.steps[0].after == pytest.approx(volume.raw_mass_mg)
    for step, following in zip(volume.steps, volume.steps[1:], strict=False):
        assert following.before == step.after
    assert volume.steps[-1].after == volume.quantity.value


@pytest.mark.parametrize(
    ("step", "bias_ul"),
    [
        ("tare", 50_000 * ML_PER_G * (1 - TUBE)),
        ("drift", -24 * 0.01 * ML_PER_G * (1 - TUBE)),
        ("evaporation", -24 * (0.03 - 0.01) * ML_PER_G * (1 - TUBE)),
        ("buoyancy", -0.0503 - 0.05 * ML_PER_G),
        ("density", -0.0858),
        ("submerged tube", 0.0025 * 47.72 * ML_PER_G),
    ],
)
def test_a_step_that_is_switched_off_shows_its_bias_and_raises_a_doubt(step: str, bias_ul: float) -> None:
    whole = a_day(47.0, evaporation=BLANK.with_drift(-0.01), vessel=DIPPED_IN, conditions=RISING)
    lacking = whole.recomputed(frozenset({step}))
    assert lacking.quantity.value - whole.quantity.value == pytest.approx(bias_ul, rel=1e-6, abs=2e-3)
    assert [one.applied for one in lacking.steps if one.name == step] == [False]
    assert lacking.raw_mass_mg == whole.raw_mass_mg
    assert lacking.qualifiers == (f"the correction for {step} is switched off",)
    assert lacking.recomputed(frozenset()) == whole


def test_the_budget_holds_each_influence_at_its_size() -> None:
    volume = a_day(47.0)
    expected_ul = {
        "mass at 1000 s": 0.02 * ML_PER_G,
        "mass at 87400 s": 0.02 * ML_PER_G,
        "resolution": 0.01 / math.sqrt(6) * ML_PER_G,
        "linearity": 0.1 * math.sqrt(2 / 3) * ML_PER_G,
        "calibration": 0.05 * ML_PER_G,
        "drift": 0.5 / math.sqrt(3) * ML_PER_G,
        "evaporation rate": 24 * math.hypot(0.005, 0.01 / math.sqrt(6) / 2) * ML_PER_G,
        "stroke quantisation": 0.25 / math.sqrt(6),
        "timing": 2.0 / 3600 * math.sqrt(2 / 3),
    }
    for name, contribution_ul in expected_ul.items():
        assert contribution(volume, name) == pytest.approx(contribution_ul, rel=1e-5), name
    assert contribution(volume, "temperature") == pytest.approx(47.72 * 2.07e-4 / math.sqrt(3), rel=0.02)
    assert contribution(volume, "air pressure") + contribution(volume, "humidity") < 1e-3


def test_readings_that_agree_by_luck_do_not_beat_the_repeatability_of_the_balance() -> None:
    lucky = a_day(47.0, scatter_mg=0.0)
    assert contribution(lucky, "mass at 1000 s") == pytest.approx(0.02 * ML_PER_G, rel=1e-5)
    assert lucky.quantity.budget[0].kind == "B"


def test_readings_that_scatter_more_than_the_data_sheet_says_count_with_their_scatter() -> None:
    noisy = a_day(47.0, scatter_mg=0.5)
    assert contribution(noisy, "mass at 1000 s") == pytest.approx(0.5 * ML_PER_G, rel=1e-5)
    assert (noisy.quantity.budget[0].kind, noisy.quantity.budget[0].dof) == ("A", 10)


def test_a_day_at_two_microlitres_an_hour_is_known_to_a_microlitre() -> None:
    assert 0.5 < a_day(47.0).quantity.expanded_uncertainty() < 1.5


def day_error(volume: DeliveredVolume) -> Verdict:
    error = relative_error(volume.quantity, 48.0)
    return judge(Measurement("rate error", error, Limits(-14.5, 14.5, "%", "labelling"), volume.qualifiers)).verdict


def test_a_good_pump_passes_on_a_good_balance_and_a_bad_one_fails() -> None:
    assert day_error(a_day(47.0)) is Verdict.PASS
    assert day_error(a_day(47.0 * 1.2)) is Verdict.FAIL
    assert day_error(a_day(47.0 * 0.8)) is Verdict.FAIL


def test_a_noisy_balance_is_inconclusive_for_the_same_pumps() -> None:
    noisy = a_day(47.0, scatter_mg=5.0)
    assert noisy.quantity.expanded_uncertainty() > 7.0
    assert day_error(noisy) is Verdict.INCONCLUSIVE
    assert day_error(a_day(47.0 * 1.2, scatter_mg=5.0)) is Verdict.INCONCLUSIVE


def test_doubling_the_repeatability_turns_a_pass_near_the_limit_into_inconclusive() -> None:
    coarse = replace(SEMI_MICRO, repeatability_mg=1.0)
    near = a_day(47.0 + 3.6, balance=coarse)
    assert day_error(near) is Verdict.PASS
    assert day_error(a_day(47.0 + 3.6, balance=replace(coarse, repeatability_mg=2.0))) is Verdict.INCONCLUSIVE


def test_a_volume_without_its_corrections_never_passes() -> None:
    assert day_error(a_day(47.0).recomputed(frozenset({"evaporation"}))) is Verdict.INCONCLUSIVE


def test_an_unintended_bolus_of_ten_microlitres_is_resolved() -> None:
    span = WeighedSpan(mark(0.0, 50.0), mark(3600.0, 50.00994), AIR, stroke_volume_ul=0.0, rate_ul_per_h=0.0)
    bolus = delivered_volume(WeighingSetup(SEMI_MICRO, BLANK), span).quantity
    assert bolus.value == pytest.approx(10.0, abs=0.01)
    assert bolus.expanded_uncertainty() < 0.3


@given(st.floats(0, 5), st.floats(0, 5), st.floats(0, 1), st.floats(0.001, 1))
def test_a_worse_balance_never_gives_a_smaller_uncertainty(
    repeatability_mg: float, more_mg: float, linearity_mg: float, readability_mg: float
) -> None:
    better = BalanceSpecification(readability_mg, repeatability_mg, linearity_mg, 0.5, 0.1)
    worse = replace(better, repeatability_mg=repeatability_mg + more_mg, linearity_mg=linearity_mg + more_mg)
    u_better = a_day(47.0, balance=better).quantity.standard_uncertainty
    assert a_day(47.0, balance=worse).quantity.standard_uncertainty >= u_better * (1 - 1e-12)


def test_a_monte_carlo_propagation_agrees_with_the_budget() -> None:
    """GUM Supplement 1: the same model, written a second time, fed with draws instead of sensitivities."""
    draw, n = np.random.default_rng(20240229), 20_000

    def box(half_width: float) -> npt.NDArray[np.float64]:
        return draw.uniform(-half_width, half_width, n)

    t, p, h = 20 + box(1.0), 1013.25 + box(2.0), 50 + box(5.0)
    water = 999.974950 * (1 - (t - 3.983035) ** 2 * (t + 301.797) / (522528.9 * (t + 69.34881)))
    air = (0.34848 * p - 0.009024 * h * np.exp(0.0612 * t)) / (t + 273.15)  # the short form, not CIPM-2007
    mass = 47.0 + 0.02 * (draw.standard_normal(n) - draw.standard_normal(n)) + 0.05 * draw.standard_normal(n)
    mass += box(0.005) - box(0.005) + box(0.1) - box(0.1) + box(0.5)
    u_rate = math.hypot(0.005, 0.01 / math.sqrt(6) / 2)
    mass += 24 * (0.03 + u_rate * draw.standard_t(59, n) * math.sqrt(57 / 59))
    ul = mass * (1 - air / 8000) / (1 - air / water) / (water / 1000) + box(0.125) - box(0.125)
    budget = a_day(47.0).quantity
    assert budget.value == pytest.approx(ul.mean(), abs=4 * ul.std() / math.sqrt(n))
    assert budget.standard_uncertainty == pytest.approx(ul.std(), rel=0.02)
    covered = np.abs(ul - budget.value) <= budget.expanded_uncertainty()
    assert 0.94 <= covered.mean() <= 0.98


def test_marks_in_the_wrong_order_and_unknown_steps_are_our_mistake() -> None:
    volume = a_day()
    with pytest.raises(PlanError, match="later mark as end"):
        a_day(start=volume.span.end, end=volume.span.start)
    with pytest.raises(PlanError, match=r"unknown: \['bouyancy'\]"):
        volume.recomputed(frozenset({"bouyancy"}))


@pytest.mark.parametrize("figure", ["readability_mg", "repeatability_mg", "drift_mg_per_day"])
@pytest.mark.parametrize("value", [-1.0, math.nan, math.inf])
def test_a_balance_that_cannot_be_is_refused(figure: str, value: float) -> None:
    with pytest.raises(PlanError, match=figure):
        replace(SEMI_MICRO, **{figure: value})


def test_a_volume_is_computed_again_from_its_json() -> None:
    saline = Liquid("saline", (DensityLine(18.0, 1006.0, 0.4), DensityLine(22.0, 1005.0, 0.2)))
    rich = a_day(47.0, evaporation=BLANK.with_drift(-0.01), vessel=DIPPED_IN, conditions=RISING, liquid=saline)
    for volume in (a_day(47.0), rich, rich.recomputed(frozenset({"density", "drift"}))):
        assert DeliveredVolume.from_dict(json.loads(json.dumps(volume.as_dict(), allow_nan=False))) == volume


def test_a_volume_goes_into_json_with_everything_it_was_made_from() -> None:
    told = json.loads(json.dumps(a_day(47.0).as_dict(), allow_nan=False))
    assert told["start"]["mass_g"] == 50.0
    assert told["steps"][2]["after"] - told["steps"][2]["before"] == pytest.approx(0.72)
    assert (told["liquid"]["name"], told["vessel"]["tube_share"], told["steps_mg"]) == ("water", 0.0, 0.0)
    assert len(told["quantity"]["budget"]) == len({line["name"] for line in told["quantity"]["budget"]}) == 22


def test_what_the_balance_is_known_to_drift_is_told_from_evaporation_and_changes_no_volume() -> None:
    known = a_day(47.0, evaporation=BLANK.with_drift(0.02))
    drift, evaporation = (step for step in known.steps if step.name in ("drift", "evaporation"))
    assert drift.after - drift.before == pytest.approx(-24 * 0.02)
    assert evaporation.after - evaporation.before == pytest.approx(24 * 0.05)
    assert known.quantity.value == pytest.approx(a_day(47.0).quantity.value, abs=1e-12)
    assert known.quantity.standard_uncertainty == pytest.approx(a_day(47.0).quantity.standard_uncertainty)


def test_what_the_rate_of_evaporation_may_have_changed_by_is_in_the_budget_for_the_whole_time() -> None:
    changing = a_day(47.0, evaporation=BLANK.that_may_change(0.05))
    assert contribution(changing, "evaporation since the blank") == pytest.approx(
        24 * 0.05 / math.sqrt(3) * ML_PER_G, rel=1e-5
    )
    assert changing.quantity.value == a_day(47.0).quantity.value


def test_steps_that_no_pump_makes_are_in_the_budget_with_their_whole_size() -> None:
    knocked = a_day(47.0, steps_mg=12.0)
    assert contribution(knocked, "steps of the display") == pytest.approx(12.0 * ML_PER_G, rel=1e-5)
    assert day_error(knocked) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("step_mg", [5.0, 100.0, 10_000.0, -10_000.0])
def test_no_step_however_large_fails_a_good_pump(step_mg: float) -> None:
    assert day_error(a_day(47.0 + step_mg, steps_mg=abs(step_mg))) is Verdict.INCONCLUSIVE


def test_another_liquid_is_weighed_by_its_own_density_and_its_uncertainty_counts() -> None:
    saline = Liquid("saline", (DensityLine(18.0, 1006.0, 0.4), DensityLine(22.0, 1005.0, 0.2)))
    volume = a_day(47.0, liquid=saline)
    water, air = 998.2067, 1.19931
    heavier = 1005.5 / water * (1 - air / 1005.5) / (1 - air / water)
    assert volume.quantity.value == pytest.approx(a_day(47.0).quantity.value / heavier, rel=1e-6)
    assert contribution(volume, "density of saline") == pytest.approx(0.2 / 1005.5 * volume.quantity.value, rel=2e-3)
    assert volume.recomputed(frozenset()) == volume
