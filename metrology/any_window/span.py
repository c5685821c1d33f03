# SPDX-License-Identifier: Apache-2.0
"""A span of time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """From one instant to a later one; either may be infinite."""

    from_s: float
    to_s: float

    @property
    def duration_s(self) -> float:
        """Return how long it is."""
        return self.to_s - self.from_s

    def holds(self, at_s: float) -> bool:
        """Tell whether an instant lies in it, its ends included."""
        return self.from_s <= at_s <= self.to_s
