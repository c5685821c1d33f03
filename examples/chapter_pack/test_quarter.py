# SPDX-License-Identifier: Apache-2.0
"""Quarter: a quarter of an hour at the greatest rate."""

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy
from test_plans.markers import HOUR_S, judges


@judges("QUARTER/1", "a quarter of an hour", accuracy)
def test_a_quarter_of_an_hour_at_the_greatest_rate(infusion: InfusionFactory, profile: Profile) -> None:
    """A quarter of an hour at the greatest rate delivers the programmed volume.

    Purpose: show that the delivered volume stays within the labelled accuracy.

    Method: program the greatest rate, start, let the flow settle, weigh at the beginning and at the end.

    Acceptance: the volume lies within the profile's accuracy by at least the expanded uncertainty.
    """
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        part_s = run.duration_that_resolves_s(HOUR_S / 4)
        run.judge("a quarter of an hour", run.deliver(part_s, "a quarter of an hour").volume)
