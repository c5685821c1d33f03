# SPDX-License-Identifier: Apache-2.0
"""A day at the intermediate rate, weighed once."""

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory


def test_a_day(infusion: InfusionFactory, profile: Profile) -> None:
    """Weigh a day."""
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.settle()
        run.judge(run.deliver(86_400.0, "day").volume)
