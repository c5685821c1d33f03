# SPDX-License-Identifier: Apache-2.0
"""A sheet of a workbook (XLSX, XLS, ODS) as text: the cells as a person sees them, parted by tabs.

The reader is python-calamine. From here on a workbook is a text file like any other, with its own layout and headings.
"""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundfloor.errors import PlanError
from groundfloor.printable import one_line
from metrology.recording.number_style import number_in
from metrology.recording.written_time import is_time

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

_FEWEST_VALUES, _FEWEST_ROWS, _LOOKED_AT = 2, 3, 400


def sheet_as_text(path: Path, sheet: str | None) -> tuple[bytes, str]:
    """Return the rows of a sheet, one a line, in UTF-8, and the sheet's name where there are several.

    Args:
        path: the workbook.
        sheet: its name; the first that holds readings if not given.

    Raises:
        PlanError: it is no workbook, or has no such sheet.
    """
    from python_calamine import CalamineError, load_workbook

    who = f"recording {path}"
    try:
        with load_workbook(str(path)) as book:
            names = book.sheet_names
            if sheet is not None and sheet not in names:
                raise PlanError("--sheet", "find", f"no {sheet!r} among {', '.join(map(repr, names))}", "name one")
            if not names:
                raise PlanError(who, "read", "the workbook has no sheet", "name another file")
            taken, rows = _rows(book, names if sheet is None else [sheet])
    except (CalamineError, OSError, ValueError) as broken:
        raise PlanError(who, "read the workbook", one_line(str(broken)), "save it again, or as CSV text") from broken
    rows = _with_midnights(rows)
    text = "".join("\t".join(map(_text, row)) + "\n" for row in rows).encode()
    return text, taken if len(names) > 1 else ""


def _rows(book: "CalamineWorkbook", names: list[str]) -> tuple[str, list[list[Any]]]:
    """Return the first sheet that holds readings, and its rows; the first of all where none does."""
    first: list[list[Any]] | None = None
    for name in names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if _holds_readings(rows):
            return name, rows
        first = rows if first is None else first
    return names[0], first or []


def _with_midnights(rows: list[list[Any]]) -> list[list[Any]]:
    """Return rows in which an instant at midnight is one where its column holds instants: the reader makes it a day."""
    width = max(map(len, rows), default=0)
    stamped = {place for place in range(width) for row in rows if place < len(row) and _is_instant(row[place])}
    for row in rows if stamped else ():
        for place in stamped & set(range(len(row))):
            if isinstance(row[place], dt.date) and not _is_instant(row[place]):
                row[place] = dt.datetime.combine(row[place], dt.time())
    return rows


def _is_instant(cell: object) -> bool:
    return isinstance(cell, dt.datetime)


def _holds_readings(rows: list[list[Any]]) -> bool:
    like = (sum(_is_value(cell) for cell in row) >= _FEWEST_VALUES for row in rows[:_LOOKED_AT])
    return sum(like) >= _FEWEST_ROWS


def _is_value(cell: object) -> bool:
    if isinstance(cell, str):
        return number_in(cell) is not None or is_time(cell)
    return not isinstance(cell, bool)


def _text(cell: object) -> str:
    """Return a cell as text; whole numbers have no point, times are those of ISO 8601."""
    if isinstance(cell, bool):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, dt.timedelta):
        return _elapsed(cell.total_seconds())
    return one_line(str(cell)).replace("\t", " ")


def _elapsed(duration_s: float) -> str:
    minutes, seconds = divmod(duration_s, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:06.3f}"
