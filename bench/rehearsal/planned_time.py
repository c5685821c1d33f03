# SPDX-License-Identifier: Apache-2.0
"""How long a test is going to take, as far as it can be told before it runs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PlannedTime:
    """Bench time of a test.

    Attributes:
        seconds: as far as the plan tells it.
        unknown: what only a run will tell; empty where the plan tells all.
    """

    seconds: float
    unknown: str = ""

    @property
    def hours(self) -> float:
        """Return it in hours."""
        return self.seconds / 3600

    def __str__(self) -> str:
        told = f"{self.hours:.1f} h"
        if not self.unknown:
            return told
        rest = f"unknown until run ({self.unknown})"
        return f"at least {told}; the rest is {rest}" if self.seconds > 0 else rest
