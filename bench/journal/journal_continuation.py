# SPDX-License-Identifier: Apache-2.0
"""A journal goes on in a second folder, when its own takes no more lines.

The continuation stands in a folder named after the run. Its first line is no entry: it says which journal it goes on
with, from which byte and line on, and the hash of the last line that is safe in the first file; then the lines follow
as they would have there. So a reader can put the two together, and the chain shows that nothing is missing between.
A journal that was deleted while it was open is copied out of the open file instead, and is whole in the second folder.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from bench.journal.journal_chain import Chain
from bench.journal.journal_fallback import make_private
from bench.journal.journal_file import JournalFile
from bench.run_folder import JOURNAL

CONTINUED = "journal-continued.jsonl"


@dataclass(frozen=True)
class Continuation:
    """The first line of a continuation.

    Attributes:
        continues: the journal it goes on with, as it was named then.
        at_byte: how many bytes of that one come before.
        seq: number of the first line that follows.
        prev: SHA-256 of the line before that one.
    """

    continues: str
    at_byte: int
    seq: int
    prev: str

    def line(self) -> bytes:
        """Return the line, line feed included."""
        return json.dumps(asdict(self)).encode("ascii") + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """Read the line back.

        Raises:
            ValueError: it is none.
        """
        try:
            found = cls(**json.loads(line))
        except (TypeError, RecursionError) as odd:
            raise ValueError(f"no first line of a continuation: {odd}") from odd
        counts = all(type(number) is int and number >= 0 for number in (found.at_byte, found.seq))
        if not (counts and isinstance(found.continues, str) and isinstance(found.prev, str)):
            raise ValueError("no first line of a continuation")
        return found


def continue_in(folders: Sequence[Path], lost: JournalFile, on_disk: Chain) -> JournalFile | None:
    """Make the continuation of a journal in the first of `folders` that takes it; None when none does.

    Args:
        folders: where to try, in order.
        lost: the file that takes no more; it stays open.
        on_disk: up to where its lines are known to be safe.
    """
    run = lost.path.absolute().parent.name
    for folder in folders:
        with suppress(OSError):  # the next folder may take it; if none does, the caller says that lines found no place
            file = _made(folder / run, lost, on_disk)
            if file.path.name == CONTINUED:
                _link(lost.path.parent, [other / run for other in folders if other != folder], file.path.absolute())
            return file
    return None


def _made(folder: Path, lost: JournalFile, on_disk: Chain) -> JournalFile:
    make_private(folder.parent)
    make_private(folder)
    if lost.deleted:
        return _filled(JournalFile.create(folder / JOURNAL), lost.pieces(0, on_disk.length))
    first = Continuation(str(lost.path.absolute()), on_disk.length, on_disk.sequence, on_disk.previous_sha256)
    return _filled(JournalFile.create(folder / CONTINUED), [first.line()])


def _link(run_folder: Path, others: Sequence[Path], target: Path) -> None:
    """Leave a link to the continuation beside the journal; where the full disk takes none, in another second folder."""
    with suppress(OSError):
        (run_folder / CONTINUED).symlink_to(target)
        return
    for folder in others:
        with suppress(OSError):  # whoever reads the message knows the path
            make_private(folder.parent)
            make_private(folder)
            (folder / CONTINUED).symlink_to(target)
            return


def _filled(file: JournalFile, pieces: Iterable[bytes]) -> JournalFile:
    try:
        for piece in pieces:
            file.put(piece)
        file.sync()
    except OSError:
        file.close()
        file.path.unlink(missing_ok=True)
        raise
    return file
