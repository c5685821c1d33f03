# SPDX-License-Identifier: Apache-2.0
"""One number of the result table, with the spread of its repeats and the target that it is held to."""

from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """What the repeats of one measurement gave.

    Attributes:
        name: what was measured.
        unit: of `values`; `×` for a ratio.
        values: one per repeat.
        at_most: the target, None where there is none.
        note: what it is measured against, or why it was left out.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    at_most: float | None = None
    note: str = ""

    @property
    def middle(self) -> float:
        """Return the median of the repeats; NaN where nothing was measured."""
        return median(self.values) if self.values else float("nan")

    @property
    def least(self) -> float:
        """Return the smallest of the repeats."""
        return min(self.values, default=float("nan"))

    @property
    def greatest(self) -> float:
        """Return the largest of the repeats."""
        return max(self.values, default=float("nan"))

    @property
    def met(self) -> bool | None:
        """Tell whether the median keeps the target; None where there is no target or no value."""
        if self.at_most is None or not self.values:
            return None
        return self.middle <= self.at_most


def left_out(name: str, why: str) -> Figure:
    """Return the line of a measurement that was not made."""
    return Figure(name, "", (), note=f"left out: {why}")
