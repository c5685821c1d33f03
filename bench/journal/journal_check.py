# SPDX-License-Identifier: Apache-2.0
"""Checks a whole journal and says where it is broken, if it is.

The hash of each line stands in the line after it. So a changed line shows when the next one is read, and the line after
that tells which of the two was changed: the one whose own hash is still confirmed was not. Nothing follows the last
line: if it was changed, or lines were cut off the end, that shows only by a run that does not say it ended.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from bench.journal.journal_line import JournalLine
from bench.journal.journal_parts import journal_parts, lines_of
from bench.journal.journal_reader import BrokenJournal, Damage, parse_line, read_lines
from bench.journal.lines import Resumed, RunEnded, RunRecovered, RunStarted, Sample
from groundfloor.regular_file import open_regular


@dataclass(frozen=True)
class BrokenLine:
    """The first line that is not what the bench wrote.

    Attributes:
        number: which line it is, counted from 1 through all parts.
        offset: the byte at which it begins, counted through all parts.
        damage: what kind of thing is wrong.
        seen: the same in a sentence.
    """

    number: int
    offset: int
    damage: Damage
    seen: str


@dataclass(frozen=True)
class JournalCheck:
    """What a journal is, read from its beginning to its end or to its first broken line.

    Attributes:
        files: where its lines are, in their order; more than one if it was continued in a second folder.
        lines, samples: how many there are up to there.
        resumptions: how often a run that was cut short was gone on with.
        started, ended: whether the run says that it began, and that it came to its end.
        recovered: whether a later start had to close it.
        torn_tail: what is left of a last line that was not written to its end.
        broken: the first broken line; None when the chain is whole.
    """

    files: tuple[Path, ...]
    lines: int
    samples: int
    resumptions: int
    started: bool
    ended: bool
    recovered: bool
    torn_tail: str
    broken: BrokenLine | None

    @property
    def whole(self) -> bool:
        """Tell whether the chain is whole; half a last line does not break it."""
        return self.broken is None


def check_journal(journal: Path) -> JournalCheck:
    """Read the whole of `journal`.

    Raises:
        BenchFault: it cannot be opened.
    """
    lines, told, broken = read_lines(journal), _Told(), None
    try:
        for line in lines:
            told.take(line)
    except BrokenJournal as found:
        broken = _broken_line(journal, found, told.last)
    return JournalCheck(
        files=tuple(part.path for part in journal_parts(journal)),
        lines=lines.number,
        samples=told.samples,
        resumptions=told.resumptions,
        started=told.started,
        ended=told.ended,
        recovered=told.recovered,
        torn_tail=lines.torn_tail,
        broken=broken,
    )


@dataclass
class _Told:
    """What the lines told so far."""

    last: JournalLine | None = None
    samples: int = 0
    resumptions: int = 0
    started: bool = False
    ended: bool = False
    recovered: bool = False

    def take(self, line: JournalLine) -> None:
        self.last = line
        match line.kind:
            case Sample.kind:
                self.samples += 1
            case RunStarted.kind:
                self.started = True
            case Resumed.kind:
                self.resumptions += 1
                self.ended = self.recovered = False
            case RunRecovered.kind:
                self.recovered = True
            case RunEnded.kind:
                self.ended = True


def _broken_line(journal: Path, found: BrokenJournal, last: JournalLine | None) -> BrokenLine:
    """Return the line that was changed, which may be the one before the line at which it shows."""
    here = BrokenLine(found.number, found.offset, found.damage, found.what)
    if found.damage is not Damage.HASH or last is None:
        return here
    confirmed = _confirmed_by_the_next(journal, found.offset)
    if confirmed is False:
        return replace(here, seen="the line after it gives another hash for it, and it another one for the line before")
    doubt = "" if confirmed else ", or the line after it was, which nothing follows that could tell"
    seen = f"the line after it gives another hash for it: it was changed{doubt}"
    return BrokenLine(found.number - 1, last.offset, Damage.HASH, seen)


def _confirmed_by_the_next(journal: Path, offset: int) -> bool | None:
    """Tell whether the line at `offset` has the hash that the line after it gives; None when there is none after it."""
    here, behind = [*islice(_raw_lines(journal, offset), 2), b"", b""][:2]
    try:
        _, previous_sha256 = parse_line(behind, 0)
    except ValueError:
        return None
    return hashlib.sha256(here[:-1]).hexdigest() == previous_sha256


def _raw_lines(journal: Path, offset: int) -> Iterator[bytes]:
    for part in journal_parts(journal):
        with open_regular(part.path) as file:
            file.seek(max(offset, part.begin) + part.shift)
            for raw in lines_of(file):
                if part.end is not None and offset >= part.end:
                    break
                yield raw
                offset += len(raw)
