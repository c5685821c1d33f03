# SPDX-License-Identifier: Apache-2.0
"""Environment: cold and warm, thin air and dense air around the pump; the vessel stays in the room."""

import pytest

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy
from test_plans.markers import HOUR_S, judges, only_with

STEPS = 9
BETWEEN = tuple(step / STEPS for step in range(1, STEPS))
"""Shares of the way from the coldest to the warmest."""


@judges("DEL-002", "in the room", accuracy)
@judges("ENV-001", "at the temperature", accuracy)
@judges("ENV-003", "in the room again", accuracy)
@only_with("environment")
@pytest.mark.parametrize("end", ["coldest", "body", "warmest"])
def test_the_rate_holds_at_body_temperature_and_at_both_ends_of_the_range(
    infusion: InfusionFactory, profile: Profile, end: str
) -> None:
    """The pump alone is held at a temperature, and gives its rate.

    Purpose: find the pump that gives more when it is warm, or stands when it is cold.

    Method: intermediate rate. Weigh an hour in the room. Hold the pump at the temperature, wait until it is there and
    for an hour more, and weigh two hours. Switch the chamber off and weigh an hour.

    Acceptance: delivery within the accuracy in all three; no alarm.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.environment.require_chamber()
        run.settle()
        run.judge("in the room", run.deliver(HOUR_S, "in the room").volume)
        with run.environment.held(temperature_c=profile.environs.temperature_c(end)):
            run.judge("at the temperature", run.deliver(2 * HOUR_S, "at the temperature").volume)
        run.wait(HOUR_S)
        run.judge("in the room again", run.deliver(HOUR_S, "in the room again").volume)


@judges("ENV-004", "between", accuracy, times=len(BETWEEN))
@judges("ENV-003", "in the room again", accuracy)
@only_with("environment")
def test_the_rate_holds_between_the_ends_of_the_range(infusion: InfusionFactory, profile: Profile) -> None:
    """The pump alone is warmed step by step, and gives its rate at each.

    Purpose: find the pump that is right in the cold, in a body and in warmth, and wrong between them.

    Method: intermediate rate. Hold the pump at temperatures between the coldest and the warmest, rising; at each wait
    until it is there and for an hour more, and weigh an hour. Switch the chamber off and weigh an hour.

    Acceptance: delivery within the accuracy at each and afterwards; no alarm.
    """
    coldest_c, warmest_c = (profile.environs.temperature_c(end) for end in ("coldest", "warmest"))
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.environment.require_chamber()
        run.settle()
        for share in BETWEEN:
            temperature_c = coldest_c + share * (warmest_c - coldest_c)
            with run.environment.held(temperature_c=temperature_c):
                run.judge("between", run.deliver(HOUR_S, f"at {temperature_c:.3g} °C").volume)
        run.wait(HOUR_S)
        run.judge("in the room again", run.deliver(HOUR_S, "in the room again").volume)


@judges("DEL-002", "in the room", accuracy)
@judges("ENV-002", "at the air pressure", accuracy)
@judges("ENV-003", "in the room again", accuracy)
@only_with("environment")
@pytest.mark.parametrize("end", ["least", "greatest"])
def test_the_rate_holds_in_thin_air_and_in_dense_air(infusion: InfusionFactory, profile: Profile, end: str) -> None:
    """The pump alone is held at the air pressure of an altitude, or of a depth, and gives its rate.

    Purpose: find the pump that gives more on a mountain, or less under water, or remembers it afterwards.

    Method: intermediate rate. Weigh an hour in the room. Hold the pump at the air pressure, wait until it is there and
    for an hour more, and weigh two hours. Switch the chamber off and weigh an hour.

    Acceptance: delivery within the accuracy in all three; no alarm.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.environment.require_chamber()
        run.settle()
        run.judge("in the room", run.deliver(HOUR_S, "in the room").volume)
        with run.environment.held(air_pressure_hpa=profile.environs.air_pressure_hpa(end)):
            run.judge("at the air pressure", run.deliver(2 * HOUR_S, "at the air pressure").volume)
        run.wait(HOUR_S)
        run.judge("in the room again", run.deliver(HOUR_S, "in the room again").volume)
