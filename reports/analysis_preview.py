# SPDX-License-Identifier: Apache-2.0
"""The first rows of a recording beside what they are understood as, before anything is computed from them."""

import math

from rich.console import Group
from rich.table import Table

from metrology.recording.file_reader import FileReader
from reports.terminal_text import terminal_text

ROWS = 8


def preview_table(reader: FileReader) -> Group:
    """Return the first rows, and how the file is read, for a terminal."""
    rows = reader.first_rows(ROWS)
    table = Table("line", *(terminal_text(heading or "–") for heading in reader.headings), "time / s", "amount")
    for row in rows:
        cells = [*row.cells, *([""] * (len(reader.headings) - len(row.cells)))][: len(reader.headings)]
        table.add_row(str(row.line), *map(terminal_text, cells), _told(row.time_s), _told(row.amount, reader.unit))
    return Group(f"read as: {terminal_text(reader.read_as)}", table)


def _told(value: float, unit: str = "") -> str:
    return "no number" if math.isnan(value) else f"{value:.10g} {unit}".strip()
