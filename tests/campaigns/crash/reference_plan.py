# SPDX-License-Identifier: Apache-2.0
"""The reference run: two infusions, a kink, a bolus, as short as the balance lets them be."""

import pytest

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm, CommandResult
from test_plans.criteria import answered_as_promised, bolus_given, occlusion_latency, rate_accuracy, unintended_bolus
from test_plans.markers import judges

INTERVAL_S = 60.0
WINDOW_S = 900.0
BASAL_S = 2450.0


@judges("DEL-003", "before the kink", rate_accuracy)
@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("CAT-003", "unintended bolus", unintended_bolus)
@pytest.mark.parametrize("rate", ["high"])
def test_a_kink(infusion: InfusionFactory, catheter: Catheter, profile: Profile, rate: str) -> None:
    """Weigh a window; kink the catheter, wait for the alarm, weigh what comes out on release."""
    with infusion(Continuous(profile.rates.tested(rate)), interval_s=INTERVAL_S) as run:
        run.settle()
        run.judge("before the kink", run.deliver(WINDOW_S, "before the kink").rate_error)
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
        run.judge("unintended bolus", run.unintended_bolus())
        run.resume()
        run.settle()


@judges("SCH-003", "given: answer", answered_as_promised)
@judges("SCH-003", "given: log", answered_as_promised)
@judges("SCH-003", "given: volume", bolus_given)
@pytest.mark.parametrize("rate", ["intermediate"])
def test_a_bolus(infusion: InfusionFactory, profile: Profile, rate: str) -> None:
    """Weigh the basal rate; ask for a bolus, and weigh that."""
    bolus, basal_ul_per_h = profile.patient_bolus, profile.rates.tested(rate)
    with infusion(bolus.on_top_of(Continuous(basal_ul_per_h)), interval_s=INTERVAL_S) as run:
        run.settle()
        basal = run.deliver(BASAL_S, "basal")
        run.patient_boluses.request("given", CommandResult.ACCEPTED, basal, "bolus")
