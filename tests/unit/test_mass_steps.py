# SPDX-License-Identifier: Apache-2.0
"""A knock or a drop is a step; a pump that gives too much, too little or something else is none."""

import random
from collections.abc import Callable, Sequence

import pytest

from bench.sampling import Sample
from bench.sampling.mass_steps import MassStep, MassSteps
from instruments.balance import MassReading
from instruments.pump import PumpState
from metrology.gravimetry import BalanceMark
from tests.readings import pump_reading, rig_reading

INTERVAL_S = 30.0
NOISE_MG, DIGIT_MG, STROKE_UL = 0.02, 0.01, 0.5
MG_PER_UL = 0.998
Curve = Callable[[float], float]


def sample(at_s: float, mass_mg: float, expected_ul: float, counter_ul: float, kink_percent: float = 0.0) -> Sample:
    pump = pump_reading(device_clock_s=at_s, state=PumpState.INFUSING, counter_ul=counter_ul)
    rig = rig_reading(kink_clamp_position_percent=kink_percent)
    return Sample(at_s, at_s, pump, rig, MassReading(mass_mg / 1000, stable=True), expected_ul, mass_mg)


def samples(
    true_ul: Curve, programmed_ul: Curve, disturbance_mg: Curve = lambda _: 0.0, kink_percent: Curve = lambda _: 0.0
) -> Sequence[Sample]:
    """Samples of four hours, whole strokes through a stiff catheter."""
    draw = random.Random(3)
    found = []
    for number in range(480):
        at_s = number * INTERVAL_S
        strokes_ul = STROKE_UL * int(true_ul(at_s) / STROKE_UL)
        mass_mg = strokes_ul * MG_PER_UL + disturbance_mg(at_s) + draw.gauss(0, NOISE_MG)
        expected_ul = programmed_ul(at_s)
        counter_ul = STROKE_UL * int(expected_ul / STROKE_UL)
        found.append(sample(at_s, mass_mg, expected_ul, counter_ul, kink_percent(at_s)))
    return found


def at_rate(rate_ul_per_h: float, from_s: float = 0.0) -> Curve:
    return lambda at_s: rate_ul_per_h * max(0.0, at_s - from_s) / 3600


def with_a_bolus(at_s: float) -> float:
    return at_rate(41.7)(at_s) + (20.0 if at_s > 7200 else 0.0)


def found(taken: Sequence[Sample]) -> list[MassStep]:
    steps = MassSteps(NOISE_MG, DIGIT_MG, STROKE_UL)
    return [step for one in taken if (step := steps.see(one)) is not None]


def at(time_s: float, mass_mg: float = 0.0) -> BalanceMark:
    return BalanceMark(time_s, mass_mg / 1000, NOISE_MG, NOISE_MG, 9, 11)


@pytest.mark.parametrize("rate_ul_per_h", [0.0, 2.0, 41.7, 1000.0])
@pytest.mark.parametrize("step_mg", [4.0, 12.0, -8.0])
def test_a_step_is_found_in_its_interval_with_its_size_at_every_rate(rate_ul_per_h: float, step_mg: float) -> None:
    flow = at_rate(rate_ul_per_h)
    (step,) = found(samples(flow, flow, lambda at_s: step_mg if at_s > 7210 else 0.0))
    assert (step.from_s, step.to_s) == (7200.0, 7230.0)
    assert step.step_mg == pytest.approx(step_mg, abs=2 * STROKE_UL + 5 * NOISE_MG)


@pytest.mark.parametrize(
    ("true_ul", "programmed_ul"),
    [
        (at_rate(1000.0, 600.0), at_rate(1000.0, 600.0)),
        (at_rate(11_000.0, 600.0), at_rate(1000.0, 600.0)),
        (at_rate(500.0), at_rate(1000.0)),
        (lambda at_s: min(at_rate(1000.0)(at_s), 900.0), at_rate(1000.0)),
        (at_rate(2.0), at_rate(2.0)),
        (with_a_bolus, with_a_bolus),
    ],
    ids=["a start", "eleven times too much", "half", "a stall", "single strokes", "a bolus within one interval"],
)
def test_whatever_a_pump_does_with_its_flow_is_no_step(true_ul: Curve, programmed_ul: Curve) -> None:
    assert found(samples(true_ul, programmed_ul)) == []


def test_what_a_kink_lets_go_when_it_opens_is_no_step() -> None:
    def released_ul(at_s: float) -> float:
        return 0.0 if at_s <= 7200 else 19.0

    kinked = samples(released_ul, at_rate(0.0), kink_percent=lambda at_s: 100.0 if at_s <= 7200 else 0.0)
    assert found(kinked) == []


def test_steps_count_in_every_volume_that_they_lie_in_and_in_no_other() -> None:
    steps = MassSteps(NOISE_MG, DIGIT_MG, STROKE_UL)
    steps.found += [MassStep(100.0, 130.0, 5.0), MassStep(400.0, 430.0, -3.0), MassStep(700.0, 730.0, 2.0)]
    assert steps.half_width_mg(at(0.0), at(90.0)) == 0.0
    assert steps.half_width_mg(at(0.0), at(110.0)) == 5.0
    assert steps.half_width_mg(at(120.0), at(1000.0)) == 7.0
    assert steps.half_width_mg(at(300.0), at(500.0)) == 3.0
    assert steps.half_width_mg(at(0.0), at(1000.0)) == 7.0


@pytest.mark.parametrize("knocked_at_s", [1150.0, 1190.0, 1203.0])
def test_a_step_just_before_the_last_mark_counts_although_no_later_sample_confirms_it(knocked_at_s: float) -> None:
    flow = at_rate(41.7)
    steps = MassSteps(NOISE_MG, DIGIT_MG, STROKE_UL)
    for one in samples(flow, flow, lambda at_s: 10.0 if at_s > knocked_at_s else 0.0):
        if one.actual_s <= 1200.0:
            assert steps.see(one) is None or steps.found.append(MassStep(1150.0, 1180.0, 10.0)) is None
    end_mg = flow(1205.0) * MG_PER_UL + 10.0
    assert steps.half_width_mg(at(0.0), at(1205.0, end_mg)) == pytest.approx(10.0, abs=1.2)
    quiet = MassSteps(NOISE_MG, DIGIT_MG, STROKE_UL)
    for one in samples(flow, flow):
        if one.actual_s <= 1200.0:
            assert quiet.see(one) is None
    assert quiet.half_width_mg(at(0.0), at(1205.0, end_mg - 10.0)) == 0.0
