# SPDX-License-Identifier: Apache-2.0
"""What a profile allows a quantity to be, and who says so."""

import math
from dataclasses import dataclass

from groundfloor.errors import PlanError


@dataclass(frozen=True)
class Limits:
    """The values allowed, limits included.

    Attributes:
        lower: the lowest allowed value, or None for none.
        upper: the highest allowed value, or None for none.
        unit: of both; only a quantity in the same unit can be judged.
        source: where the figures come from, for the record.

    Raises:
        PlanError: there is no limit at all, one is not finite, or they are crossed.
    """

    lower: float | None
    upper: float | None
    unit: str
    source: str

    def __post_init__(self) -> None:
        given = [limit for limit in (self.lower, self.upper) if limit is not None]
        if not given or not all(math.isfinite(limit) for limit in given):
            seen = f"lower {self.lower}, upper {self.upper}: there must be one, and it must be finite"
            raise PlanError(self._who, "check", seen, self._next)
        if given[0] > given[-1]:
            raise PlanError(self._who, "check", f"{self}: the lower limit is above the upper", self._next)

    def __str__(self) -> str:
        if self.lower is None:
            return f"at most {self.upper:g} {self.unit}"
        if self.upper is None:
            return f"at least {self.lower:g} {self.unit}"
        return f"{self.lower:g} to {self.upper:g} {self.unit}"

    @property
    def _who(self) -> str:
        return f"limits from {self.source}"

    @property
    def _next(self) -> str:
        return "mend the limits where they are written"
