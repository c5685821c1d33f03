# SPDX-License-Identifier: Apache-2.0
"""A short run in which everything that can be unsafe is so for a while; what it is killed in the middle of."""

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory

INTERVAL_S = 10.0
WHILE_S = 30.0


def test_everything_that_can_be_unsafe(infusion: InfusionFactory, catheter: Catheter, profile: Profile) -> None:
    """Infuse; kink the catheter, take it off and let it leak; twice."""
    for _ in range(2):
        with infusion(Continuous(profile.rates.tested("high")), interval_s=INTERVAL_S) as run:
            run.wait(WHILE_S)
            for fault in (catheter.kinked(), catheter.disconnected(), catheter.leaking(50.0)):
                with fault:
                    run.wait(WHILE_S)
