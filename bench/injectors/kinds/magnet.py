# SPDX-License-Identifier: Apache-2.0
"""A magnet: a field such as that of an MRI scanner, which may stall a pump's motor."""

from dataclasses import replace

from bench.injectors.injector import FULLY
from bench.injectors.promised_effect import PromisedEffect
from instruments.rig import RigOutputs, RigReading

LEAST_SHARE_LOST = 0.8
"""As of a clamp: with more of the flow going on, no rotor was held (assumed)."""


class Magnet:
    """The rig's magnet; it knows only off and on."""

    name = "magnet"
    if_astray = "take magnets away from the pump, then start over"

    def moved(self, outputs: RigOutputs, percent: float) -> RigOutputs:
        """Return `outputs` with the field on at any amount over 0."""
        return replace(outputs, magnet_field=percent > 0)

    def observed_percent(self, reading: RigReading) -> float:
        """Return 100 when a field is there, else 0."""
        return FULLY if reading.magnet_field_present else 0.0

    def promised(self, percent: float) -> PromisedEffect | None:  # noqa: ARG002  whatever it is
        """Return no flow: the field holds the rotor; how soon that turns again is the pump's own affair."""
        return PromisedEffect(1.0, LEAST_SHARE_LOST, ends_with_it=False)


INJECTOR = Magnet()
