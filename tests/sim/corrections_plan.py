# SPDX-License-Identifier: Apache-2.0
"""A day at the intermediate rate, weighed once."""

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy
from test_plans.markers import judges


@judges("DEL-002", "day", accuracy)
def test_a_day(infusion: InfusionFactory, profile: Profile) -> None:
    """Weigh a day."""
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.settle()
        run.judge("day", run.deliver(86_400.0, "day").volume)
