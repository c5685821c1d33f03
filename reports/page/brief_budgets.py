# SPDX-License-Identifier: Apache-2.0
"""Budgets of the same influences, a line each: what every influence contributes."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from reports.page.recorded_judgement import NEGLIGIBLE_PERCENT, BudgetRow, RecordedBudget

_INSTANT = re.compile(r" at (-?[\d.]+) s$")


@dataclass(frozen=True)
class BriefBudgets:
    """Budgets that differ in their figures alone.

    Attributes:
        unit: of the results.
        influences: the names, by alphabet; those of two instants stand twice, the earlier first.
        negligible: names of the influences that are negligible in each of the budgets.
        budgets: each with its contributions in the order of `influences`, in `unit`; the last is of all that are
            negligible, together.
    """

    unit: str
    influences: tuple[str, ...]
    negligible: tuple[str, ...]
    budgets: tuple[tuple[RecordedBudget, tuple[float, ...]], ...]

    @classmethod
    def all_of(cls, budgets: Iterable[RecordedBudget]) -> tuple[Self, ...]:
        """Return the budgets by unit and influences, in the order of the first of each."""
        alike: dict[tuple[str, tuple[str, ...]], list[tuple[RecordedBudget, list[BudgetRow]]]] = {}
        for one in budgets:
            rows = sorted(one.rows, key=_by_name_and_instant)
            names = tuple(_INSTANT.sub("", row.name) for row in rows)
            alike.setdefault((one.unit, names), []).append((one, rows))
        return tuple(cls._of(unit, names, same) for (unit, names), same in alike.items())

    @classmethod
    def _of(cls, unit: str, names: tuple[str, ...], same: list[tuple[RecordedBudget, list[BudgetRow]]]) -> Self:
        share = [max(rows[at].share_percent for _, rows in same) for at in range(len(names))]
        told = [at for at, percent in enumerate(share) if percent >= NEGLIGIBLE_PERCENT]
        rest = [at for at, percent in enumerate(share) if percent < NEGLIGIBLE_PERCENT]
        return cls(
            unit,
            tuple(names[at] for at in told),
            tuple(dict.fromkeys(names[at] for at in rest)),
            tuple(
                (one, (*(rows[at].contribution for at in told), math.hypot(*(rows[at].contribution for at in rest))))
                for one, rows in same
            ),
        )


def _by_name_and_instant(row: BudgetRow) -> tuple[str, float]:
    instant = _INSTANT.search(row.name)
    return _INSTANT.sub("", row.name), float(instant[1]) if instant else 0.0
