# SPDX-License-Identifier: Apache-2.0
"""A file that should be a table of text: where its heading is, what parts its columns, and its rows block by block.

Memory does not grow with the file: of each block only the columns that were asked for are kept.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import pyarrow as pa
import pyarrow.csv as pa_csv

from groundfloor.errors import PlanError
from groundfloor.printable import one_line
from groundfloor.regular_file import open_regular

HEAD_BYTES = 1 << 16
BLOCK_BYTES = 1 << 22
DELIMITERS = ",;\t|"
BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_EXPORT = "export the recording as CSV text in UTF-8, with one heading line"


@dataclass(frozen=True)
class TextTable:
    """A table in a text file.

    Attributes:
        path: the file.
        delimiter: what parts its columns.
        headings: of the columns; numbers from 1 where the file has none.
        headed: whether the file has headings.
        first_line: the line of the first row, counted from 1.
        first_row: its cells.
    """

    path: Path
    delimiter: str
    headings: tuple[str, ...]
    headed: bool
    first_line: int
    first_row: tuple[str, ...]

    @classmethod
    def open(cls, path: Path) -> Self:
        """Look at the beginning of a file; lines in front that begin with `#`, and empty ones, are passed over.

        Raises:
            PlanError: it cannot be read, is no text, or holds no row.
        """
        text, whole = _head(path)
        lines = text.splitlines()
        passed = 0
        while passed < len(lines) and (not lines[passed].strip() or lines[passed].lstrip().startswith("#")):
            passed += 1
        if passed + 1 >= len(lines) and whole:
            seen = f"it has {len(lines) - passed} line{'s' * (len(lines) - passed != 1)}: no readings"
            raise PlanError(f"recording {path}", "read", seen, "name a file with a heading and the readings under it")
        if passed + 1 >= len(lines):
            raise PlanError(f"recording {path}", "read", "its first line does not end: it is no table", _EXPORT)
        heading, first = lines[passed], lines[passed + 1]
        delimiter = max(DELIMITERS, key=heading.count)
        cells, row = _cells(heading, delimiter), _cells(first, delimiter)
        if all(_is_number(cell) for cell in cells):
            numbers = tuple(str(number) for number in range(1, len(cells) + 1))
            return cls(path, delimiter, numbers, False, passed + 1, cells)
        return cls(path, delimiter, cells, True, passed + 2, row)

    @property
    def who(self) -> str:
        """Return what a message calls the file."""
        return f"recording {self.path}"

    def blocks(self, columns: Sequence[int]) -> Iterator[tuple[int, tuple[pa.Array, ...]]]:
        """Yield the line of the first row of each block, and the cells of these columns as text.

        Raises:
            PlanError: a row has more or fewer cells than the heading, or the file stops being text.
        """
        names = [str(number) for number in range(len(self.headings))]
        wanted = [names[column] for column in columns]
        odd: list[pa_csv.InvalidRow] = []
        line = self.first_line
        with open_regular(self.path) as file:
            try:
                for batch in self._reader(file, names, wanted, odd):
                    if odd:
                        break
                    yield line, tuple(batch.column(name) for name in wanted)
                    line += batch.num_rows
            except pa.ArrowInvalid as broken:
                if not odd:
                    raise PlanError(self.who, "read", f"from line {line} on: {broken}", _EXPORT) from broken
        if odd:
            self._refuse(odd[0])

    def _reader(
        self, file: BinaryIO, names: list[str], wanted: list[str], odd: list[pa_csv.InvalidRow]
    ) -> pa_csv.CSVStreamingReader:
        def keep(row: pa_csv.InvalidRow) -> str:
            odd.append(row)
            return "skip"

        return pa_csv.open_csv(
            file,
            # One thread: only then does a row that does not fit know its number.
            pa_csv.ReadOptions(
                use_threads=False, column_names=names, skip_rows=self.first_line - 1, block_size=BLOCK_BYTES
            ),
            pa_csv.ParseOptions(delimiter=self.delimiter, ignore_empty_lines=False, invalid_row_handler=keep),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=False
            ),
        )

    def _refuse(self, row: pa_csv.InvalidRow) -> None:
        seen = f"line {row.number} has {row.actual_columns} cells, the heading {row.expected_columns}"
        comma = self.delimiter == "," and row.actual_columns > row.expected_columns
        next_step = "write decimal points: a decimal comma parts one number into two" if comma else "mend the line"
        raise PlanError(self.who, "read", f"{seen}: '{one_line(row.text, 80)}'", next_step)


def _head(path: Path) -> tuple[str, bool]:
    """Return the beginning of the file as text, and whether that is all of it."""
    who = f"recording {path}"
    try:
        with open_regular(path) as file:
            head = file.read(HEAD_BYTES)
            whole = not file.read(1)
    except OSError as refused:
        raise PlanError(who, "open", refused.strerror or str(refused), "name a readable file") from refused
    if head.startswith(BYTE_ORDER_MARKS):
        raise PlanError(who, "read", "it is UTF-16 text", "save it as UTF-8")
    if b"\0" in head:
        raise PlanError(who, "read", f"it is binary: byte {head.index(0)} is zero", _EXPORT)
    head = head.removeprefix(b"\xef\xbb\xbf")
    try:
        return head.decode("utf-8"), whole
    except UnicodeDecodeError as broken:
        if not whole and broken.start > len(head) - 4:  # a character at the edge of what was read
            return head[: broken.start].decode("utf-8"), whole
    return head.decode("cp1252", "replace"), whole  # as older spreadsheets write a µ


def _cells(line: str, delimiter: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), []))


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
