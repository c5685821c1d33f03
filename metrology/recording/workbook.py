# SPDX-License-Identifier: Apache-2.0
"""A sheet of an XLSX workbook as text: the cells as a person sees them, parted by tabs.

The reader is python-calamine. From here on a workbook is a text file like any other, with its own layout and headings.
"""

import datetime as dt
from pathlib import Path

from groundfloor.errors import PlanError
from groundfloor.printable import one_line


def sheet_as_text(path: Path, sheet: str | None) -> bytes:
    """Return the rows of a sheet, one a line, in UTF-8.

    Args:
        path: the workbook.
        sheet: its name; the first if not given.

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
            rows = book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as broken:
        raise PlanError(who, "read the workbook", one_line(str(broken)), "save it again, or as CSV text") from broken
    return "".join("\t".join(map(_text, row)).rstrip("\t") + "\n" for row in rows).encode()


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
