# SPDX-License-Identifier: Apache-2.0
"""Schedule: a day schedule that repeats across midnight, and boluses that the patient asks for."""

from itertools import pairwise

from bench.account import HOURS_AFTER
from bench.profile import Profile
from bench.therapy import Continuous, Flex
from fixtures.public import InfusionFactory
from instruments.program import Step
from instruments.pump import CommandResult
from test_plans.criteria import (
    accuracy,
    answered_as_promised,
    bolus_given,
    bolus_refused,
    boluses_per_day,
    change_of_rate,
)
from test_plans.markers import DAY_S, HOUR_S, MINUTE_S, judges

DAYS = 2
STEPS = 3
REFUSALS = 2
"""One inside the lockout, one over the daily maximum."""


def more_at_night(profile: Profile) -> Flex:
    """Return a schedule of three steps, in shares of the intermediate rate; the night's runs across midnight."""
    rate_ul_per_h = profile.rates.tested("intermediate")
    return Flex((Step(6 * 60, rate_ul_per_h), Step(14 * 60, 0.5 * rate_ul_per_h), Step(22 * 60, 1.5 * rate_ul_per_h)))


@judges("SCH-001", "volume of each step", accuracy, times=DAYS * STEPS)
@judges("SCH-002", "instant of each change", change_of_rate, times=DAYS * STEPS - 1)
def test_each_step_of_a_two_day_schedule_delivers_its_volume_in_its_time(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A flex schedule with more at night runs for two days.

    Purpose: show that each step of a day schedule gives its volume and begins when it is programmed to, across midnight
    too.

    Method: let the schedule run for two days, from where enough is left of a step. In each step weigh a window of whole
    pump strokes. The instant at which the rate changed follows from the balance alone: it is where the straight lines
    through the two windows meet.

    Acceptance: each step's volume lies within the accuracy, each change within the profile's tolerance in time.
    """
    therapy = more_at_night(profile)
    with infusion(therapy) as run:
        run.settle()
        now_s = run.begin_in_a_step()
        changes_s = [now_s, *run.rate_changes_s(now_s, now_s + DAYS * DAY_S)]
        windows = [run.deliver_until(end_s, f"step {number}") for number, end_s in enumerate(changes_s[1:], start=1)]
        for window in windows:
            run.judge("volume of each step", window.volume)
        for (before, after), change_s in zip(pairwise(windows), changes_s[1:-1], strict=True):
            run.judge("instant of each change", run.change_of_rate(before, after, change_s))


@judges("DEL-002", "basal rate", accuracy)
@judges("SCH-003", "given: answer", answered_as_promised, times=boluses_per_day)
@judges("SCH-003", "given: log", answered_as_promised, times=boluses_per_day)
@judges("SCH-003", "given: volume", bolus_given, times=boluses_per_day)
@judges("SCH-004", "refused: answer", answered_as_promised, times=REFUSALS)
@judges("SCH-004", "refused: log", answered_as_promised, times=REFUSALS)
@judges("SCH-004", "refused: volume", bolus_refused, times=REFUSALS)
def test_a_patient_bolus_is_given_refused_in_the_lockout_and_given_after_it(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A patient asks for boluses: the first is given, one inside the lockout is not, the next after it is.

    Purpose: show that a bolus gives its volume, that the lockout holds, and that a refusal gives nothing.

    Method: basal infusion with the profile's example bolus allowed. Weigh the basal rate, ask for a bolus, weigh it.
    Ask again a minute before the lockout ends and weigh that nothing was added. Ask again when it is over, and again
    until the daily maximum is reached. Then let three hours pass.

    Acceptance: answers and log lines as programmed; each bolus within its accuracy, in its time and at its rate; the
    refused ones within the basal schedule; nothing on top of that in the hours after any of them.
    """
    bolus = profile.patient_bolus
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(bolus.on_top_of(basal_therapy), shortest_window_s=HOUR_S) as run:
        run.settle()
        basal = run.deliver(HOUR_S, "basal before the boluses")
        run.judge("basal rate", basal.volume)
        for number in range(1, bolus.max_per_day.value + 1):
            run.request_bolus("given", CommandResult.ACCEPTED, basal, f"bolus {number}")
            if number == 1:
                run.wait_for_lockout_end(-MINUTE_S)
                early = "bolus asked for a minute before the lockout ends"
                run.request_bolus("refused", CommandResult.LOCKOUT, basal, early)
            run.wait_for_lockout_end(MINUTE_S)
        run.request_bolus("refused", CommandResult.DAILY_MAXIMUM, basal, "bolus asked for over the daily maximum")
        run.wait(HOURS_AFTER * HOUR_S)
