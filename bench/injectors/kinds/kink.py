# SPDX-License-Identifier: Apache-2.0
"""A kink: the clamp presses the catheter shut."""

from dataclasses import replace

from bench.injectors.injector import FULLY
from bench.injectors.promised_effect import PressureMove, PromisedEffect, no_flow
from instruments.rig import RigOutputs, RigReading


class Kink:
    """The clamp; 100 % is shut."""

    name = "kink"
    if_astray = "find out what moved it, then start over"

    def moved(self, outputs: RigOutputs, percent: float) -> RigOutputs:
        """Return `outputs` with the clamp at `percent`."""
        return replace(outputs, kink_clamp_percent=percent)

    def observed_percent(self, reading: RigReading) -> float:
        """Return how far the clamp is shut."""
        return reading.kink_clamp_position_percent

    def promised(self, percent: float) -> PromisedEffect | None:
        """Return no flow for a clamp that is shut; one that only pinches may leave all of it."""
        return no_flow(PressureMove.RISES) if percent >= FULLY else None


INJECTOR = Kink()
