# SPDX-License-Identifier: Apache-2.0
"""A short run that has nearly every kind of line in it; what the kept journals were made with."""

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm
from test_plans.criteria import occlusion_latency, rate_accuracy, unintended_bolus
from test_plans.markers import judges


@judges("DEL-003", "window", rate_accuracy)
def test_a_window(infusion: InfusionFactory, profile: Profile) -> None:
    """Weigh a window."""
    with infusion(Continuous(profile.rates.tested("high")), interval_s=60.0) as run:
        run.settle()
        run.judge("window", run.deliver(1800.0, "window").rate_error)


@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("CAT-003", "unintended bolus", unintended_bolus)
def test_a_kink(infusion: InfusionFactory, catheter: Catheter, profile: Profile) -> None:
    """Kink the catheter and wait for the alarm."""
    with infusion(Continuous(profile.rates.tested("high")), interval_s=60.0) as run:
        run.settle()
        run.deliver(1800.0, "before")
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
        run.judge("unintended bolus", run.unintended_bolus())
