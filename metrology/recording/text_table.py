# SPDX-License-Identifier: Apache-2.0
"""The rows of a table in a text file, block by block; lines that are no rows are left out, and their numbers kept.

Memory does not grow with the file: of each block only the columns that were asked for are kept.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from groundfloor.errors import PlanError
from groundfloor.printable import one_line
from metrology.recording.file_text import EXPORT, FileText
from metrology.recording.layout import DELIMITERS, FEWEST_VALUES, SPACES, Layout, cells_of, is_comment
from metrology.recording.rewritten_text import RewrittenText

BLOCK_BYTES = 1 << 22
Lines = npt.NDArray[np.int64]
Block = tuple[Lines, tuple[pa.Array, ...]]


@dataclass
class TextTable:
    """A table in a text file.

    Attributes:
        text: the file.
        layout: of the table.
        ragged: lines with more or fewer cells than a row has, each with what is to be told of it.
        headings_again: lines in which the heading comes again, as it does where a logger was started anew.
        other_headings: lines in which another heading comes, for one column or more, with what it says there.
        lone_marks: how many marks of stability stood alone, where spaces part columns.
    """

    text: FileText
    layout: Layout
    ragged: dict[int, str] = field(default_factory=dict)
    headings_again: list[int] = field(default_factory=list)
    other_headings: dict[int, str] = field(default_factory=dict)
    lone_marks: int = 0
    _skipped: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, text: FileText, delimiter: str | None = None, fewest_values: int = FEWEST_VALUES) -> "TextTable":
        """Find the table of a file; the arguments are those of its layout.

        Raises:
            PlanError: the file holds none.
        """
        who = f"recording {text.path}"
        lines = text.head.splitlines()
        if not text.whole:
            if len(lines) < 2:
                raise PlanError(who, "read", "its first line does not end: it is no table", EXPORT)
            lines.pop()  # it may be cut
        if delimiter is None and text.workbook is not None:
            delimiter = "\t"
        return cls(text, Layout.of(who, lines, delimiter, fewest_values))

    @property
    def who(self) -> str:
        """Return what a message calls the file."""
        return f"recording {self.text.path}"

    @property
    def told(self) -> str:
        """Return what parts the columns, in words."""
        if len(self.layout.headings) == 1:
            return ""
        return DELIMITERS.get(self.layout.delimiter, repr(self.layout.delimiter))

    def blocks(self, columns: Sequence[int]) -> Iterator[Block]:
        """Yield the lines of the rows of each block, and the cells of these columns as text.

        Raises:
            PlanError: the file stops being text.
        """
        width = len(self.layout.headings)
        names = [str(number) for number in range(width)]
        wanted = [names[column] for column in columns]
        line, heading = self.layout.first_line, self.layout.heading_cells
        said = tuple(heading[column] if column < len(heading) else "" for column in columns)
        with self.text.open() as raw:
            text = RewrittenText(raw, self.text.encoding, spaced=self.layout.delimiter == SPACES)
            try:
                for batch in self._reader(text, names, list(dict.fromkeys(wanted))):
                    lines, line = self._lines(line, batch.num_rows)
                    cells = tuple(batch.column(name) for name in wanted)
                    yield self._without_other_lines(lines, cells, said)
            except (pa.ArrowInvalid, UnicodeDecodeError) as broken:
                raise PlanError(self.who, "read", f"from line {line} on: {broken}", EXPORT) from broken
            finally:
                self.lone_marks = text.lone_marks

    def forget(self) -> None:
        """Forget the odd lines that were met, before the file is read once more."""
        self.ragged.clear()
        self.headings_again.clear()
        self.other_headings.clear()
        self._skipped.clear()

    def _reader(self, text: RewrittenText, names: list[str], wanted: list[str]) -> pa_csv.CSVStreamingReader:
        spaced = self.layout.delimiter == SPACES
        return pa_csv.open_csv(
            text,
            # One thread: only then does a row that does not fit know its number.
            pa_csv.ReadOptions(
                use_threads=False,
                column_names=names,
                skip_rows=self.layout.first_line - 1,
                block_size=BLOCK_BYTES,
            ),
            pa_csv.ParseOptions(
                delimiter="\t" if spaced else self.layout.delimiter,
                ignore_empty_lines=False,
                invalid_row_handler=self._keep,
            ),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=False
            ),
        )

    def _keep(self, row: pa_csv.InvalidRow) -> str:
        self._skipped.append(row.number)
        if is_comment(row.text):
            return "skip"
        cells = cells_of(row.text, "\t" if self.layout.delimiter == SPACES else self.layout.delimiter)
        heading = self.layout.heading_cells
        if heading and cells[: len(heading)] == heading:
            self.headings_again.append(row.number)
            return "skip"
        seen = f"line {row.number} has {row.actual_columns} cells, the rows have {row.expected_columns}"
        self.ragged[row.number] = f"{seen}: '{one_line(row.text, 80)}'"
        return "skip"

    def _lines(self, first: int, count: int) -> tuple[Lines, int]:
        """Return the lines of so many rows from a line on, and the line after them."""
        lines = np.arange(first, first + count, dtype=np.int64)
        for skipped in sorted(self._skipped):
            if count and skipped <= lines[-1] and skipped >= first:
                lines[int(np.searchsorted(lines, skipped)) :] += 1
        self._skipped = [one for one in self._skipped if not count or one > lines[-1]]
        return lines, int(lines[-1]) + 1 if count else first

    def _without_other_lines(self, lines: Lines, cells: tuple[pa.Array, ...], said: tuple[str, ...]) -> Block:
        """Leave out empty lines, comments, and a heading that comes again, if they have as many cells as a row has."""
        first = cells[0]
        other = pc.starts_with(first, "#")
        if said and said[0]:
            again = pc.equal(pc.utf8_trim_whitespace(first), said[0])
            self._keep_headings(lines, cells, said, np.flatnonzero(again.to_numpy(zero_copy_only=False)).tolist())
            other = pc.or_(other, again)
        empty = pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(first)), 0)
        if pc.any(empty).as_py():
            for column in cells[1:]:
                empty = pc.and_(empty, pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(column)), 0))
            other = pc.or_(other, empty)
        if not pc.any(other).as_py():
            return lines, cells
        kept = pc.invert(other)
        return lines[kept.to_numpy(zero_copy_only=False)], tuple(column.filter(kept) for column in cells)

    def _keep_headings(
        self, lines: Lines, cells: tuple[pa.Array, ...], said: tuple[str, ...], places: list[int]
    ) -> None:
        for place in places:
            found = [str(column[place].as_py()).strip() for column in cells]
            if all(one == known or not known for one, known in zip(found, said, strict=True)):
                self.headings_again.append(int(lines[place]))
            else:
                self.other_headings[int(lines[place])] = one_line(", ".join(found), 60)
