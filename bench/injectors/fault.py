# SPDX-License-Identifier: Apache-2.0
"""What every fault that the rig makes has: a name, and what it does to flow and pressure."""

from typing import Protocol

from bench.injectors.promised_effect import PromisedEffect


class Fault(Protocol):
    """One kind of fault; amounts are in per cent."""

    @property
    def name(self) -> str:
        """Return what the fault is called in the journal."""
        ...

    def promised(self, percent: float) -> PromisedEffect | None:
        """Return what it does to flow and pressure at `percent`; None where neither has to show it."""
        ...
