# SPDX-License-Identifier: Apache-2.0
"""A patient's bolus on top of a basal rate, which a run is killed in the middle of."""

import pytest

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import CommandResult
from test_plans.criteria import answered_as_promised, bolus_given
from test_plans.markers import judges

BASAL_S = 2450.0


@judges("SCH-003", "given: answer", answered_as_promised)
@judges("SCH-003", "given: log", answered_as_promised)
@judges("SCH-003", "given: volume", bolus_given)
@pytest.mark.parametrize("rate", ["intermediate"])
def test_a_bolus(infusion: InfusionFactory, profile: Profile, rate: str) -> None:
    """Weigh the basal rate; ask for a bolus, and weigh that."""
    with infusion(profile.patient_bolus.on_top_of(Continuous(profile.rates.tested(rate)))) as run:
        run.settle()
        basal = run.deliver(BASAL_S, "basal")
        run.patient_boluses.request("given", CommandResult.ACCEPTED, basal, "bolus")
