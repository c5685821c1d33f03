# SPDX-License-Identifier: Apache-2.0
"""A short infusion whose program is changed in the middle, as a run may be killed before, in and after that."""

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import rate_accuracy
from test_plans.markers import judges


@judges("DEL-002", "whole time", rate_accuracy)
def test_a_change_after_an_hour(infusion: InfusionFactory, profile: Profile) -> None:
    """Infuse for an hour at the intermediate rate, and for an hour at twice of it, without a stop between."""
    rate_ul_per_h = profile.rates.tested("intermediate")
    with infusion(Continuous(rate_ul_per_h)) as run:
        run.settle()
        before = run.deliver(3600.0, "before the change")
        run.change_program(Continuous(2 * rate_ul_per_h))
        after = run.deliver(3600.0, "after the change")
        run.judge("whole time", run.window(before.start, after.end, "whole time").rate_error)
