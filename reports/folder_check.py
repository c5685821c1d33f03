# SPDX-License-Identifier: Apache-2.0
"""What stands in a run folder beside its journal: whether a run put it there, and whether it is still what that was.

A run leaves regular files of its own user, its inputs bound by their hashes in the journal's first line, and what it
made of the journal. Anything else was put there by somebody, or made by somebody into what it is now. What no verdict
rests on is told and hinders nobody; an input that was changed is another thing.
"""

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.journal import CONTINUED
from bench.recorded import RecordedRun
from bench.run import input_hash, recorded_hashes
from bench.run_folder import ABSENCE, ALLURE_RESULTS, AUDIT, CHAPTERS, JOURNAL, RECORD_PDF, SUMMARY
from bench.run_process import PID_FILE, REQUEST_FILE, STOPPING_FILE
from bench.safety.keeper.link import LOG as KEEPER_LOG
from groundfloor.errors import BenchFault, PlanError
from groundfloor.only_ours import others_write
from groundfloor.regular_file import read_regular
from groundfloor.system.file_access import owner_of
from reports.derived_files import SAMPLES, differences
from reports.infusion_files import PICTURES
from reports.infusion_files import SAMPLES as TABLES
from reports.page import PAGE
from reports.page.page_html import page_html
from reports.page.run_page import run_page
from reports.summary import summary_of

WRITTEN = frozenset(
    {
        JOURNAL,
        CONTINUED,
        SUMMARY,
        ABSENCE,
        AUDIT,
        SAMPLES,
        PID_FILE,
        REQUEST_FILE,
        STOPPING_FILE,
        PAGE,
        RECORD_PDF,
        KEEPER_LOG,
    }
)
"""Files that a run writes or makes, its inputs apart."""
WRITTEN_FOLDERS = frozenset({ALLURE_RESULTS, CHAPTERS, PICTURES, TABLES, "report"})
MOST_FILES = 100_000
"""A run of a month has some thousands."""
MOST_PAGE_BYTES = 1 << 28


@dataclass(frozen=True)
class FolderFinding:
    """Something about a run folder that no run leaves behind.

    Attributes:
        name: the path in the folder; "." for the folder itself.
        seen: what is odd about it.
        grave: whether a file that the run rests on, or that was made from its journal, is another.
    """

    name: str
    seen: str
    grave: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.seen}"


def beside_journal(folder: Path, *, ended: bool) -> tuple[FolderFinding, ...]:
    """Look at everything in the folder of a journal whose chain is whole; no link is followed.

    Args:
        folder: of the run.
        ended: whether the run says that it ended; only then what was made from its journal is finished.
    """
    try:
        bound = recorded_hashes(folder)
    except BenchFault as refused:  # of another format perhaps; its chain is whole all the same
        return (FolderFinding(JOURNAL, f"what it binds cannot be read: {refused.finding}"), *others_in(folder, {}))
    made = _made(folder) if ended else ()
    return (*_inputs(folder, bound), *made, *others_in(folder, bound))


def _made(folder: Path) -> Iterator[FolderFinding]:
    """Yield the files that say something else than the journal that they were made from."""
    try:
        summary = summary_of(folder, RecordedRun.read(folder / JOURNAL))
        wrong = differences(folder, summary)
    except (BenchFault, PlanError) as refused:
        yield FolderFinding(".", f"what was made from the journal cannot be held against it: {refused.finding}")
        return
    yield from (FolderFinding(one.file, f"it {one.seen}", grave=True) for one in wrong)
    if (content := _page(folder)) is not None and content != page_html(run_page(folder, summary)).encode(
        "utf-8", "replace"
    ):
        yield FolderFinding(PAGE, "it is not the page that this version makes of the journal; `pumpbench report` does")


def _page(folder: Path) -> bytes | None:
    """Return the page that is there; None where there is none, or nothing that could be one."""
    try:
        return read_regular(folder / PAGE, MOST_PAGE_BYTES)
    except OSError:
        return None


def others_in(folder: Path, bound: Mapping[str, str]) -> Iterator[FolderFinding]:
    """Yield what is odd about the files in a folder, whatever the bound ones hold.

    Args:
        folder: of the run.
        bound: by the path of an input, its hash in the journal.
    """
    owner = owner_of(folder, folder.stat())
    for number, path in enumerate(_paths(folder)):
        if number == MOST_FILES:
            yield FolderFinding(".", f"it holds more than {MOST_FILES} files; the rest was not looked at")
            return
        name = path.relative_to(folder).as_posix()
        try:
            found = path.lstat()
        except OSError as gone:
            yield FolderFinding(name, str(gone))
            continue
        yield from (FolderFinding(name, seen) for seen in _odd(path, name, found, owner, bound))


def _inputs(folder: Path, bound: Mapping[str, str]) -> Iterator[FolderFinding]:
    for name, began_with in bound.items():
        if not os.path.lexists(folder / name):
            yield FolderFinding(name, "it is missing; the run began with it", grave=True)
            continue
        try:
            now = input_hash(folder, name)
        except BenchFault as refused:
            yield FolderFinding(name, refused.seen, grave=True)
            continue
        if now != began_with:
            seen = f"it was changed: SHA-256 {now[:12]}…, the run began with {began_with[:12]}…"
            yield FolderFinding(name, seen, grave=True)


def _paths(folder: Path) -> Iterator[Path]:
    yield folder
    for here, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(here, name) for name in sorted([*folders, *files]))


def _odd(path: Path, name: str, found: os.stat_result, owner: str, bound: Mapping[str, str]) -> Iterator[str]:
    is_link, is_folder = stat.S_ISLNK(found.st_mode), stat.S_ISDIR(found.st_mode)
    if is_link and name != CONTINUED:
        yield f"a link to {path.readlink()}; no run leaves one"
    elif not (is_link or is_folder or stat.S_ISREG(found.st_mode)):
        yield "neither a file nor a folder; no run leaves one"
    if (its := owner_of(path, found)) != owner:
        yield f"it belongs to {its}, and the run folder to {owner}"
    if not is_link and others_write(path, found):
        yield f"others than its owner may write to it (mode {stat.S_IMODE(found.st_mode):o})"
    if stat.S_ISREG(found.st_mode) and found.st_nlink > 1:
        yield f"it has {found.st_nlink} names: by another one it can be changed from outside of the folder"
    if not is_folder and not is_written(name, bound):
        yield "no run writes this, or its journal does not bind it; no verdict rests on it"


def is_written(name: str, bound: Mapping[str, str]) -> bool:
    """Tell whether a run leaves a file of this name in its folder, or began with it."""
    return name in bound or name in WRITTEN or name.partition("/")[0] in WRITTEN_FOLDERS
