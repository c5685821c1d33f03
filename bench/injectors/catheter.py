# SPDX-License-Identifier: Apache-2.0
"""The catheter on the bench: kink it, take it off, let it leak, and put it back for sure."""

from contextlib import AbstractContextManager

from bench.injectors.growing_fault import GrowingFault
from bench.injectors.injection import Injection
from bench.injectors.injector import FULLY
from bench.injectors.injectors import Injectors
from bench.injectors.moved_outlet import outlet_moved_by
from bench.injectors.table import injector_named
from bench.injectors.torn_catheter import TORN_CATHETER


class Catheter:
    """The faults of a catheter, each for as long as a `with` block lasts."""

    def __init__(self, injectors: Injectors) -> None:
        self._injectors = injectors

    def kinked(self, percent: float = FULLY) -> AbstractContextManager[Injection]:
        """Clamp the catheter to `percent` (100 is shut) while the block runs.

        Raises:
            BenchFault: the clamp's sensor does not show it, or it does not open again.
        """
        return self._injectors.injected(injector_named("kink"), percent)

    def narrowing(self) -> AbstractContextManager[GrowingFault]:
        """Let the clamp close step by step while the block runs, as a mass at the catheter's tip does.

        Raises:
            BenchFault: the clamp's sensor does not show a step, or it does not open again.
        """
        return self._injectors.growing(injector_named("kink"))

    def disconnected(self) -> AbstractContextManager[Injection]:
        """Take the catheter off while the block runs: what the pump gives does not reach the vessel.

        Raises:
            BenchFault: the valve's sensor does not show it, or it does not close again.
        """
        return self._injectors.injected(injector_named("disconnect"), FULLY)

    def leaking(self, percent: float) -> AbstractContextManager[Injection]:
        """Let `percent` of the flow leak out beside the vessel while the block runs.

        Raises:
            BenchFault: the valve's sensor does not show it, or it does not close again.
        """
        return self._injectors.injected(injector_named("leak"), percent)

    def with_fault(self, name: str, percent: float = FULLY) -> AbstractContextManager[Injection]:
        """Make the fault of any injector, one of a plug-in for one, while the block runs.

        Raises:
            PlanError: no injector has this name; the nearest is told.
            BenchFault: its sensor does not show it, or it does not go back.
        """
        return self._injectors.injected(injector_named(name), percent)

    def tearing(self) -> AbstractContextManager[GrowingFault]:
        """Let a leak beside the vessel grow step by step while the block runs.

        Raises:
            BenchFault: the valve's sensor does not show a step, or it does not close again.
        """
        return self._injectors.growing(injector_named("leak"))

    def torn_in_the_middle(self) -> AbstractContextManager[Injection]:
        """Open the catheter in its middle while the block runs: what the pump gives does not reach the vessel.

        Raises:
            BenchFault: the rig has no such valve, its sensor does not show it, or it does not close again.
        """
        return self._injectors.injected(TORN_CATHETER, FULLY)

    def outlet_moved_by(self, kpa: float) -> AbstractContextManager[Injection]:
        """Raise the catheter's outlet over its rest while the block runs, by height or pressure; negative lowers it.

        Raises:
            BenchFault: the rig has no such lift, its sensor or that of the outlet's pressure does not show it, or it
                does not come back.
        """
        fault, percent = outlet_moved_by(kpa)
        return self._injectors.injected(fault, percent)
