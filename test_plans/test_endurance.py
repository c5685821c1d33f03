# SPDX-License-Identifier: Apache-2.0
"""Endurance: a month of a day schedule with patient boluses and refills; it runs only where it is asked for by name."""

from bench.infusion import Infusion
from bench.profile import Profile
from bench.therapy import Flex
from fixtures.public import InfusionFactory
from instruments.program import Step
from instruments.pump import CommandResult
from test_plans.criteria import accuracy, shown_as_told
from test_plans.markers import DAY_S, HOUR_S, MINUTE_S, judges, only_when_asked_for, only_with
from test_plans.patient_requests import judges_requests

DAYS = 30
REFILLED_AFTER = (10, 20)
"""Days after which the reservoir is filled again."""
INTERVAL_S = 60.0
"""Between samples."""


def more_at_night(profile: Profile) -> Flex:
    """Return a day of three steps, in shares of the intermediate rate; the night's runs across midnight."""
    rate_ul_per_h = profile.rates.tested("intermediate")
    return Flex((Step(6 * 60, rate_ul_per_h), Step(14 * 60, 0.5 * rate_ul_per_h), Step(22 * 60, 1.5 * rate_ul_per_h)))


def refill(run: Infusion, profile: Profile) -> None:
    """Stop the pump, fill its reservoir, tell it, and start it, as a clinician does."""
    run.stop()
    run.reservoir.fill(profile.reservoir_ul.value, declared="shown after a refill")
    run.start()
    run.settle()


@judges("END-001", "volume of each day", accuracy, times=DAYS)
@judges("END-001", "volume of the month", accuracy)
@judges_requests("END-002", "each day's bolus", None, times=DAYS)
@judges(("END-002", "RES-007"), "shown after a refill", shown_as_told, times=len(REFILLED_AFTER))
@only_when_asked_for
@only_with("flex")
@only_with("patient_bolus")
@only_with("refill")
def test_a_month_of_schedule_boluses_and_refills_keeps_every_day_within_the_accuracy(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A day schedule runs for thirty days with a patient bolus each day, and the reservoir is filled twice.

    Purpose: find the pump whose error grows over weeks, or comes after weeks, and the one that loses its schedule, its
    lockout or its log at a refill.

    Method: three steps a day with more at night. Each day ask for a patient bolus, and weigh the whole day. After ten
    and twenty days stop the pump, fill the reservoir, and start it again.

    Acceptance: every day and the month within the accuracy, boluses and pauses accounted for; every bolus given and
    logged; no alarm; the reservoir shown as it was told; the rest as every infusion judges it.
    """
    therapy = profile.with_patient_bolus(more_at_night(profile))
    with infusion(therapy, interval_s=INTERVAL_S, shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.reservoir.refilling.require_port()
        run.settle()
        begun_s = run.begin_in_a_step()
        first = last = run.deliver(HOUR_S, "first hour")
        for day in range(1, DAYS + 1):
            run.patient_boluses.ask("each day's bolus", CommandResult.ACCEPTED, f"bolus of day {day}")
            run.wait(profile.patient_bolus.duration_s.value + MINUTE_S)
            run.wait_until(begun_s + day * DAY_S)
            window = run.deliver(HOUR_S, f"an hour of day {day}")
            run.judge("volume of each day", run.window(last.end, window.end, f"day {day}").volume)
            last = window
            if day in REFILLED_AFTER:
                refill(run, profile)
        run.judge("volume of the month", run.window(first.start, last.end, "month").volume)
