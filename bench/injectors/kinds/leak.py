# SPDX-License-Identifier: Apache-2.0
"""A leak: a part of the flow goes beside the vessel."""

from dataclasses import replace

from bench.injectors.injector import FULLY
from bench.injectors.promised_effect import PromisedEffect
from instruments.rig import RigOutputs, RigReading

LEAST_SHOWING_PERCENT = 30.0
"""Half of it is as much as the accuracy of a pump (assumed)."""


class Leak:
    """The leak valve; the amount is the share of the flow that is lost."""

    name = "leak"
    if_astray = "find out what moved it, then start over"

    def moved(self, outputs: RigOutputs, percent: float) -> RigOutputs:
        """Return `outputs` with the valve at `percent`."""
        return replace(outputs, leak_valve_percent=percent)

    def observed_percent(self, reading: RigReading) -> float:
        """Return how far the valve is open."""
        return reading.leak_valve_position_percent

    def promised(self, percent: float) -> PromisedEffect | None:
        """Return the share that is lost; with less than half of it missing the valve lets nothing out.

        None for a small leak: half of it is no more than what a good pump may leave out, or give on top, by itself.
        """
        share = percent / FULLY
        return PromisedEffect(share, share / 2) if percent >= LEAST_SHOWING_PERCENT else None


INJECTOR = Leak()
