# SPDX-License-Identifier: Apache-2.0
"""A fault that grows: a mass that closes the catheter, a tear that opens; one step after the other, each confirmed."""

from collections.abc import Callable

from bench.injectors.injection import Injection
from groundfloor.errors import PlanError

Step = Callable[[float], Injection]
"""Moves an injector on to so many per cent, and returns the fault that then stands."""


class GrowingFault:
    """One injector, moved on step by step while a `with` block lasts; it never goes back but to its rest.

    Args:
        what: name of the injector.
        step: moves it on.
    """

    def __init__(self, what: str, step: Step) -> None:
        self._what = what
        self._step = step
        self._percent = 0.0

    def to(self, percent: float) -> Injection:
        """Move on to `percent`; return the fault that stands from then on, in place of the one before.

        Raises:
            PlanError: that is no more than it was.
            BenchFault: the sensor does not show it.
        """
        if percent <= self._percent:
            seen = f"it is at {self._percent:g} %"
            raise PlanError("plan", f"let the {self._what} grow to {percent:g} %", seen, "give rising steps")
        self._percent = percent
        return self._step(percent)
