# SPDX-License-Identifier: Apache-2.0
"""Conditions: what a pump does on the table, done in each climate, on a low battery and near the end of its filling."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial

import pytest

from bench.infusion import Infusion
from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous, Flex
from fixtures.public import InfusionFactory
from instruments.program import Step
from instruments.pump import Alarm, CommandResult
from test_plans.criteria import (
    accuracy,
    bolus_given,
    disconnect_latency,
    low_battery_latency,
    low_reservoir_latency,
    occlusion_latency,
    shown_as_low,
)
from test_plans.markers import HOUR_S, MINUTE_S, judges, only_with
from test_plans.patient_requests import judges_requests

STEP_MINUTES, STEPS = 120, 12
FASTER = 1.5
"""So many times the rate, every other step."""
AFTER_A_STEP_S = 10 * MINUTE_S
UNDER_UL = 100.0
"""So little under its alarm the reservoir is filled where the alarm is to come at once."""
WEIGHED_S = HOUR_S / 2
PACE_S = 1.75 * HOUR_S
"""In so long there are two half hours within one step, or one in each of two."""

Condition = Callable[[Infusion, Profile], AbstractContextManager[None]]


@contextmanager
def at_temperature(run: Infusion, profile: Profile, end: str) -> Iterator[None]:
    """Hold the pump at an end of its range of temperatures while the block runs."""
    with run.environment.held(temperature_c=profile.environs.temperature_c(end)):
        yield


@contextmanager
def in_air(run: Infusion, profile: Profile, end: str) -> Iterator[None]:
    """Hold the pump at an end of its range of air pressures, at body temperature, while the block runs."""
    hpa = profile.environs.air_pressure_hpa(end)
    with run.environment.held(temperature_c=profile.environs.temperature_c("body"), air_pressure_hpa=hpa):
        yield


@contextmanager
def on_a_low_battery(run: Infusion, _profile: Profile) -> Iterator[None]:
    """Feed the pump as a low battery does, and leave its alarm standing, while the block runs.

    Before that it infuses for as long as it takes to know its pace, whatever step begins meanwhile.
    """
    run.wait(PACE_S)
    with run.power.battery_low("shown as low") as low:
        run.expect_alarm("alarm of the condition", Alarm.LOW_BATTERY, low)
        yield


@contextmanager
def near_its_end(run: Infusion, profile: Profile) -> Iterator[None]:
    """Leave little in the reservoir, and its alarm standing, while the block runs; fill it then."""
    run.reservoir.refilling.require_port()
    run.stop()
    run.reservoir.fill(profile.low_reservoir_alarm_ul.value - UNDER_UL)
    run.start()
    run.reservoir.run_down_to_alarm("alarm of the condition")
    yield
    run.stop()
    run.reservoir.fill(profile.reservoir_ul.value)
    run.start()


CONDITIONS: Mapping[str, Condition] = {
    **{end: partial(at_temperature, end=end) for end in ("coldest", "body", "warmest")},
    **{f"{air}_air": partial(in_air, end=end) for air, end in (("thin", "least"), ("dense", "greatest"))},
    "low_battery": on_a_low_battery,
    "low_reservoir": near_its_end,
}
OF_THEM = {
    "low_battery": (
        only_with("power"),
        judges("PWR-001", "shown as low", shown_as_low),
        judges("PWR-001", "alarm of the condition", low_battery_latency),
    ),
    "low_reservoir": (
        only_with("refill"),
        only_with("low_reservoir_alarm"),
        judges("RES-001", "alarm of the condition", low_reservoir_latency),
    ),
}


def under(*conditions: str) -> pytest.MarkDecorator:
    """Run a test under each of some conditions, left out where a profile does not promise what makes it."""
    marked = [pytest.param(one, marks=OF_THEM.get(one, (only_with("environment"),))) for one in conditions]
    return pytest.mark.parametrize("condition", marked)


WEIGHED_FOR_LONG = tuple(one for one in CONDITIONS if one != "low_reservoir")
"""Under these there is enough in the reservoir to weigh for long."""


def up_and_down(profile: Profile) -> Flex:
    """Return a day schedule whose rate changes every two hours."""
    rate_ul_per_h = profile.rates.tested("intermediate")
    rates = (rate_ul_per_h, FASTER * rate_ul_per_h)
    return Flex(tuple(Step(number * STEP_MINUTES, rates[number % 2]) for number in range(STEPS)))


@judges("CND-001", "step of a schedule", accuracy)
@judges_requests("CND-002", "bolus", bolus_given)
@judges_requests("CND-002", "in the lockout", None)
@judges("CND-001", "after the condition", accuracy)
@only_with("flex")
@only_with("patient_bolus")
@under(*WEIGHED_FOR_LONG)
def test_steps_and_boluses_are_the_same_under_each_condition(
    infusion: InfusionFactory, profile: Profile, condition: str
) -> None:
    """A step of a schedule, a patient bolus and its lockout in cold, warmth, thin and dense air, and on a low battery.

    Purpose: find the pump that is right where it is weighed for hours, and gives another bolus, misses a step or
    forgets a lockout where its climate or its battery is another.

    Method: a day schedule with a step every two hours. Bring the condition about, its alarm left standing. When the
    next step has begun, weigh it, ask for a patient bolus and weigh what comes of it; ask once more in the lockout.
    Take the condition away and weigh once more.

    Acceptance: the step within the accuracy; the bolus given and logged, its volume within its accuracy; the second
    request refused; then within the accuracy.
    """
    with infusion(profile.with_patient_bolus(up_and_down(profile)), shortest_window_s=WEIGHED_S) as run:
        run.settle()
        with CONDITIONS[condition](run, profile):
            run.wait_until(next_step_s(run) + AFTER_A_STEP_S)
            run.settle()
            basal = run.deliver(WEIGHED_S, f"step, {condition}")
            run.judge("step of a schedule", basal.volume)
            run.patient_boluses.request("bolus", CommandResult.ACCEPTED, basal, f"bolus, {condition}")
            run.patient_boluses.ask("in the lockout", CommandResult.LOCKOUT, f"asked for in the lockout, {condition}")
        run.settle()
        run.begin_in_a_step()
        run.judge("after the condition", run.deliver(WEIGHED_S, f"after it, {condition}").volume)


@judges("CND-003", "disconnection told", disconnect_latency)
@judges("CND-003", "occlusion told", occlusion_latency)
@judges("CND-001", "after the condition", accuracy)
@only_with("catheter_sensor")
@under(*CONDITIONS)
def test_alarms_come_in_time_under_each_condition(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, condition: str
) -> None:
    """A catheter that comes off, and a kink, in cold, warmth, thin and dense air, and near two ends.

    Purpose: find the pump that tells of its catheter where it is tested, and is silent, or late, where its climate, its
    battery or its reservoir is another.

    Method: intermediate rate. Bring the condition about, its alarm left standing; prime the path where a profile says
    how. Take the catheter off and wait for the alarm; connect it, kink it and wait for the alarm. Release, let what was
    stored come out, acknowledge, start. Take the condition away and weigh.

    Acceptance: both alarms within their limits, beside that of the condition; then within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=WEIGHED_S) as run:
        run.settle()
        with CONDITIONS[condition](run, profile):
            if profile.priming is not None:
                run.stop()
                run.priming.give(run.priming.volume_ul(), f"priming bolus, {condition}")
                run.start()
                run.settle()
            with catheter.disconnected() as loss:
                run.expect_alarm("disconnection told", Alarm.DISCONNECT, loss)
            run.settle()
            with catheter.kinked() as kink:
                run.expect_alarm("occlusion told", Alarm.OCCLUSION, kink)
            run.settle()
            run.resume()
        run.settle()
        run.judge("after the condition", run.deliver(run.duration_that_resolves_s(), f"after it, {condition}").volume)


def next_step_s(run: Infusion) -> float:
    """Return when the next step begins, by the pump's clock."""
    now_s = run.device_clock_s()
    return run.rate_changes_s(now_s, now_s + 2 * STEP_MINUTES * MINUTE_S)[0]
