# SPDX-License-Identifier: Apache-2.0
"""A disconnection: the catheter is off, and nothing of the flow reaches the vessel."""

from dataclasses import replace

from bench.injectors.injector import FULLY
from bench.injectors.promised_effect import PressureMove, PromisedEffect, no_flow
from instruments.rig import RigOutputs, RigReading


class Disconnect:
    """The disconnect valve; it knows only off and on."""

    name = "disconnect"
    if_astray = "find out what moved it, then start over"

    def moved(self, outputs: RigOutputs, percent: float) -> RigOutputs:
        """Return `outputs` with the valve open at any amount over 0."""
        return replace(outputs, disconnect_valve=percent > 0)

    def observed_percent(self, reading: RigReading) -> float:
        """Return 100 when the valve is open, else 0."""
        return FULLY if reading.disconnect_valve_open else 0.0

    def promised(self, percent: float) -> PromisedEffect | None:
        """Return no flow, and no pressure."""
        return no_flow(PressureMove.FALLS) if percent > 0 else None


INJECTOR = Disconnect()
