# SPDX-License-Identifier: Apache-2.0
"""The order of day, month and year in a date: told by the dates themselves, or asked for."""

import re
from collections.abc import Iterable
from enum import StrEnum

_DATE = re.compile(r"(?P<first>\d{1,4})(?P<mark>[-./])(?P<second>\d{1,2}|[A-Za-zäéû]{3,4})[-./](?P<third>\d{1,4})")
_MOST_MONTHS = 12


class DateOrder(StrEnum):
    """An order, as an option of it is written."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"

    @property
    def places(self) -> tuple[int, int, int]:
        """Return where year, month and day stand."""
        return {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}[self.value]

    def told(self, mark: str) -> str:
        """Return how such a date is written, for people."""
        return mark.join({"y": "yyyy", "m": "mm", "d": "dd"}[letter] for letter in self.value)


def mark_of(cells: Iterable[str]) -> str:
    """Return what parts day, month and year."""
    return next((found["mark"] for cell in cells if (found := _DATE.match(cell.strip()))), "-")


def order_of(cells: Iterable[str]) -> DateOrder | None:
    """Return the order that these dates are written in; None where two orders fit."""
    is_date = False
    for cell in cells:
        found = _DATE.match(cell.strip())
        if found is None:  # whatever it is, it tells nothing of the others
            continue
        is_date = True
        if len(found["first"]) > 2:
            return DateOrder.YMD
        if found["mark"] == "." or not found["second"].isdigit() or int(found["first"]) > _MOST_MONTHS:
            return DateOrder.DMY
        if int(found["second"]) > _MOST_MONTHS:
            return DateOrder.MDY
    return None if is_date else DateOrder.YMD
