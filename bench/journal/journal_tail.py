# SPDX-License-Identifier: Apache-2.0
"""The end of a journal that was cut short, checked and locked, for the one who goes on with it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bench.journal.journal_chain import Chain
from bench.journal.journal_continuation import CONTINUED
from bench.journal.journal_file import PIECE_BYTES, JournalFile
from bench.journal.journal_parts import journal_parts
from bench.journal.journal_reader import read_lines
from bench.journal.line_maker import Maker
from bench.journal.lines import Sample
from groundfloor.errors import BenchFault
from groundfloor.regular_file import open_regular

MOST_TORN_CHARACTERS = 4096


@dataclass(frozen=True)
class JournalTail:
    """Where a journal goes on.

    Attributes:
        file: open and locked, behind its last whole line.
        chain: where the chain has come to.
        last_s: bench time of its last whole line.
        torn: what is left of a last line that was not written to its end.
    """

    file: JournalFile
    chain: Chain
    last_s: float
    torn: str

    @classmethod
    def of(cls, path: Path, maker: Maker | None = None) -> Self:
        """Check and lock the journal `path`; bring home what was continued in a second folder.

        Args:
            path: the journal.
            maker: who is going to make its lines; it takes note of those that are there. None only closes the journal.

        Raises:
            BenchFault: it cannot be opened, another process writes it, it is not what the bench wrote, or its format
                is not the maker's.
        """
        file = _locked(path)
        try:
            lines, last_s = read_lines(path), 0.0
            for line in lines:
                last_s = line.t_s
                if maker is not None and line.kind != Sample.kind:
                    maker.follow(line.kind, line.data)
            if maker is not None:
                maker.begun_with(lines.version)
            _bring_home(path, file)
        except BaseException:
            file.close()
            raise
        file.length = lines.chain.length
        if lines.several_torn:  # what a new line left of them would be no torn line any more
            file.end_here()
        return cls(file, lines.chain, last_s, lines.torn_tail[:MOST_TORN_CHARACTERS])


def _locked(path: Path) -> JournalFile:
    try:
        return JournalFile.resume(path, 0)
    except BlockingIOError as busy:
        seen = "another process writes it"
        raise BenchFault(f"journal {path}", "go on with it", seen, "wait for the end of that run") from busy
    except OSError as refused:
        raise BenchFault(f"journal {path}", "go on with it", str(refused), "name the folder of a run") from refused


def _bring_home(path: Path, file: JournalFile) -> None:
    """Append what was continued in a second folder; that one stays as it is, and is not read any more.

    No byte of a whole line is written again: `journal_parts` has seen that the continuation repeats the journal's own.
    """
    for part in journal_parts(path):
        if part.path == path:
            continue
        try:
            with open_regular(part.path) as continuation:
                continuation.seek(part.begin + part.shift)
                file.length = part.begin
                while whole := continuation.read(PIECE_BYTES):
                    file.put(whole)
            file.sync()
            beside = path.with_name(CONTINUED)
            if beside.is_symlink():
                beside.unlink()
        except OSError as refused:
            asset, next_step = f"journal {path}", "make room, then resume again"
            raise BenchFault(asset, f"bring home what is in {part.path}", str(refused), next_step) from refused
