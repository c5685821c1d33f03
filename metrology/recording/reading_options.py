# SPDX-License-Identifier: Apache-2.0
"""What a person may say about how a file is written; what is left out is found in the file, or asked for."""

from dataclasses import dataclass, field

from metrology.recording.column_choice import ColumnChoice
from metrology.recording.date_order import DateOrder

ANY = "any"
"""Passes over every line that holds no reading."""


@dataclass(frozen=True)
class ReadingOptions:
    """How to read a file.

    Attributes:
        columns: which they are, and their units.
        delimiter: what parts columns.
        decimal: the decimal mark.
        thousands: what parts groups of three digits.
        date_order: of day, month and year.
        time_zone: of a clock on a wall, by its name in the IANA list.
        sheet: of a workbook.
        pass_over: what stands in cells whose lines hold no reading, such as `OL`; `any` for all.
        convert_units: whether each line counts in its own unit where units change.
        from_source: whether the vessel on the balance is the one that is drawn from.
        use_from_s, use_to_s: the part of the file to use at all, since its first reading.
        part: of a file in which several recordings stand, from 1: the readings whose time does not run backwards.
        sort: whether lines stand in any order, and their times tell the right one.
        only: columns and values, such as `pump=A`: lines with other values do not count.
        increments: whether each reading is what came since the one before.
        growing: whether the file is still being written: a last line that does not end is not there yet.
        set_rate_ul_per_h: may tell the unit of a mass where nothing else does.
    """

    columns: ColumnChoice = field(default_factory=ColumnChoice)
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    date_order: DateOrder | None = None
    time_zone: str | None = None
    sheet: str | None = None
    pass_over: tuple[str, ...] = ()
    convert_units: bool = False
    from_source: bool = False
    use_from_s: float | None = None
    use_to_s: float | None = None
    part: int | None = None
    sort: bool = False
    only: tuple[str, ...] = ()
    increments: bool = False
    growing: bool = False
    set_rate_ul_per_h: float | None = None
