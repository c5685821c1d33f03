# SPDX-License-Identifier: Apache-2.0
"""A plan that goes on after whatever goes wrong in its infusion."""

from contextlib import suppress

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from groundfloor.errors import BenchFault, PumpFailure
from instruments.pump import Alarm
from test_plans.criteria import accuracy, occlusion_latency
from test_plans.markers import judges

TWO_HOURS_S = 7200.0


@judges((), "volume", accuracy, times=2)
def test_swallows_a_fault_of_the_bench(infusion: InfusionFactory, profile: Profile) -> None:
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("volume", run.deliver(1200.0, "before").volume)
        with suppress(BenchFault):
            run.deliver(TWO_HOURS_S, "two hours")
        run.judge("volume", run.deliver(1200.0, "after").volume)


@judges((), "alarm in time", occlusion_latency)
def test_swallows_a_failure_of_the_pump(infusion: InfusionFactory, catheter: Catheter, profile: Profile) -> None:
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        with suppress(PumpFailure), catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
        run.resume()
        run.deliver(1200.0, "after")
