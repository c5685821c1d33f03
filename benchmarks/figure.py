# SPDX-License-Identifier: Apache-2.0
"""One number of the result table, with the spread of its repeats and the target that it is held to."""

from dataclasses import dataclass
from statistics import median

GATE = 1.25
"""A busy or another machine may miss a target by so much; what misses it by more has become slower."""


@dataclass(frozen=True)
class Figure:
    """What the repeats of one measurement gave.

    Attributes:
        name: what was measured.
        unit: of `values`; `×` for a ratio.
        values: one per repeat.
        at_most: the target, None where there is none.
        note: what it is measured against, or why it was left out.
        aim: what would be better still; of the same sense as the target.
        at_least: the target of what has to be large.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    at_most: float | None = None
    note: str = ""
    aim: float | None = None
    at_least: float | None = None

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
        if not self.values or (self.at_most is None and self.at_least is None):
            return None
        return (self.at_most is None or self.middle <= self.at_most) and (
            self.at_least is None or self.middle >= self.at_least
        )

    @property
    def passes_the_gate(self) -> bool:
        """Tell whether the median misses the target by no more than `GATE`; where there is none it does."""
        far = self.values and (
            (self.at_most is not None and self.middle > GATE * self.at_most)
            or (self.at_least is not None and self.middle < self.at_least / GATE)
        )
        return not far


def left_out(name: str, why: str) -> Figure:
    """Return the line of a measurement that was not made."""
    return Figure(name, "", (), note=f"left out: {why}")
