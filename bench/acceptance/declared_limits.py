# SPDX-License-Identifier: Apache-2.0
"""What a plan will accept, told before anything is measured.

Some limits are figures from the start: a latency in seconds. Others are a share of what is only known when the window
is weighed: a volume within so many per cent of the programmed one. Both are written down beforehand, and what is judged
later must be judged by them.
"""

import math
from dataclasses import dataclass

from groundfloor.errors import PlanError
from metrology.verdict import Limits, Measurement

PERCENT = "%"
_SAME = 1e-9


@dataclass(frozen=True)
class DeclaredLimits:
    """Limits of a judgement to come.

    Attributes:
        lower, upper: None for none; both None where the finding is a yes or a no.
        unit: of the figures; `%` of `relative_to` where that is named.
        source: where the figures come from, for the record.
        relative_to: what the figures are a share of, such as the programmed volume; empty for absolute figures.
    """

    lower: float | None
    upper: float | None
    unit: str
    source: str
    relative_to: str = ""

    @classmethod
    def yes_or_no(cls, source: str) -> "DeclaredLimits":
        """Return the limits of a finding without a figure: something happened that had to, or must not."""
        return cls(None, None, "", source)

    @property
    def is_yes_or_no(self) -> bool:
        """Tell whether no figure is judged."""
        return self.lower is None and self.upper is None

    def __str__(self) -> str:
        if self.is_yes_or_no:
            return "yes or no"
        of = f" of the {self.relative_to}" if self.relative_to else ""
        if self.lower is None:
            return f"at most {self.upper:g} {self.unit}{of}"
        if self.upper is None:
            return f"at least {self.lower:g} {self.unit}{of}"
        return f"{self.lower:g} to {self.upper:g} {self.unit}{of}"

    def refuse_others(self, name: str, measurement: Measurement) -> None:
        """Refuse a measurement that is going to be judged by other limits than were declared.

        Raises:
            PlanError: its limits or its unit are others, or nothing is told that a share could be of.
        """
        declared = self._of(name, measurement)
        limits = measurement.limits
        same = (
            limits.unit == declared.unit and _same(limits.lower, declared.lower) and _same(limits.upper, declared.upper)
        )
        if not same:
            raise PlanError(
                name, "judge", f"declared was {self}, that is {declared}; {measurement.name} is judged by {limits}",
                "declare the limits that the judgement has",
            )  # fmt: skip

    def _of(self, name: str, measurement: Measurement) -> Limits:
        if self.is_yes_or_no:
            seen = f"declared was a yes or a no, {measurement.name} is a figure"
            raise PlanError(name, "judge", seen, "declare its limits")
        if not self.relative_to:
            return Limits(self.lower, self.upper, self.unit, self.source)
        if measurement.reference is None:
            seen = f"declared was a share of the {self.relative_to}, {measurement.name} has none"
            raise PlanError(name, "judge", seen, "declare absolute limits")
        lower, upper = (_share(limit, measurement.reference) for limit in (self.lower, self.upper))
        return Limits(lower, upper, measurement.quantity.unit, self.source)


def _share(limit: float | None, reference: float) -> float | None:
    return None if limit is None else limit / 100 * reference


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=_SAME, abs_tol=_SAME)
