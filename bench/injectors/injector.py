# SPDX-License-Identifier: Apache-2.0
"""An injector: an actuator of the rig that makes one fault, and the sensor that shows it.

A new one is one file in `bench/injectors/kinds/`; everything else finds it through the table.
"""

from typing import Protocol, runtime_checkable

from bench.injectors.promised_effect import PromisedEffect
from instruments.rig import RigOutputs, RigReading

FULLY = 100.0
"""Per cent of an injector that is all the way out; one that knows only on and off is either here or at 0."""


@runtime_checkable
class Injector(Protocol):
    """One injector. Amounts are in per cent: 0 is the safe state, 100 the whole fault."""

    @property
    def name(self) -> str:
        """Return what the fault is called in the journal."""
        ...

    @property
    def if_astray(self) -> str:
        """Return what a person has to do when its sensor shows what nobody asked for."""
        ...

    def moved(self, outputs: RigOutputs, percent: float) -> RigOutputs:
        """Return `outputs` with this injector at `percent`, and every other left as it is."""
        ...

    def observed_percent(self, reading: RigReading) -> float:
        """Return where it really is, by a sensor that is independent of the actuator."""
        ...

    def promised(self, percent: float) -> PromisedEffect | None:
        """Return what it does to flow and pressure at `percent`; None where neither has to show it."""
        ...
