# SPDX-License-Identifier: Apache-2.0
"""What takes the rig or the pump a while and must not be left half done: a run is killed in the midst of each."""

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import kept_over_an_update, runs_whole_firmware
from test_plans.markers import judges

LEAD_S = 60.0
TAKEN_UL = 2000.0
LIFTED_KPA = 2.0
CHAMBER_C = 39.0


@judges("FWU-001", "update: firmware", runs_whole_firmware)
@judges("FWU-001", "update: kept", kept_over_an_update)
def test_update(infusion: InfusionFactory, profile: Profile) -> None:
    """Install the newer firmware while the pump infuses."""
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.wait(LEAD_S)
        run.firmware.update("update")


def test_refill(infusion: InfusionFactory, profile: Profile) -> None:
    """Take some of the reservoir out through the needle."""
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.wait(LEAD_S)
        run.reservoir.refilling.take_out(TAKEN_UL)


def test_chamber(infusion: InfusionFactory, profile: Profile) -> None:
    """Warm the pump."""
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.wait(LEAD_S)
        with run.environment.held(temperature_c=CHAMBER_C):
            run.wait(LEAD_S)


def test_lift(infusion: InfusionFactory, catheter: Catheter, profile: Profile) -> None:
    """Raise the outlet."""
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.wait(LEAD_S)
        with catheter.outlet_moved_by(LIFTED_KPA):
            run.wait(LEAD_S)
