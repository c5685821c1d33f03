# SPDX-License-Identifier: Apache-2.0
"""An injector: lets the supply of the pump dip below what it needs.

    [plugins.injector]
    supply_dip = "plugins/supply_dip.py:INJECTOR"

A test then says `with catheter.with_fault("supply_dip", 50.0):`; the rig's own meter must show the dip, or the test is
BLOCKED. An actuator belongs to one injector: a project that lists this one leaves out the shipped chapter on power.
"""

from dataclasses import replace

from bench.injectors.promised_effect import PromisedEffect
from instruments.rig import RigOutputs, RigReading

PUMPBENCH_INTERFACE = 1
FULL_MV = 3000


class SupplyDip:
    """The supply; 100 % is none at all. A rig takes 0 mV for its own supply, so the deepest dip leaves 1 mV."""

    name = "supply_dip"
    if_astray = "look at the supply of the pump, then start over"

    def moved(self, outputs: RigOutputs, percent: float) -> RigOutputs:
        """Return `outputs` with the supply lower by `percent`."""
        dipped_mv = max(1, round(FULL_MV * (1.0 - percent / 100.0)))
        return replace(outputs, supply_voltage_mv=dipped_mv if percent > 0.0 else 0)

    def observed_percent(self, reading: RigReading) -> float:
        """Return by how much the measured supply is lower; the meter shows nothing while the rig supplies nothing."""
        if reading.supply_voltage_measured_mv == 0:
            return 0.0
        return max(0.0, 100.0 * (1.0 - reading.supply_voltage_measured_mv / FULL_MV))

    def promised(self, _percent: float) -> PromisedEffect | None:
        """Promise nothing of flow or pressure: what a pump does in a dip is what is tested."""
        return None


INJECTOR = SupplyDip()
