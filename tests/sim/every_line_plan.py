# SPDX-License-Identifier: Apache-2.0
"""A short run that has nearly every kind of line in it; what the kept journals were made with."""

from bench.catheter import Catheter

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm


def test_a_window(infusion: InfusionFactory, profile: Profile) -> None:
    """Weigh a window."""
    with infusion(Continuous(profile.rates.tested("high")), interval_s=60.0) as run:
        run.settle()
        run.judge(run.deliver(1800.0, "window").rate_error)


def test_a_kink(infusion: InfusionFactory, catheter: Catheter, profile: Profile) -> None:
    """Kink the catheter and wait for the alarm."""
    with infusion(Continuous(profile.rates.tested("high")), interval_s=60.0) as run:
        run.settle()
        run.deliver(1800.0, "before")
        with catheter.kinked() as kink:
            alarm = run.expect_alarm(Alarm.OCCLUSION, kink, within_s=profile.occlusion_time_limit_s(run.rate_ul_per_h))
        run.judge(alarm.latency)
        run.judge(run.unintended_bolus())
