# SPDX-License-Identifier: Apache-2.0
"""Plans that say more, or less, than they judge; test_claims.py runs them on a good pump, and none of them may pass."""

import pytest

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy, occlusion_latency, unintended_bolus
from test_plans.markers import judges

HALF_AN_HOUR_S = 1800.0


@pytest.mark.verifies("CAT-001", "CAT-003", "ALM-002")
@judges("DEL-003", "half an hour", accuracy)
def test_claims_alarms_and_weighs(infusion: InfusionFactory, profile: Profile) -> None:
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("half an hour", run.deliver(HALF_AN_HOUR_S, "half an hour").volume)


@judges("DEL-003", "half an hour", accuracy)
@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("CAT-003", "unintended bolus", unintended_bolus)
def test_declares_and_does_not_judge(infusion: InfusionFactory, profile: Profile) -> None:
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("half an hour", run.deliver(HALF_AN_HOUR_S, "half an hour").volume)


def test_judges_undeclared(infusion: InfusionFactory, profile: Profile) -> None:
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("half an hour", run.deliver(HALF_AN_HOUR_S, "half an hour").volume)


@judges("DEL-003", "half an hour", occlusion_latency)
def test_judges_by_other_limits(infusion: InfusionFactory, profile: Profile) -> None:
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("half an hour", run.deliver(HALF_AN_HOUR_S, "half an hour").volume)


@judges("DEL-003", "half an hour", accuracy)
def test_judges_what_it_declares(infusion: InfusionFactory, profile: Profile) -> None:
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("half an hour", run.deliver(HALF_AN_HOUR_S, "half an hour").volume)
