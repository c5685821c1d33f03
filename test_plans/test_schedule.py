# SPDX-License-Identifier: Apache-2.0
"""Schedule: a day schedule that repeats across midnight."""

from itertools import pairwise

from bench.profile import Profile
from bench.therapy import Flex
from fixtures.public import InfusionFactory
from instruments.program import Step
from test_plans.criteria import accuracy, change_of_rate, flex_changes_most, flex_steps_most
from test_plans.markers import DAY_S, judges, only_with

DAYS = 2
STEPS = 3
MINUTES_OF_A_DAY = 1440
LOW_SHARES, HIGH_SHARE, BETWEEN_SHARE = (1.0, 1.25), 2.5, 1.75
"""Of the intermediate rate; the last of an odd number of steps lies between, so that midnight is a change as well."""


def more_at_night(profile: Profile) -> Flex:
    """Return a schedule of three steps, in shares of the intermediate rate; the night's runs across midnight."""
    rate_ul_per_h = profile.rates.tested("intermediate")
    return Flex((Step(6 * 60, rate_ul_per_h), Step(14 * 60, 0.5 * rate_ul_per_h), Step(22 * 60, 1.5 * rate_ul_per_h)))


def full_day(profile: Profile) -> Flex:
    """Return a schedule of as many steps as the profile allows, from midnight on; neighbours differ clearly."""
    rate_ul_per_h, steps = profile.rates.tested("intermediate"), profile.flex_steps_max.value
    shares = [LOW_SHARES[number // 2 % 2] if number % 2 == 0 else HIGH_SHARE for number in range(steps)]
    if steps % 2:
        shares[-1] = BETWEEN_SHARE
    minutes = MINUTES_OF_A_DAY // steps
    return Flex(tuple(Step(number * minutes, share * rate_ul_per_h) for number, share in enumerate(shares)))


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


@judges(("SCH-001", "SCH-007"), "volume of each of many steps", accuracy, times=flex_steps_most)
@judges(("SCH-002", "SCH-007"), "instant of each of many changes", change_of_rate, times=flex_changes_most)
@only_with("flex")
def test_a_day_of_as_many_steps_as_a_schedule_may_have_is_kept_from_midnight_on(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A schedule with as many steps as the profile allows, the first at midnight, runs for a day.

    Purpose: find the pump that takes a full schedule and holds fewer steps, and the one that misses a step which begins
    with the day itself.

    Method: as many steps as the profile allows, evenly over the day, the first at minute 0, neighbours at clearly
    different rates. From where enough is left of a step, weigh a window of whole pump strokes in each step for a day;
    the instant of each change follows from the balance alone.

    Acceptance: each step's volume lies within the accuracy, each change within the profile's tolerance in time.
    """
    with infusion(full_day(profile)) as run:
        run.settle()
        now_s = run.begin_in_a_step()
        changes_s = [now_s, *run.rate_changes_s(now_s, now_s + DAY_S)]
        windows = [run.deliver_until(end_s, f"step {number}") for number, end_s in enumerate(changes_s[1:], start=1)]
        for window in windows:
            run.judge("volume of each of many steps", window.volume)
        for (before, after), change_s in zip(pairwise(windows), changes_s[1:-1], strict=True):
            run.judge("instant of each of many changes", run.change_of_rate(before, after, change_s))
