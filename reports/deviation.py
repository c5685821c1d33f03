# SPDX-License-Identifier: Apache-2.0
"""How much of what is allowed a value uses up: the one figure by which values of different units can be compared.

Between two limits the middle is 0 % and either limit ±100 %. With a single limit the value is told as a share of it.
"""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Deviation:
    """A value as a share of its limits.

    Attributes:
        percent: 100 is at a limit; negative below the middle of two limits.
        uncertainty_percent: U on the same scale; None where there is none.
        basis: what 100 % is: "limit" (either of two), "most" (an upper limit alone) or "least" (a lower one alone).
    """

    percent: float
    uncertainty_percent: float | None
    basis: str

    @classmethod
    def of(cls, value: float | None, expanded: float | None, lower: float | None, upper: float | None) -> Self | None:
        """Return the deviation; None where there is no value, no limit, or a limit of zero that nothing is a share of.

        Args:
            value: what was measured.
            expanded: U in the same unit; None for none.
            lower: the lower limit in the same unit; None for none.
            upper: the upper one.
        """
        if value is None:
            return None
        middle, scale, basis = _scale(lower, upper)
        if scale <= 0:
            return None
        percent = 100 * (value - middle) / scale
        return cls(percent, None if expanded is None else 100 * expanded / scale, basis)

    @property
    def used_percent(self) -> float:
        """Return how much of the allowed is used up at worst, U counted against the value; above 100 it is no PASS."""
        added = self.uncertainty_percent or 0.0
        if self.basis != "least":
            return abs(self.percent) + added
        least = self.percent - added
        return 100 * 100 / least if least > 0 else float("inf")


def excess(value: float | None, lower: float | None, upper: float | None) -> float:
    """Return by how much a value is above its upper limit, negative below its lower one; 0 inside, or without value."""
    if value is None:
        return 0.0
    if upper is not None and value > upper:
        return value - upper
    return value - lower if lower is not None and value < lower else 0.0


def _scale(lower: float | None, upper: float | None) -> tuple[float, float, str]:
    """Return what counts as 0 %, how far from it 100 % is, and what that is."""
    if lower is not None and upper is not None:
        return (lower + upper) / 2, (upper - lower) / 2, "limit"
    if upper is not None:
        return 0.0, upper, "most"
    return 0.0, lower or 0.0, "least"
