# SPDX-License-Identifier: Apache-2.0
"""A line of a journal as it is read, and an entry as those see it who follow a journal while it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from bench.journal.lines import Line, UnknownLine, read_line
from groundfloor.errors import BenchFault


class JournalLine:
    """One line: sequence number, bench time, kind, what it says, and where in the file it stands.

    Attributes:
        seq: sequence number.
        t_s: bench time.
        kind: of the line.
        offset: of the line's first byte.
        end_offset: of the first byte behind it.
    """

    __slots__ = ("_body", "_data", "end_offset", "kind", "offset", "seq", "t_s")

    def __init__(
        self,
        seq: int,
        t_s: float,
        kind: str,
        data: Mapping[str, Any] | None,
        offset: int,
        end_offset: int,
        body: Line | None = None,
    ) -> None:
        self.seq = seq
        self.t_s = t_s
        self.kind = kind
        self.offset = offset
        self.end_offset = end_offset
        self._data = data
        self._body = body

    @property
    def body(self) -> Line:
        """Return what the line says, in the model of its kind.

        Raises:
            BenchFault: it does not fit that model.
        """
        if self._body is None:
            try:
                self._body = read_line(self.kind, self.data)
            except msgspec.ValidationError as misfit:
                asset, seen = f"journal line {self.seq}, {self.kind}", str(misfit)
                raise BenchFault(asset, "read", seen, "read it with the version that wrote it") from misfit
        return self._body

    @property
    def data(self) -> Mapping[str, Any]:
        """Return what the line says as it came, without a model."""
        if self._data is None:
            self._data = data_of(self._body) if self._body is not None else {}
        return self._data

    @property
    def what(self) -> str:
        """Return which event or activity it is; empty for all other kinds."""
        if self._data is None and self._body is not None:
            return self._body.what
        what = self.data.get("what")
        return what if isinstance(what, str) else ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, JournalLine):
            return NotImplemented
        mine, theirs = ((one.seq, one.t_s, one.kind, one.offset, one.end_offset) for one in (self, other))
        return mine == theirs and self.data == other.data

    __hash__ = None  # type: ignore[assignment]  # as any record of a mapping

    def __repr__(self) -> str:
        return f"JournalLine({self.seq}, {self.t_s}, {self.kind!r}, {self.data!r})"


@dataclass(frozen=True)
class Entry:
    """A line as the listeners of a journal see it: bench time, and what it says."""

    t_s: float
    body: Line

    @property
    def kind(self) -> str:
        """Return the line's kind."""
        return kind_of(self.body)

    @property
    def data(self) -> Mapping[str, Any]:
        """Return what it says without a model."""
        return data_of(self.body)


def kind_of(line: Line) -> str:
    """Return the kind that stands in the journal."""
    return line.named if isinstance(line, UnknownLine) else line.kind


def data_of(line: Line) -> Mapping[str, Any]:
    """Return what stands in the journal as the line's data."""
    if isinstance(line, UnknownLine):
        return line.data
    data: dict[str, Any] = msgspec.to_builtins(line)
    return data
