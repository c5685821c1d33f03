# SPDX-License-Identifier: Apache-2.0
"""Screening trial: an external pump, for hours and in fine resolution, before one is implanted."""

from itertools import combinations

import pytest

from bench.account import HOURS_AFTER
from bench.profile import Profile, ScreeningTrial
from bench.therapy import Continuous, SingleBolus
from fixtures.public import InfusionFactory
from groundfloor.errors import PlanError
from test_plans.criteria import accuracy
from test_plans.markers import HOUR_S, judges, only_with

WINDOWS = 4
"""The trumpet curve's points: one, two, three and four of the shortest windows."""
SPANS = WINDOWS * (WINDOWS - 1) // 2 - 1
"""Of two consecutive windows and more, all of them left out."""
BOLUSES = 3
"""The steps of a baclofen trial: 50, 75 and 100 µg, each by a bolus of its own."""
SLOW_INTERVAL_S, FINE_INTERVAL_S = 30.0, 10.0
"""Between samples, the longest and the shortest: in between it is the time of a stroke."""


def trial_of(profile: Profile) -> ScreeningTrial:
    """Return what the profile promises for trials.

    Raises:
        PlanError: it promises none; such a test is left out.
    """
    if profile.screening_trial is None:
        raise PlanError(f"profile {profile.name}", "test a trial", "it promises none", "leave the test out")
    return profile.screening_trial


@judges("SCR-002", "from the start on", accuracy)
@judges("SCR-001", "each window", accuracy, times=WINDOWS)
@judges("SCR-001", "windows together", accuracy, times=SPANS)
@judges("SCR-001", "whole time", accuracy)
@only_with("screening_trial")
@pytest.mark.parametrize("trial_rate", ["least", "low", "middle", "greatest"])
def test_a_trial_is_right_from_its_start_and_in_each_window(
    infusion: InfusionFactory, profile: Profile, trial_rate: str
) -> None:
    """A trial infusion is weighed from its start on, in windows as short as can be told.

    Purpose: find the pump that is right in a day and wrong in the hours of a trial: late or too fast at its start, or
    in waves.

    Method: program the trial's rate and start. Weigh the first window from the start on, without letting the flow
    settle. Then weigh a row of windows of whole strokes, each as long as the balance needs to resolve the accuracy and
    all together as long as the profile says; compare every span of consecutive ones as well, as a trumpet curve does.

    Acceptance: the first window, each of the row, every span and the whole within the accuracy; no excess, no shortfall
    in any window; delivery begins in its time; no alarm.
    """
    trial = trial_of(profile)
    rate_ul_per_h = trial.rate_ul_per_h(trial_rate)
    interval_s = max(FINE_INTERVAL_S, min(SLOW_INTERVAL_S, profile.stroke_period_s(rate_ul_per_h)))
    with infusion(Continuous(rate_ul_per_h), interval_s=interval_s) as run:
        window_s = run.duration_that_resolves_s(trial.hours.value * HOUR_S / WINDOWS)
        run.judge("from the start on", run.deliver(window_s, "from the start on").volume)
        row = [run.deliver(window_s, f"window {number} of {WINDOWS}") for number in range(1, WINDOWS + 1)]
        for window in row:
            run.judge("each window", window.volume)
        for first, last in combinations(range(WINDOWS), 2):
            if (first, last) != (0, WINDOWS - 1):
                name = f"windows {first + 1} to {last + 1}"
                run.judge("windows together", run.window(row[first].start, row[last].end, name).volume)
        run.judge("whole time", run.window(row[0].start, row[-1].end, "whole time").volume)


@judges("SCR-003", "each bolus", accuracy, times=BOLUSES)
@only_with("screening_trial")
@only_with("single_bolus")
def test_a_trial_bolus_of_millilitres_gives_its_volume_in_minutes(infusion: InfusionFactory, profile: Profile) -> None:
    """A bolus as a hand would give it: millilitres in minutes, several times.

    Purpose: find the pump that gives too little when it has to be fast, or goes on afterwards.

    Method: program a single bolus of the trial's volume in the trial's time. Give it several times, weigh each by
    itself. Then let three hours pass.

    Acceptance: each volume within the accuracy, each bolus in its time; nothing in the hours after.
    """
    trial = trial_of(profile)
    with infusion(SingleBolus(trial.bolus_ul.value, trial.bolus_s.value), interval_s=FINE_INTERVAL_S) as run:
        for number in range(1, BOLUSES + 1):
            run.judge("each bolus", run.single_boluses.give(f"bolus {number}").volume)
        run.wait(HOURS_AFTER * HOUR_S)
