# SPDX-License-Identifier: Apache-2.0
"""Tells s, ms, µs or ns since 1970 by their size: loggers write them without a unit."""

from collections.abc import Sequence

from metrology.recording.number_style import number_in
from metrology.recording.unit import Unit, unit_named

_FROM, _TO = 946_684_800.0, 4_102_444_800.0
"""The years 2000 and 2100 in s since 1970."""
_DAYS_FROM, _DAYS_TO = 36_526.0, 73_051.0
_SCALES = ((1.0, "s"), (1e3, "ms"), (1e6, "µs"), (1e9, "ns"))


def unix_unit(cells: Sequence[str]) -> Unit | None:
    """Return the unit of cells that all lie between the years 2000 and 2100; None where they do not."""
    numbers = [_value(cell) for cell in cells]
    for scale, symbol in _SCALES:
        if numbers and all(number is not None and scale * _FROM <= number < scale * _TO for number in numbers):
            return unit_named(symbol)
    return None


def is_unix_time(cells: Sequence[str]) -> bool:
    """Tell whether cells are such times, whatever the heading says: they all lie there, and they change."""
    return len(set(cells)) > 1 and unix_unit(cells) is not None


def spreadsheet_days(cells: Sequence[str]) -> bool:
    """Tell whether all cells can be days since 1900, as a spreadsheet counts them, between the years 2000 and 2100."""
    numbers = [_value(cell) for cell in cells]
    return bool(numbers) and all(number is not None and _DAYS_FROM <= number < _DAYS_TO for number in numbers)


def _value(cell: str) -> float | None:
    if number_in(cell) is None:
        return None
    try:
        return float(cell.strip().strip('"').replace(",", "."))
    except ValueError:
        return None
