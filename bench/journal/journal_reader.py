# SPDX-License-Identifier: Apache-2.0
"""Reads a journal back, one line at a time, and checks on the way that nobody changed it.

A journal may be longer than memory, so lines are streamed and samples go straight into columns. Where it was continued
in a second folder, the parts are read as one, and offsets count through both. Its first line says which format it has;
an older one is read through migrations, which takes reading from the first line on. A run that was killed
may leave half a last line behind: that is told through `JournalLines.torn_tail` and is never fatal. Any other line that
does not fit the chain of hashes is: then the file is not what the bench wrote.
"""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

import msgspec

from bench.journal.journal_chain import Chain
from bench.journal.journal_format import FORMAT, UNVERSIONED, JournalFormat
from bench.journal.journal_line import JournalLine
from bench.journal.journal_parts import LONGEST_LINE_BYTES, Part, journal_parts, lines_of
from bench.journal.lines import JournalOpened, Sample
from bench.journal.migrations import Migration, migration_from
from bench.journal.sample_columns import SampleColumns
from bench.journal.unwritten_blocks import unwritten_end
from groundfloor.errors import BenchFault
from groundfloor.regular_file import open_regular

if TYPE_CHECKING:
    import pandas as pd


class Damage(StrEnum):
    """What is wrong with a line that does not fit."""

    NO_LINE = "no line of a journal"
    SEQUENCE = "sequence"
    HASH = "hash"
    MISSING = "missing"


class BrokenJournal(BenchFault):
    """A journal that is not what the bench wrote.

    Attributes:
        damage: what is wrong with the line at which it shows.
        offset: where that line begins.
        number: which line it is, counted from 1; from where reading began if that was not the beginning.
        what: the damage in a sentence.
    """

    def __init__(self, path: Path, damage: Damage, offset: int, number: int, seen: str) -> None:
        told = f"at byte {offset}: {seen}"
        super().__init__(f"journal {path}", "read", told, "it was changed or damaged: use another copy")
        self.damage = damage
        self.offset = offset
        self.number = number
        self.what = seen


class JournalLines(Iterator[JournalLine]):
    """The lines of a journal, read as they are asked for.

    Attributes:
        torn_tail: what is left of a last line that was not written to its end, empty when the file ends well; known
            once the iteration is over.
        several_torn: that is more than one line: the power went, and blocks of the file were never written.
        chain: where the chain is behind the last line that was read.
        number: how many lines were read.
        version: of the journal's format; known when the first line was asked for.
    """

    def __init__(self, path: Path, start_offset: int = 0, end_offset: int | None = None) -> None:
        self.torn_tail = ""
        self.several_torn = False
        self.chain = Chain(length=start_offset)
        self.number = 0
        self.version = FORMAT
        self._path = path
        self._start_offset = start_offset
        self._end_offset = end_offset
        self._lines = self._read()

    def __next__(self) -> JournalLine:
        return next(self._lines)

    def _read(self) -> Iterator[JournalLine]:
        parts = self._parts()
        self.version = self._version(parts[0])
        migration = migration_from(self.version)
        lines = self._read_parts(parts) if migration is None else self._migrated(migration, parts)
        yield from lines

    def _read_parts(self, parts: tuple[Part, ...]) -> Iterator[JournalLine]:
        for part in parts:
            if part.end is None or self.chain.length < part.end:
                yield from self._read_part(part)

    def _migrated(self, migration: Migration, parts: tuple[Part, ...]) -> Iterator[JournalLine]:
        self.chain = Chain()
        for line in self._read_parts(parts):
            kind, data = migration.migrate(line.kind, dict(line.data))
            if line.offset >= self._start_offset:
                yield JournalLine(line.seq, line.t_s, kind, data, line.offset, line.end_offset)

    def _version(self, part: Part) -> JournalFormat:
        """Return the format that the first line tells.

        Raises:
            BenchFault: this version of the bench does not read it.
        """
        with self._open(part.path) as file:
            file.seek(part.begin + part.shift)
            raw = file.readline(LONGEST_LINE_BYTES)
        try:
            first, _ = parse_line(raw, 0)
        except ValueError:  # who reads on comes to it
            return UNVERSIONED
        if first.kind != JournalOpened.kind:
            return UNVERSIONED
        try:
            version = JournalFormat.parse(str(first.data.get("format")))
        except ValueError as odd:
            raise BrokenJournal(self._path, Damage.NO_LINE, 0, 1, str(odd)) from odd
        version.refuse_if_newer(f"journal {self._path}")
        return version

    def _parts(self) -> tuple[Part, ...]:
        try:
            return journal_parts(self._path)
        except OSError as refused:
            raise self._not_opened(refused) from refused

    def _read_part(self, part: Part) -> Iterator[JournalLine]:
        chain, ends = self.chain, [end for end in (part.end, self._end_offset) if end is not None]
        end = min(ends, default=None)
        with self._open(part.path) as file:
            file.seek(chain.length + part.shift)
            for raw in lines_of(file):
                if end is not None and chain.length >= end:
                    return
                if not raw.endswith(b"\n"):
                    if len(raw) >= LONGEST_LINE_BYTES:
                        raise self._broken(Damage.NO_LINE, f"a line of more than {LONGEST_LINE_BYTES} bytes")
                    self.torn_tail = raw.decode("utf-8", "replace") if part.end is None else ""
                    break
                try:
                    line = self._next_line(raw)
                except BrokenJournal:
                    lost = unwritten_end(file, chain.length + part.shift, _parsed) if part.end is None else None
                    if lost is None:
                        raise
                    self.torn_tail = lost.replace(b"\0", b"").decode("utf-8", "replace")
                    self.several_torn = True
                    break
                yield line
        if part.end is not None and (end == part.end) and chain.length < part.end:
            seen = f"lines are missing up to byte {part.end}, where the journal goes on in a second folder"
            raise self._broken(Damage.MISSING, seen)

    def _open(self, path: Path) -> BinaryIO:
        try:
            return open_regular(path)
        except OSError as refused:
            raise self._not_opened(refused) from refused

    def _not_opened(self, refused: OSError) -> BenchFault:
        return BenchFault(f"journal {self._path}", "open", str(refused), "name the folder of a run")

    def _next_line(self, raw: bytes) -> JournalLine:
        offset, first = self.chain.length, self.number == 0 and self.chain.length > 0
        try:
            line, previous_sha256 = parse_line(raw, offset)
        except ValueError as broken:
            raise self._broken(Damage.NO_LINE, f"no line of a journal: {broken}") from broken
        if not first and line.seq != self.chain.sequence:
            what = "lines are missing before it" if line.seq > self.chain.sequence else "it stands in the wrong place"
            seen = (
                f"line {line.seq} does not follow the line before it, which asks for line {self.chain.sequence}: {what}"
            )
            raise self._broken(Damage.SEQUENCE, seen)
        if not first and previous_sha256 != self.chain.previous_sha256:
            seen = f"line {line.seq} does not follow the line before it, whose hash is not the one that it gives"
            raise self._broken(Damage.HASH, seen)
        self.chain.sequence = line.seq
        self.chain.follow(raw)
        self.number += 1
        return line

    def _broken(self, damage: Damage, seen: str) -> BrokenJournal:
        return BrokenJournal(self._path, damage, self.chain.length, self.number + 1, seen)


def parse_line(raw: bytes, offset: int) -> tuple[JournalLine, str]:
    """Read one line, and the hash that it gives for the one before it.

    Raises:
        ValueError: it is no line of a journal.
    """
    if not raw.isascii():
        raise ValueError("it holds bytes that are no ASCII")
    found = _fast(raw)
    if isinstance(found, _SampleEnvelope):
        return JournalLine(found.seq, found.t, Sample.kind, None, offset, offset + len(raw), found.data), found.prev
    if found is None:
        found = _careful(raw)
    return JournalLine(found.seq, found.t, found.kind, found.data, offset, offset + len(raw)), found.prev


def _parsed(raw: bytes) -> JournalLine:
    return parse_line(raw, 0)[0]


class _Envelope(msgspec.Struct):
    seq: int
    t: float
    kind: str
    data: dict[str, Any]
    prev: str


class _SampleEnvelope(msgspec.Struct):
    seq: int
    t: float
    kind: Literal["sample"]
    data: Sample
    prev: str


_SAMPLE = b'"kind":"sample"'
_BEGINS_WITHIN = 80
"""Bytes in which the kind of a line stands as we write it."""
_decode_line = msgspec.json.Decoder(_Envelope).decode
_decode_sample = msgspec.json.Decoder(_SampleEnvelope).decode


def _fast(raw: bytes) -> _Envelope | _SampleEnvelope | None:
    """Return the line if the fast decoder takes it; what it refuses is left to the careful one."""
    if raw.find(_SAMPLE, 0, _BEGINS_WITHIN) > 0:
        try:
            return _decode_sample(raw)
        except (msgspec.MsgspecError, RecursionError):  # of another format, or odd
            pass
    try:
        return _decode_line(raw)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _careful(raw: bytes) -> _Envelope:
    """Read a line that the fast decoder refuses: a lone surrogate in a text for one, which JSON can say."""
    try:
        found = _decoder.decode(raw.decode("ascii"))
        return msgspec.convert(found, _Envelope)
    except (msgspec.ValidationError, TypeError, RecursionError) as odd:
        raise ValueError(str(odd)) from odd


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} is no number")


_decoder = json.JSONDecoder(parse_constant=_refuse_constant)


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


def samples_frame(path: Path, infusion: str, start_offset: int = 0, end_offset: int | None = None) -> "pd.DataFrame":
    """Return the samples of one infusion: `t_s` (actual bench time), then `SAMPLE_COLUMNS`.

    Args:
        path: the journal.
        infusion: its id.
        start_offset: where to begin reading, see `read_lines`.
        end_offset: where to stop reading.

    Raises:
        BenchFault: as `read_lines`; or a sample does not fit its model.
    """
    columns = SampleColumns()
    for line in read_lines(path, start_offset, end_offset):
        if line.kind == Sample.kind:
            sample = line.body
            if isinstance(sample, Sample) and sample.infusion == infusion:
                columns.append(line.t_s, sample)
    return columns.frame()
