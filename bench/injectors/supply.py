# SPDX-License-Identifier: Apache-2.0
"""The rig's supply in place of the pump's battery, at one voltage; at 0 the pump is left to its own."""

from dataclasses import dataclass, replace

from bench.injectors.injector import FULLY
from bench.injectors.promised_effect import PromisedEffect
from instruments.rig import RigOutputs, RigReading

SUPPLY = "supply"
SUPPLY_SLACK_MV = 50
"""So far what the rig measures may be from what it was told."""
_NEITHER_PERCENT = 50.0


@dataclass(frozen=True)
class Supply:
    """The supply at `millivolts`; it knows only off and on."""

    millivolts: int
    name: str = SUPPLY
    if_astray: str = "see what feeds the pump, then start over"

    def moved(self, outputs: RigOutputs, percent: float) -> RigOutputs:
        """Return `outputs` with the supply at its voltage at any amount over 0."""
        return replace(outputs, supply_voltage_mv=self.millivolts if percent > 0 else 0)

    def observed_percent(self, reading: RigReading) -> float:
        """Return 100 when its voltage is measured, 0 when none is, and half of it for any other."""
        measured_mv = reading.supply_voltage_measured_mv
        if abs(measured_mv - self.millivolts) <= SUPPLY_SLACK_MV:
            return FULLY
        return 0.0 if abs(measured_mv) <= SUPPLY_SLACK_MV else _NEITHER_PERCENT

    def promised(self, percent: float) -> PromisedEffect | None:  # noqa: ARG002  whatever it is
        """Return None: what a supply does to a pump is the pump's own affair."""
        return None
