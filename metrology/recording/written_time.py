# SPDX-License-Identifier: Apache-2.0
"""How a file writes instants: dates in the order of a country, clocks of 12 or 24 hours, time zones, elapsed times."""

import re

from metrology.recording.elapsed_time import is_elapsed
from metrology.recording.worded_date import date_in_digits, is_worded_stamp

_FRACTION = r"(?:[.,:]\d+)?"
_DATE = r"(?P<d1>\d{1,4})(?P<mark>[-./])(?P<d2>\d{1,2})[-./](?P<d3>\d{1,4})"
_COMPACT = r"(?P<compact>\d{8})"
_CLOCK = rf"(?P<hour>\d{{1,3}}):(?P<minute>\d{{2}})(?::(?P<second>\d{{2}}{_FRACTION}))?\s*(?P<half>[AaPp]\.?[Mm]\.?)?"
_COMPACT_CLOCK = rf"(?P<hour2>\d{{2}})(?P<minute2>\d{{2}})(?P<second2>\d{{2}}{_FRACTION})?"
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
STAMP = rf"^(?:{_DATE}|{_COMPACT})(?:[T ,;_]+|)(?:{_CLOCK}|{_COMPACT_CLOCK}){_ZONE}$"
DATE = rf"^(?:{_DATE}|{_COMPACT})$"
CLOCK = rf"^{_CLOCK}{_ZONE}$"
_STAMP_HERE = re.compile(rf"^(?:{_DATE}(?:[T ,_]+)|{_COMPACT}[T ])(?:{_CLOCK}|{_COMPACT_CLOCK}){_ZONE}$")
AROUND = "[]"
"""Brackets that logs put around an instant."""
_DATE_HERE, _CLOCK_HERE = re.compile(rf"^{_DATE}$"), re.compile(CLOCK)


def is_stamp(cell: str) -> bool:
    """Tell whether a cell holds a date and a clock."""
    return _STAMP_HERE.match(cell.strip()) is not None or is_worded_stamp(cell)


def is_date(cell: str) -> bool:
    """Tell whether a cell holds a date and nothing else."""
    text = cell.strip().strip(AROUND)
    return _DATE_HERE.match(text) is not None or date_in_digits(text) is not None


def is_clock(cell: str) -> bool:
    """Tell whether a cell holds a clock, or a time that elapsed, in hours, minutes and perhaps seconds."""
    return _CLOCK_HERE.match(cell.strip().strip(AROUND)) is not None or is_elapsed(cell)


def is_time(cell: str) -> bool:
    """Tell whether a cell holds any of these."""
    return is_stamp(cell) or is_date(cell) or is_clock(cell)
