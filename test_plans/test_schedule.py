# SPDX-License-Identifier: Apache-2.0
"""Schedule: a day schedule that repeats across midnight."""

from itertools import pairwise

from bench.profile import Profile
from bench.therapy import Flex, WeeklyFlex
from fixtures.public import InfusionFactory
from instruments.program import Step
from test_plans.criteria import accuracy, change_of_rate, flex_changes_most, flex_steps_most
from test_plans.markers import DAY_S, judges, only_with

DAYS = 2
STEPS = 3
MINUTES_OF_A_DAY = 1440
WEEK_DAYS, WEEKEND = 7, (5, 6)
CHANGES_OF_A_WEEK = 2 * WEEK_DAYS
WEEKDAY_SHARES, WEEKEND_SHARES = (1.2, 0.6), (1.8, 2.6)
"""By day and at night, of the intermediate rate; a week of them is well under what a reservoir holds."""
DAY_BY_DAY = 1 / 14
"""By so much of the first day's a day has more than the one before."""
LONG_INTERVAL_S = 120.0
"""Between samples of a test that takes a week."""
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


def week_with_a_weekend(profile: Profile) -> WeeklyFlex:
    """Return a week whose days all differ: more by day on five of them, more at night on the last two.

    Each day has a share of its own, so that no day can stand in for another one.
    """
    rate_ul_per_h = profile.rates.tested("intermediate")
    days = []
    for number in range(WEEK_DAYS):
        own_ul_per_h = (1 + number * DAY_BY_DAY) * rate_ul_per_h
        by_day, at_night = WEEKEND_SHARES if number in WEEKEND else WEEKDAY_SHARES
        days.append((Step(7 * 60, by_day * own_ul_per_h), Step(20 * 60, at_night * own_ul_per_h)))
    return WeeklyFlex(tuple(days))


@judges(("SCH-001", "SCH-008"), "volume of each step of a week", accuracy, times=CHANGES_OF_A_WEEK)
@judges(("SCH-002", "SCH-008"), "instant of each change of a week", change_of_rate, times=CHANGES_OF_A_WEEK - 1)
@only_with("weekly_flex")
def test_the_weekdays_of_a_schedule_are_each_carried_out_on_their_day(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A schedule with another day for each weekday runs for seven days, from one week into the next.

    Purpose: find the pump that takes one day for all of them, and the one whose weekdays come a day early or late.

    Method: seven days of two steps, the night's across midnight, more by day on five of them and more at night on two;
    no two days are alike. Let it run for seven days of the pump's clock, from where enough is left of a step. In each
    step weigh a window of whole pump strokes; the instant of each change follows from the balance alone.

    Acceptance: each step's volume lies within the accuracy, each change within the profile's tolerance in time.
    """
    with infusion(week_with_a_weekend(profile), interval_s=LONG_INTERVAL_S) as run:
        run.settle()
        now_s = run.begin_in_a_step()
        changes_s = [now_s, *run.rate_changes_s(now_s, now_s + WEEK_DAYS * DAY_S)]
        windows = [run.deliver_until(end_s, f"step {number}") for number, end_s in enumerate(changes_s[1:], start=1)]
        for window in windows:
            run.judge("volume of each step of a week", window.volume)
        for (before, after), change_s in zip(pairwise(windows), changes_s[1:-1], strict=True):
            run.judge("instant of each change of a week", run.change_of_rate(before, after, change_s))
