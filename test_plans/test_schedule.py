# SPDX-License-Identifier: Apache-2.0
"""Schedule: a day schedule that repeats across midnight."""

from itertools import pairwise

from bench.profile import Profile
from bench.therapy import Flex
from fixtures.public import InfusionFactory
from instruments.program import Step
from test_plans.criteria import accuracy, change_of_rate
from test_plans.markers import DAY_S, judges

DAYS = 2
STEPS = 3


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
