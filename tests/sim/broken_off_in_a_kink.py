# SPDX-License-Identifier: Apache-2.0
"""A test that breaks off while the catheter is kinked, and one behind it that infuses; test_broken_off_in_a_kink.py."""

import pytest

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from groundfloor.errors import BenchFault
from test_plans.criteria import rate_accuracy
from test_plans.markers import judges

INTERVAL_S = 60.0
KINKED_S = 90.0
BASAL_S = 2450.0


@pytest.mark.parametrize("rate", ["high"])
def test_breaks_off_in_a_kink(infusion: InfusionFactory, catheter: Catheter, profile: Profile, rate: str) -> None:
    """Kink the catheter until it is full, and then find the balance silent."""
    with infusion(Continuous(profile.rates.tested(rate)), interval_s=INTERVAL_S) as run:
        run.settle()
        with catheter.kinked():
            run.wait(KINKED_S)
            raise BenchFault("balance", "read the mass", "it is silent", "look at its cable")


@judges("DEL-002", "basal rate", rate_accuracy)
@pytest.mark.parametrize("rate", ["intermediate"])
def test_infuses_behind_it(infusion: InfusionFactory, profile: Profile, rate: str) -> None:
    """Weigh the rate."""
    with infusion(Continuous(profile.rates.tested(rate)), interval_s=INTERVAL_S) as run:
        run.settle()
        run.judge("basal rate", run.deliver(BASAL_S, "basal rate").rate_error)
