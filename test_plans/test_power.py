# SPDX-License-Identifier: Apache-2.0
"""Power: a battery that is low, one that serves out its term, and a supply that goes and comes back."""

import pytest

from bench.profile import Profile
from bench.therapy import Continuous, Flex
from fixtures.public import InfusionFactory
from instruments.program import Step
from instruments.pump import CommandResult
from test_plans.criteria import (
    accuracy,
    bolus_refused,
    end_of_service_latency,
    kept_over_a_reset,
    low_battery_latency,
    no_flow,
    reset_latency,
    shown_as_low,
    told_as_promised,
)
from test_plans.markers import DAY_S, HOUR_S, MINUTE_S, judges, only_with
from test_plans.patient_requests import judges_requests

DIP_S = 5.0
"""A supply that is gone for so short a time that nobody would notice."""
OFF_S = 40 * MINUTE_S
WITHOUT_POWER = {"dip": DIP_S, "off": OFF_S}
NIGHT_SHARE = 1.5
"""Rate of the night per rate of the day."""
BEFORE_THE_RESET = 0.4
"""Share of its time for which a bolus comes before the power goes."""


@judges("DEL-002", "own battery", accuracy)
@judges("DEL-002", "good battery", accuracy)
@judges("PWR-001", "shown as low", shown_as_low)
@judges("PWR-001", "alarm in time", low_battery_latency)
@judges("PWR-001", "low battery", accuracy)
@only_with("power")
def test_a_low_battery_is_told_and_changes_nothing_of_the_rate(infusion: InfusionFactory, profile: Profile) -> None:
    """The rig feeds the pump as a good battery does, and then for a day as a low one.

    Purpose: find the pump whose battery ends without a word, or whose rate falls with its voltage.

    Method: intermediate rate. Weigh an hour with the pump's own battery. Feed the pump as a good battery does and weigh
    an hour. Feed it as a low battery does; wait for the alarm, acknowledge it, and weigh a day.

    Acceptance: the battery is shown as low; its alarm in time, and the pump goes on; delivery within the accuracy with
    both.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("own battery", run.deliver(HOUR_S, "own battery").volume)
        with run.power.supplied_well():
            run.judge("good battery", run.deliver(HOUR_S, "good battery").volume)
        with run.power.battery_low("shown as low") as low:
            run.power.expect_low_battery("alarm in time", low)
            run.resume()
            run.judge("low battery", run.deliver(DAY_S, "low battery").volume)


@judges("DEL-002", "before the end", accuracy)
@judges("PWR-006", "alarm in time", end_of_service_latency)
@judges("PWR-006", "start refused", told_as_promised, times=2)
@judges("PWR-006", "no flow after it", no_flow)
@judges("PWR-006", "fed well again", accuracy)
@only_with("end_of_service_alarm")
def test_a_pump_at_the_end_of_its_service_says_so_and_gives_nothing(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """The rig feeds the pump as an exhausted battery does: its service ends, and it says so.

    Purpose: find the pump that ends without a word, the one that goes on with what is left of its battery, and the one
    that can be started again with none.

    Method: intermediate rate; weigh. Feed the pump as an exhausted battery does and wait for the alarm. Ask it to
    start, weigh that nothing comes; acknowledge and ask again. Feed it by its own battery, start, and weigh.

    Acceptance: the alarm in time, and the pump stands; each start refused while its battery is exhausted; no flow; then
    delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("before the end", run.deliver(HOUR_S, "before the end").volume)
        with run.power.battery_exhausted() as exhausted:
            run.power.expect_end_of_service("alarm in time", exhausted)
            run.heard.judge_start_refused("start refused")
            run.settle()
            run.judge("no flow after it", run.no_flow(run.duration_that_resolves_s(HOUR_S, stopped=True)))
            run.acknowledge()
            run.heard.judge_start_refused("start refused")
        run.start()
        run.settle()
        run.judge("fed well again", run.deliver(HOUR_S, "fed well again").volume)


@judges("PWR-004", "before the loss", accuracy)
@judges("PWR-002", "reset: alarm", reset_latency)
@judges("PWR-003", "reset: kept", kept_over_a_reset)
@judges("PWR-002", "no flow until it is started", no_flow)
@judges("PWR-004", "started again", accuracy)
@only_with("power")
@only_with("flex")
@pytest.mark.parametrize("power", WITHOUT_POWER)
def test_a_pump_that_lost_its_power_in_a_schedule_stands_says_so_and_forgets_nothing(
    infusion: InfusionFactory, profile: Profile, power: str
) -> None:
    """The supply goes for a moment, or for most of an hour, while a day schedule is under way.

    Purpose: find the pump that comes back at another rate than promised, or in silence; the one that loses its log, its
    counter or its program; and the one that makes up for what it missed.

    Method: a day schedule of two steps. Weigh in a step. Take the supply away and give it back. Wait for the alarm,
    weigh that nothing comes, acknowledge and start. Weigh in a step.

    Acceptance: the alarm in time after the return of the supply, and the pump stands; clock, logs, counter and
    reservoir volume as before; the program read back at the end as it was loaded; no flow before the start; then
    delivery within the accuracy.
    """
    rate_ul_per_h = profile.rates.tested("intermediate")
    schedule = Flex((Step(6 * 60, rate_ul_per_h), Step(20 * 60, NIGHT_SHARE * rate_ul_per_h)))
    with infusion(schedule) as run:
        run.settle()
        run.begin_in_a_step()
        run.judge("before the loss", run.deliver(run.duration_that_resolves_s(), "before the loss").volume)
        run.power.interrupt(WITHOUT_POWER[power], "reset")
        run.judge("no flow until it is started", run.no_flow(run.duration_that_resolves_s(HOUR_S, stopped=True)))
        run.resume()
        run.settle()
        run.begin_in_a_step()
        run.judge("started again", run.deliver(run.duration_that_resolves_s(), "started again").volume)


@judges("DEL-002", "basal rate", accuracy)
@judges_requests("SCH-003", "before the loss", None)
@judges("PWR-002", "reset: alarm", reset_latency)
@judges("PWR-003", "reset: kept", kept_over_a_reset)
@judges("PWR-004", "started again", accuracy)
@judges_requests("PWR-005", "in the lockout", bolus_refused)
@only_with("power")
@only_with("patient_bolus")
def test_a_loss_of_power_ends_a_bolus_and_not_its_lockout(infusion: InfusionFactory, profile: Profile) -> None:
    """The supply goes in the middle of a patient bolus: the rest does not come, and the lockout goes on.

    Purpose: find the pump that gives the bolus twice, or its rest later, and the one that a reset lets give another.

    Method: intermediate rate; weigh the basal rate. Ask for a bolus and take the supply away in the middle of it. Give
    it back, wait for the alarm, acknowledge, start, and weigh an hour. Ask again inside the lockout.

    Acceptance: the alarm in time; logs and counter as before; the hour after the start within the accuracy, so without
    the rest of the bolus; then refused for the lockout.
    """
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(profile.with_patient_bolus(basal_therapy), shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.settle()
        basal = run.deliver(HOUR_S, "basal before the loss")
        run.judge("basal rate", basal.volume)
        run.patient_boluses.ask("before the loss", CommandResult.ACCEPTED, "bolus before the loss")
        run.wait(BEFORE_THE_RESET * profile.patient_bolus.duration_s.value)
        run.power.interrupt(DIP_S, "reset")
        run.resume()
        run.settle()
        run.judge("started again", run.deliver(HOUR_S, "started again").volume)
        again = "bolus asked for after the loss"
        run.patient_boluses.request("in the lockout", CommandResult.LOCKOUT, basal, again)
