# SPDX-License-Identifier: Apache-2.0
"""Leak: a part of the flow goes beside the vessel, and no pump promises to notice."""

import pytest

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy, leaked_volume
from test_plans.markers import HOUR_S, judges


@judges("LEK-001", "tight again", accuracy)
@pytest.mark.parametrize(
    "percent",
    [pytest.param(percent, marks=judges("LEK-001", "leaking", leaked_volume(percent))) for percent in (30.0, 60.0)],
)
def test_the_balance_finds_what_leaks_away(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, percent: float
) -> None:
    """A leaking catheter loses volume that only the balance finds.

    Purpose: show that the bench detects a loss that is larger than the accuracy, with no alarm to point at it.

    Method: intermediate rate; open the leak valve to the given share (confirmed by its own sensor), weigh, close it,
    weigh again.

    Acceptance: more than the tolerance is missing, beyond the uncertainty, and no more than half as much again as the
    share; delivery within the accuracy after the leak; no alarm, since none is promised.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.leaking(percent):
            run.settle()
            run.judge("leaking", run.deliver(4 * HOUR_S, "leaking").leaked(percent))
        run.settle()
        run.judge("tight again", run.deliver(HOUR_S, "tight again").volume)
