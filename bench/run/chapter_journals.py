# SPDX-License-Identifier: Apache-2.0
"""Where the chapters of a run keep their journals until they are joined, and how those that were left are joined.

The process of the run joins each chapter when it and all before it are over, and takes its folder away. A run that was
killed leaves the folders of the others; its next reader joins what they hold, so that no line is lost.

What was joined is taken away, and a run folder may have come from anywhere. So a chapter is what a run makes: a folder
with the name of one, in a folder of the run's own, with a journal of its own. A link in its place could lead to other
runs, which would be joined and then be gone; to the run's own journal, and the joining would never come to an end.
"""

import os
import re
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


_NAME = re.compile(r".+\.\d{3}-.+")
"""As `chapter_folder` gives it; the run's own folder may have another name by now."""


def left_chapters(run_folder: Path) -> Iterator[Path]:
    """Yield the folders of chapters that were not joined, in their order."""
    if (run_folder / CHAPTERS).is_symlink():
        return
    for folder in sorted((run_folder / CHAPTERS).glob("*")):
        if _NAME.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink() and _has_its_own(folder):
            yield folder


def _has_its_own(chapter: Path) -> bool:
    """Tell whether a chapter has a journal of its own, which the run's is not under another name."""
    part, whole = chapter / JOURNAL, chapter.parent.parent / JOURNAL
    return part.is_file() and not part.is_symlink() and not (whole.exists() and part.samefile(whole))


def _what_no_run_leaves(run_folder: Path) -> tuple[str, ...]:
    place = run_folder / CHAPTERS
    if place.is_symlink():
        return (f"{place} is a link, and no run leaves one there: what it leads to was not joined",)
    known = set(left_chapters(run_folder))
    odd = [one for one in sorted(place.glob("*")) if one not in known and os.path.lexists(one / JOURNAL)]
    return tuple(f"{one} is no chapter that a run left: it was not joined" for one in odd)


def join_left_chapters(journal: Journal, run_folder: Path) -> tuple[str, ...]:
    """Join what the chapters of a run hold that was killed; their folders are taken away.

    Args:
        journal: of the run, opened to be gone on with.
        run_folder: where it lies.

    Returns:
        A sentence for each chapter that did not come to its end, could not be read, or is none that a run left.

    Raises:
        JournalLost: the disk takes no more; what was not joined stays where it is.
    """
    join: JournalJoin | None = None
    already, told = 0, list(_what_no_run_leaves(run_folder))
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
