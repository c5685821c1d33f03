# SPDX-License-Identifier: Apache-2.0
"""The layout of a table in a text file: what parts its columns, where its heading is, where its readings begin.

Lines in front of the readings tell about the instrument; the last of them is the heading, or two are, where units have
a line of their own. A line belongs to the readings when at least two of its cells are numbers or times.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from groundfloor.errors import PlanError
from metrology.recording.labview import LABVIEW_TIME, labview_headings
from metrology.recording.number_style import number_in
from metrology.recording.unit import unit_named
from metrology.recording.written_time import is_time

SPACES = " "
"""Columns parted by any number of spaces or tabs."""
DELIMITERS = {";": "semicolon", "\t": "tab", ",": "comma", "|": "|", SPACES: "spaces"}
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_RULE = re.compile(r"[\s|:+=-]+")
"""A line of dashes under a heading."""
_FOREIGN_UNIT = re.compile(r"[\[(][^\[\]()]{1,12}[\])]|[°%][A-Za-z]?|deg ?[CF]|[A-Za-z%µ°/]{1,4}")
_BRACKETS = re.compile(r"[\[(]?\s*([^\[\]()]*?)\s*[\])]?")
FEWEST_VALUES = 2
LONE_MARKS = ("?", "!", "*")
"""What balances print beside a number that is not stable: no column of its own where spaces part columns."""
_LOOKED_AT = 400


@dataclass(frozen=True)
class Layout:
    """A table in a text.

    Attributes:
        delimiter: what parts its columns.
        headings: of the columns, units of a line of their own in brackets behind; numbers from 1 where there are none.
        headed: whether the file has headings.
        heading_cells: the heading as it stands, for lines that say it again.
        first_line: the line of the first reading, counted from 1.
        rows: the cells of the first readings.
    """

    delimiter: str
    headings: tuple[str, ...]
    headed: bool
    heading_cells: tuple[str, ...]
    first_line: int
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, who: str, lines: Sequence[str], delimiter: str | None, fewest_values: int = FEWEST_VALUES) -> Self:
        """Find the layout of some first lines of a file.

        Args:
            who: the file, for messages.
            lines: of the file, from its first.
            delimiter: what parts the columns; found where it is None.
            fewest_values: how many cells of a reading are numbers or times; 1 where no column tells the time.

        Raises:
            PlanError: no line holds readings.
        """
        said = _SEPARATOR_LINE.fullmatch(lines[0].strip()) if lines else None
        given = delimiter or (said[1] if said else None)
        tried = [given] if given else list(DELIMITERS)
        looked_at = lines[: _LOOKED_AT + _first_full(lines)]
        found = [(one, *_readings(looked_at, one, FEWEST_VALUES)) for one in tried]
        if fewest_values < FEWEST_VALUES:
            bare = [(one, *_readings(looked_at, one, fewest_values)) for one in tried]
            most, most_bare = (max(len(rows) for _, rows, _ in some) for some in (found, bare))
            found = bare if most_bare > 2 * most else found
        best, rows, width = max(found, key=lambda one: (len(one[1]), -tried.index(one[0])))
        if not rows:
            return cls._without_readings(who, lines, best)
        return cls._around(looked_at, best, rows[0], width)

    @classmethod
    def _around(cls, lines: Sequence[str], delimiter: str, first: int, width: int) -> Self:
        table = [cells_of(line, delimiter) for line in lines]
        while first and _belongs(lines[first - 1], table[first - 1], width):
            first -= 1
        table = _headings_parted(lines, table, first, width)
        headings, cells = _headings(lines, table, first, width, delimiter)
        rows = tuple(row for line, row in zip(lines[first:], table[first:], strict=True) if line.strip())
        return cls(delimiter, headings or _numbered(width), bool(headings), cells, first + 1, rows)

    @classmethod
    def _without_readings(cls, who: str, lines: Sequence[str], delimiter: str) -> Self:
        """Return what is left: a heading and the line under it, so that a later word is about that line."""
        full = _first_full(lines)
        if full + 1 >= len(lines):
            count = len(lines) - full
            seen = f"it has {count} line{'s' * (count != 1)}: no readings"
            raise PlanError(who, "read", seen, "name a file with a heading and the readings under it")
        delimiter = max((one for one in DELIMITERS if one != SPACES), key=lines[full].count)
        heading, first = (cells_of(lines[full + place], delimiter) for place in (0, 1))
        return cls(delimiter, heading, True, heading, full + 2, (first,))


def cells_of(line: str, delimiter: str) -> tuple[str, ...]:
    """Return the cells of a line."""
    if delimiter == SPACES:
        return tuple(cell for cell in line.split() if cell not in LONE_MARKS)
    return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), []))


def is_comment(line: str) -> bool:
    """Tell whether a line is none of the table."""
    return not line.strip() or line.lstrip().startswith(("#", "//"))


def _first_full(lines: Sequence[str]) -> int:
    return next((number for number, line in enumerate(lines) if not is_comment(line)), len(lines))


def _readings(lines: Sequence[str], delimiter: str, fewest: int) -> tuple[list[int], int]:
    """Return the lines that look like readings if columns are parted so, and how many columns these have."""
    table = {number: cells_of(line, delimiter) for number, line in enumerate(lines) if not is_comment(line)}
    like = [number for number, cells in table.items() if _is_reading(cells, fewest)]
    if not like:
        return [], 0
    # Lines about the instrument hold numbers as well, behind a word that no reading has.
    worded = [number for number in like if _begins_with_a_word(table[number])]
    others = [number for number in like if number not in set(worded)]
    if others and (2 * len(worded) < len(like) or max(worded, default=-1) < others[0]):
        like = others
    width = Counter(len(table[number]) for number in like).most_common(1)[0][0]
    return [number for number in like if len(table[number]) == width], width


def _begins_with_a_word(cells: Sequence[str]) -> bool:
    return bool(cells[0]) and number_in(cells[0]) is None and not is_time(cells[0])


def _is_reading(cells: Sequence[str], fewest: int) -> bool:
    numbers, times = sum(number_in(cell) is not None for cell in cells), sum(map(is_time, cells))
    return numbers >= 1 and numbers + times >= fewest


def _belongs(line: str, cells: Sequence[str], width: int) -> bool:
    """Tell whether a line above the first good reading is a reading as well, one that cannot be read."""
    some = any(number_in(cell) is not None or is_time(cell) for cell in cells)
    return not is_comment(line) and len(cells) == width and some and bool(cells[0])


def _headings(
    lines: Sequence[str], table: Sequence[tuple[str, ...]], first: int, width: int, delimiter: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the headings, and the cells of the heading's line; both empty where there is none."""
    above = [number for number in range(first) if lines[number].strip()]
    named = [number for number in above if not is_comment(lines[number]) and not _RULE.fullmatch(lines[number])]
    if named and _are_units(table[named[-1]]) and len(named) > 1 and _is_heading(table[named[-2]]):
        names, units = table[named[-2]], table[named[-1]]
        return _filled(_with_units(names, units), width), names
    if named and table[named[-1]][0].casefold() == LABVIEW_TIME.casefold():
        return _filled(labview_headings(table[named[-1]], [table[number] for number in above]), width), table[named[-1]]
    if named and _is_heading(table[named[-1]]):
        return _filled(table[named[-1]], width), table[named[-1]]
    if above and is_comment(lines[above[-1]]):
        cells = cells_of(lines[above[-1]].lstrip().lstrip("#/").strip(), delimiter)
        if len(cells) == width and _is_heading(cells):
            return cells, cells
    return (), ()


def _headings_parted(
    lines: Sequence[str], table: list[tuple[str, ...]], first: int, width: int
) -> list[tuple[str, ...]]:
    """Return the cells of all lines; the line above the readings parted by another mark where only that fits."""
    above = next((number for number in range(first - 1, -1, -1) if not is_comment(lines[number])), None)
    if above is None or len(table[above]) >= width:
        return table
    for other in DELIMITERS:
        cells = cells_of(lines[above], other)
        if len(cells) == width and other != SPACES and _is_heading(cells):
            return [*table[:above], cells, *table[above + 1 :]]
    return table


def _is_heading(cells: Sequence[str]) -> bool:
    return any(cells) and not any(number_in(cell) is not None or is_time(cell) for cell in cells)


def _are_units(cells: Sequence[str]) -> bool:
    written = [cell for cell in cells if cell]
    # Beside a unit of ours another may stand that is none, such as that of a temperature.
    known = [cell for cell in written if _unit_in(cell)]
    return bool(known) and all(cell in known or _FOREIGN_UNIT.fullmatch(cell) for cell in written)


def _unit_in(cell: str) -> str:
    found = _BRACKETS.fullmatch(cell)
    inside = found[1] if found else ""
    return inside if unit_named(inside) or inside.casefold() in ("-", "iso", "hh:mm:ss") else ""


def _with_units(names: Sequence[str], units: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        f"{name} [{unit}]" if (unit := _unit_in(units[place]) if place < len(units) else "") else name
        for place, name in enumerate(names)
    )


def _filled(headings: Sequence[str], width: int) -> tuple[str, ...]:
    """Return as many headings as there are columns: a comma at the end of each reading makes one more."""
    return (*headings[:width], *("" for _ in range(width - len(headings))))


def _numbered(width: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, width + 1))
