# SPDX-License-Identifier: Apache-2.0
"""The last line of a file that was cut: a logger that died, or one that is still writing."""

import re
from collections.abc import Sequence

from metrology.recording.file_text import FileText
from metrology.recording.layout import cells_of
from metrology.recording.number_style import number_in

_FEWEST_ALIKE = 50
"""So many lines with the same number of digits tell that each line has as many."""
_EXPONENT = re.compile(r"\d[eE]")


def last_line_is_cut(text: FileText, delimiter: str, place: int, rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the last line does not end, and its number has fewer digits than those of all other lines.

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
    if place == len(cells) - 1 and _EXPONENT.search(cells[place]):
        return False
    digits = [_decimals(row[place]) for row in others if place < len(row) and number_in(row[place])]
    # A program that leaves noughts out at the end writes fewer digits now and then; a balance never does.
    is_fixed = len(digits) >= _FEWEST_ALIKE and len(set(digits)) == 1
    return place == len(cells) - 1 and is_fixed and _decimals(cells[place]) < digits[0]


def _decimals(cell: str) -> int:
    number = number_in(cell) or ""
    mark = max(number.rfind("."), number.rfind(","))
    return len(number) - mark - 1 if mark >= 0 else 0
