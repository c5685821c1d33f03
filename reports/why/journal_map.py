# SPDX-License-Identifier: Apache-2.0
"""A journal as bytes in which a line is found by its id, without reading all the others."""

import hashlib
import json
import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import open_regular


@dataclass(frozen=True)
class FoundLine:
    """A line of the journal.

    Attributes:
        number: counted from 1.
        start, end: its place in bytes, without the line feed.
        kind, data: what it says.
        t_s: bench time.
        sha256: of its bytes.
        confirmed: whether the next line gives this hash; None for the last line.
    """

    number: int
    start: int
    end: int
    kind: str
    data: dict[str, Any]
    t_s: float
    sha256: str
    confirmed: bool | None


class JournalMap:
    """Finds lines in a journal; a context manager.

    Attributes:
        path: of the journal.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            PlanError: there is no journal, or it is empty.
        """
        try:
            self._file = open_regular(self.path)
            self._bytes = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as odd:
            raise PlanError(f"journal {self.path}", "open", str(odd), "name the folder of a run") from odd
        return self

    def __exit__(self, *_error: object) -> None:
        self._bytes.close()
        self._file.close()

    def lines_with(self, part: bytes, start: int = 0, end: int | None = None) -> Iterator[FoundLine]:
        """Yield the lines in which `part` stands, from byte `start` on."""
        stop = len(self._bytes) if end is None else end
        at = self._bytes.find(part, start, stop)
        while at >= 0:
            line = self.line_at(at)
            yield line
            at = self._bytes.find(part, line.end, stop)

    def last_before(self, part: bytes, end: int) -> FoundLine | None:
        """Return the last line with `part` in it before byte `end`."""
        at = self._bytes.rfind(part, 0, end)
        return None if at < 0 else self.line_at(at)

    def line_at(self, at: int) -> FoundLine:
        """Return the line that byte `at` stands in.

        Raises:
            BenchFault: it is none.
        """
        start = self._bytes.rfind(b"\n", 0, at) + 1
        found = self._bytes.find(b"\n", at)
        end = len(self._bytes) if found < 0 else found
        raw = self._bytes[start:end]
        sha256 = hashlib.sha256(raw).hexdigest()
        following = self._bytes[end + 1 : self._end_of_line(end + 1)]
        try:
            line = json.loads(raw)
            kind, data = str(line["kind"]), dict(line["data"])
            number, t_s = int(line["seq"]) + 1, float(line["t"])
        except (ValueError, KeyError, TypeError, RecursionError) as odd:
            next_step = f"pumpbench journal check {self.path}"
            raise BenchFault(f"journal {self.path}", f"read the line at byte {start}", str(odd), next_step) from odd
        confirmed = following.rpartition(b'"prev":"')[2][:64] == sha256.encode() if following else None
        return FoundLine(number, start, end, kind, data, t_s, sha256, confirmed)

    def count(self, part: bytes, start: int, end: int) -> int:
        """Return how often `part` stands between two bytes."""
        return self._bytes[start:end].count(part)

    def _end_of_line(self, start: int) -> int:
        found = self._bytes.find(b"\n", start)
        return len(self._bytes) if found < 0 else found
