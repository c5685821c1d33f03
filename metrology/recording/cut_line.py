# SPDX-License-Identifier: Apache-2.0
"""The last line of a file that was cut: a logger that died, or one that is still writing."""

from collections.abc import Sequence

from metrology.recording.file_text import FileText
from metrology.recording.layout import cells_of
from metrology.recording.number_style import number_in


def last_line_is_cut(text: FileText, delimiter: str, place: int, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the last line does not end, and its number has fewer digits than those of all first lines.

    Args:
        text: the file.
        delimiter: what parts its columns.
        place: of the amount.
        rows: cells of the first lines.
    """
    line = text.unended_line()
    if line is None:
        return False
    cells = cells_of(line, delimiter)
    if place >= len(cells):
        return True
    others = (row for row in rows if tuple(row) != cells)
    digits = [_decimals(row[place]) for row in others if place < len(row) and number_in(row[place])]
    return place == len(cells) - 1 and bool(digits) and _decimals(cells[place]) < min(digits)


def _decimals(cell: str) -> int:
    number = number_in(cell) or ""
    mark = max(number.rfind("."), number.rfind(","))
    return len(number) - mark - 1 if mark >= 0 else 0
