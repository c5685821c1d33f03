# SPDX-License-Identifier: Apache-2.0
"""How a figure of a sample grows while an infusion goes on, so that the length of a journal can be foretold."""

from dataclasses import dataclass
from enum import StrEnum


class GrowsWith(StrEnum):
    """What moves a figure on."""

    TIME = "time"
    VOLUME = "volume"


@dataclass(frozen=True)
class Growth:
    """How a figure moves on.

    Attributes:
        grows_with: seconds gone, or microlitres delivered.
        per_unit: by how much for each of them.
        digits: behind the point, as it is written.
        least: it never falls below this.
    """

    grows_with: GrowsWith
    digits: int
    per_unit: float = 1.0
    least: float | None = None

    def moved(self, value: float, gone_s: float, gone_ul: float) -> float:
        """Return the figure as it will be `gone_s` and `gone_ul` later."""
        gone = gone_s if self.grows_with is GrowsWith.TIME else gone_ul
        moved = value + self.per_unit * gone
        return round(moved if self.least is None else max(self.least, moved), self.digits)
