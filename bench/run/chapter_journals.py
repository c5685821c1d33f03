# SPDX-License-Identifier: Apache-2.0
"""Where the chapters of a run keep their journals until they are joined, and how those that were left are joined.

The process of the run joins each chapter when it and all before it are over, and takes its folder away. A run that was
killed leaves the folders of the others; its next reader joins what they hold, so that no line is lost.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.journal import Journal, JournalJoin
from bench.run_folder import CHAPTERS, JOURNAL
from groundfloor.errors import BenchFault


def chapter_folder(run_folder: Path, place: int, name: str) -> Path:
    """Return where a chapter keeps what it writes; the run's own name is in it, for a journal that goes on elsewhere.

    Args:
        run_folder: of the run.
        place: of the chapter among all, from 0.
        name: of the chapter.
    """
    return run_folder / CHAPTERS / f"{run_folder.name}.{place:03d}-{name}"


def left_chapters(run_folder: Path) -> Iterator[Path]:
    """Yield the folders of chapters that were not joined, in their order."""
    for folder in sorted((run_folder / CHAPTERS).glob("*")):
        if folder.is_dir() and not folder.is_symlink() and (folder / JOURNAL).is_file():
            yield folder


def join_left_chapters(journal: Journal, run_folder: Path) -> tuple[str, ...]:
    """Join what the chapters of a run hold that was killed; their folders are taken away.

    Args:
        journal: of the run, opened to be gone on with.
        run_folder: where it lies.

    Returns:
        A sentence for each chapter that did not come to its end, or could not be read.

    Raises:
        JournalLost: the disk takes no more; what was not joined stays where it is.
    """
    join: JournalJoin | None = None
    already, told = 0, []
    for folder in list(left_chapters(run_folder)):
        name, part = chapter_of(folder), folder / JOURNAL
        try:
            if join is None:  # a join that was broken off was that of the first
                join, already = _gone_on_with(journal, part)
            joined, already = join.carry(part, already), 0
        except BenchFault as odd:
            if journal.lost is not None:
                raise
            told.append(f"chapter {name} is left in {folder}: {odd.finding}")
            continue
        if joined.end is None or joined.end.reason != DONE:
            told.append(f"chapter {name} did not come to its end")
        take_away(folder)
    return tuple(told)


def _gone_on_with(journal: Journal, part: Path) -> tuple[JournalJoin, int]:
    """Return what goes on joining, and how many lines of the next part stand in the journal already."""
    join = JournalJoin(journal)
    return join, join.follow(journal.path, part)


DONE = "done"
"""The reason with which a chapter ends whose tests all ran."""


def chapter_of(folder: Path) -> str:
    """Return the name of the chapter that has a folder."""
    return folder.name.rpartition(".")[2].partition("-")[2]


def take_away(folder: Path) -> None:
    """Take away the folder of a chapter that was joined, and the one around it when it was the last."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.parent.rmdir()
    except OSError:  # there are others
        return
