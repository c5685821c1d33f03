# SPDX-License-Identifier: Apache-2.0
"""Where the bytes of a journal are: in its own file, and from some byte on in a continuation if there is one.

A continuation is looked for beside the journal (a link, or the file itself when somebody brought it home), then in the
usual second folders. It counts only if nobody but us can have put it there, if it follows a line of the journal that
was safe, if it repeats to the byte whatever the journal holds from there on, and if it reaches further. A journal that
is gone is looked for in the second folders as a whole.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bench.journal.journal_continuation import CONTINUED, Continuation
from bench.journal.journal_fallback import fallback_folders
from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault
from groundfloor.only_ours import only_ours
from groundfloor.regular_file import open_regular

LONGEST_LINE_BYTES = 4 << 20
_ENDED = b'"kind":"run-ended"'


@dataclass(frozen=True)
class Part:
    """A stretch of a journal.

    Attributes:
        path: the file that holds it.
        begin, end: its bytes, counted in the journal as a whole; `end` is None where it goes on to the file's end.
        shift: what is added to a byte's place in the journal to have its place in the file.
    """

    path: Path
    begin: int
    end: int | None
    shift: int = 0


def journal_parts(journal: Path) -> tuple[Part, ...]:
    """Return the parts of `journal` in their order; one, unless it was continued in a second folder.

    Raises:
        BenchFault: the file or link beside it that ought to lead to its continuation does not.
        OSError: the journal cannot be looked at.
    """
    elsewhere = _usual_places(journal)
    if not journal.exists():
        copies = (_ours(folder / JOURNAL) for folder in elsewhere)
        return (Part(next(filter(None, copies), journal), 0, None),)
    beside = journal.with_name(CONTINUED)
    if os.path.lexists(beside):
        parts = _beside(journal, beside)
    else:
        found = (_elsewhere(journal, folder / CONTINUED) for folder in elsewhere)
        parts = next(filter(None, found), ())
    return parts or (Part(journal, 0, None),)


def _beside(journal: Path, path: Path) -> tuple[Part, ...]:
    try:
        target = only_ours(path.parent / path.readlink()) if path.is_symlink() else path
        return _parts(journal, target, *read_continuation(target))
    except (OSError, ValueError) as odd:
        next_step = "bring back the file that it was; without it the end of the run is missing"
        raise BenchFault(f"journal {journal}", f"read on in {path}", str(odd), next_step) from odd


def _elsewhere(journal: Path, path: Path) -> tuple[Part, ...]:
    try:
        target = only_ours(path)
        first, header_bytes = read_continuation(target)
        return _parts(journal, target, first, header_bytes) if _goes_on(journal, first) else ()
    except (OSError, ValueError):  # nothing is there, or nothing that anybody said belongs to this journal
        return ()


def _parts(journal: Path, path: Path, first: Continuation, header_bytes: int) -> tuple[Part, ...]:
    if first.at_byte == 0:
        raise ValueError("it goes on from no line of the journal")
    if _ENDED in _line_before(journal, first.at_byte):
        raise ValueError("it goes on behind the end of the run")
    shift = header_bytes - first.at_byte
    _refuse_another_end(journal, path, first.at_byte, header_bytes)
    if path.stat().st_size - shift <= journal.stat().st_size:  # it was brought home
        return ()
    return Part(journal, 0, first.at_byte), Part(path, first.at_byte, None, shift)


def _refuse_another_end(journal: Path, path: Path, at_byte: int, header_bytes: int) -> None:
    """Refuse a continuation that tells otherwise what the journal's own lines told already.

    Raises:
        ValueError: it does.
    """
    with open_regular(journal) as own, open_regular(path) as other:
        own.seek(at_byte)
        other.seek(header_bytes)
        for line in lines_of(own):
            repeated = other.read(len(line))
            if line.endswith(b"\n") and line != repeated and len(repeated) == len(line):
                raise ValueError(f"from byte {at_byte} on it is not what the journal holds itself")


def _ours(path: Path) -> Path | None:
    try:
        return only_ours(path)
    except OSError:
        return None


def read_continuation(path: Path) -> tuple[Continuation, int]:
    """Return the first line of a continuation and how many bytes it has; OSError or ValueError when it is none."""
    with open_regular(path) as file:
        line = file.readline(LONGEST_LINE_BYTES)
    return Continuation.parse(line), len(line)


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Read line by line; one that is longer than any of ours comes in pieces without a line feed."""
    return iter(lambda: file.readline(LONGEST_LINE_BYTES), b"")


def _usual_places(journal: Path) -> list[Path]:
    run_folder = journal.absolute().parent
    return [folder / run_folder.name for folder in fallback_folders(run_folder)]


def _goes_on(journal: Path, first: Continuation) -> bool:
    """Tell whether `first` follows what the journal holds at that place."""
    last = _line_before(journal, first.at_byte)
    return last != b"" and hashlib.sha256(last).hexdigest() == first.prev


def _line_before(journal: Path, at_byte: int) -> bytes:
    """Return the line that ends at a byte, without its line feed; nothing if none does."""
    with open_regular(journal) as file:
        begin = max(0, at_byte - LONGEST_LINE_BYTES)
        file.seek(begin)
        before = file.read(at_byte - begin)
    whole = len(before) == at_byte - begin and before.endswith(b"\n")
    return before[:-1].rpartition(b"\n")[2] if whole else b""
