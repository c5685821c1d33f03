# SPDX-License-Identifier: Apache-2.0
"""A short infusion whose delivered volume does not depend on how often the run was killed in the middle of it."""

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import rate_accuracy
from test_plans.markers import judges


@judges("DEL-002", "whole time", rate_accuracy)
def test_two_hours(infusion: InfusionFactory, profile: Profile) -> None:
    """Infuse for two hours in two parts at the intermediate rate."""
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.settle()
        parts = [run.deliver(3600.0, f"part {part}") for part in (1, 2)]
        run.judge("whole time", run.window(parts[0].start, parts[-1].end, "whole time").rate_error)
