# SPDX-License-Identifier: Apache-2.0
"""Reads a journal back, one line at a time, and checks on the way that nobody changed it.

A journal may be longer than memory, so lines are streamed and samples go straight into columns. A run that was killed
may leave half a last line behind: that is told through `JournalLines.torn_tail` and is never fatal. Any other line that
does not fit the chain of hashes is: then the file is not what the bench wrote.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from bench.journal import CHAIN_START
from bench.sample_columns import SampleColumns
from instruments.errors import BenchFault


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line: sequence number, bench time, kind, data, and where in the file it stands.

    Attributes:
        offset: of the line's first byte.
        end_offset: of the first byte behind it.
    """

    seq: int
    t_s: float
    kind: str
    data: Mapping[str, object]
    offset: int
    end_offset: int


class JournalLines(Iterator[JournalLine]):
    """The lines of a journal, read as they are asked for.

    Attributes:
        torn_tail: what is left of a last line that was not written to its end, empty when the file ends well; known
            once the iteration is over.
    """

    def __init__(self, path: Path, start_offset: int = 0, end_offset: int | None = None) -> None:
        self.torn_tail = ""
        self._path = path
        self._lines = self._read(start_offset, end_offset)

    def __next__(self) -> JournalLine:
        return next(self._lines)

    def _read(self, offset: int, end_offset: int | None) -> Iterator[JournalLine]:
        following = (0, CHAIN_START) if offset == 0 else None
        with self._open() as file:
            file.seek(offset)
            for raw in file:
                if end_offset is not None and offset >= end_offset:
                    return
                if not raw.endswith(b"\n"):
                    self.torn_tail = raw.decode("utf-8", "replace")
                    return
                line, previous_sha256 = self._parse(raw, offset)
                if following is not None and following != (line.seq, previous_sha256):
                    raise self._broken(offset, f"line {line.seq} does not follow the line before it")
                following = (line.seq + 1, hashlib.sha256(raw[:-1]).hexdigest())
                yield line
                offset = line.end_offset

    def _open(self) -> BinaryIO:
        try:
            return self._path.open("rb")
        except OSError as refused:
            raise BenchFault(f"journal {self._path}", "open", str(refused), "name the folder of a run") from refused

    def _parse(self, raw: bytes, offset: int) -> tuple[JournalLine, str]:
        try:
            found = json.loads(raw)
            line = JournalLine(found["seq"], found["t"], found["kind"], found["data"], offset, offset + len(raw))
            return line, found["prev"]
        except (ValueError, KeyError, TypeError) as broken:
            raise self._broken(offset, f"no line of a journal: {broken!r}") from broken

    def _broken(self, offset: int, seen: str) -> BenchFault:
        told = f"at byte {offset}: {seen}"
        return BenchFault(f"journal {self._path}", "read", told, "it was changed or damaged: use another copy")


def read_lines(path: Path, start_offset: int = 0, end_offset: int | None = None) -> JournalLines:
    """Stream the lines that begin from `start_offset` on and before `end_offset`.

    Args:
        path: the journal.
        start_offset: where a line begins, such as `Journal.position` at an earlier moment.
        end_offset: where to stop; None reads to the end of the file.

    Raises:
        BenchFault: while iterating, when the file cannot be read or the chain of hashes is broken.
    """
    return JournalLines(path, start_offset, end_offset)


def samples_frame(path: Path, infusion: str, start_offset: int = 0, end_offset: int | None = None) -> pd.DataFrame:
    """Return the samples of one infusion: `t_s` (actual bench time), then `SAMPLE_COLUMNS`.

    Args:
        path: the journal.
        infusion: its name; where tests use a name again, the offsets must tell them apart.
        start_offset: where to begin reading, see `read_lines`.
        end_offset: where to stop reading.
    """
    columns = SampleColumns()
    for line in read_lines(path, start_offset, end_offset):
        if line.kind == "sample" and line.data.get("infusion") == infusion:
            columns.append(line.t_s, line.data)
    return columns.frame()
