# SPDX-License-Identifier: Apache-2.0
"""Requirements from a table of text, as spreadsheets save it: comma, semicolon or tab, with or without a mark."""

import codecs
import csv
import io
from pathlib import Path

from bench.requirement_import.columns import Columns
from bench.requirement_import.imported import Imported
from groundfloor.errors import PlanError
from groundfloor.regular_file import read_regular

MOST_BYTES = 1 << 26
ENCODINGS = ("utf-8-sig", "cp1252")
"""What spreadsheets write; the first that fits counts."""


def read_csv(path: Path, columns: Columns) -> Imported:
    """Read a table whose first line names its columns.

    Raises:
        PlanError: it cannot be read, or no column holds ids, or texts.
    """
    text = _text(path)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as odd:
        raise PlanError(f"table {path}", "read", f"it is no table: {odd}", "export it again, as CSV in UTF-8") from odd
    if not rows:
        raise PlanError(f"table {path}", "read", "it is empty", "export it again")
    named = columns.found_among(rows[0])
    named.refuse_unnamed(f"table {path}", rows[0])
    width = len(rows[0])
    skipped, told = [], []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) > width:
            skipped.append(f"row {number}: {len(row)} columns, not {width}")
        elif any(row):
            told.append(named.row(f"row {number}", dict(zip(rows[0], row, strict=False))))
    return Imported.of(told, skipped)


def _text(path: Path) -> str:
    try:
        content = read_regular(path, MOST_BYTES)
    except OSError as refused:
        raise PlanError(f"table {path}", "read", str(refused), "name a CSV file") from refused
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # "Unicode text" of a spreadsheet
    for encoding in ("utf-16",) if marked else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PlanError(f"table {path}", "read", "it is neither UTF-8, UTF-16 nor Windows-1252", "save it as UTF-8")
