# SPDX-License-Identifier: Apache-2.0
"""Environment: cold and warm, thin air and dense air around the pump; the vessel stays in the room."""

import pytest

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy
from test_plans.markers import HOUR_S, judges, only_with


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
