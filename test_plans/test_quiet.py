# SPDX-License-Identifier: Apache-2.0
"""Quiet: a day on which nothing is wrong, and no alarm may come."""

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy, no_flow
from test_plans.markers import HOUR_S, MINUTE_S, depends_on, judges

IDLE_S = 75 * MINUTE_S


@judges("DEL-002", "before the pause", accuracy)
@judges("PRG-002", "no flow in the pause", no_flow)
@judges("DEL-002", "after the pause", accuracy)
@depends_on("reservoir_ul")
def test_a_day_without_a_fault_is_quiet(infusion: InfusionFactory, profile: Profile) -> None:
    """No alarm in a day without a fault, an idle pause of more than an hour included.

    Purpose: find the pump that alarms without a cause, at first or when it is started after a pause.

    Method: intermediate rate for twelve hours, stopped for 75 minutes, then on for the rest of a day.

    Acceptance: no alarm at all; nothing flows in the pause; both parts within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=IDLE_S) as run:
        run.settle()
        run.judge("before the pause", run.deliver(12 * HOUR_S, "before the pause").volume)
        run.stop()
        run.judge("no flow in the pause", run.no_flow(IDLE_S))
        run.start()
        run.settle()
        run.judge("after the pause", run.deliver(10 * HOUR_S, "after the pause").volume)
