# SPDX-License-Identifier: Apache-2.0
"""Closes the journals of runs whose process is gone: a run that cannot say that it ended has it said by the next one.

The journal's lock tells whether its writer is still there. If it is not, one line is added: "run-recovered". It says
that the run did not end by itself; `pumpbench resume` can still go on with it.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.journal import LONGEST_LINE_BYTES, Journal, JournalTail, journal_parts, parse_line
from bench.journal.lines import RunEnded, RunRecovered
from bench.run.chapter_journals import join_left_chapters
from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault
from groundfloor.regular_file import open_regular
from groundfloor.system.file_access import is_ours
from groundfloor.wall_clock import utc_now

CLOSED_BY = frozenset({RunEnded.kind, RunRecovered.kind})


@dataclass(frozen=True)
class Recovery:
    """A run that was found without an end.

    Attributes:
        folder: its folder.
        trouble: why its journal could not be closed; empty when it was.
    """

    folder: Path
    trouble: str = ""


def recover_runs(runs: Path) -> list[Recovery]:
    """Close the journals of the runs in the folder `runs` that were cut short; those that go on are left alone."""
    recoveries = []
    for journal in sorted(runs.glob(f"*/{JOURNAL}")):
        if journal.is_symlink() or journal.parent.is_symlink() or not journal.is_file():
            continue
        if not is_ours(journal, journal.stat()):  # a colleague's: who began it, or goes on with it, closes it
            continue
        with suppress(BlockingIOError):  # somebody writes it
            if _last_kind(journal) not in CLOSED_BY:
                recoveries.append(_recover(journal))
    return recoveries


def _recover(journal: Path) -> Recovery:
    try:
        tail = JournalTail.of(journal)
    except BenchFault as trouble:
        if isinstance(trouble.__cause__, BlockingIOError):
            raise trouble.__cause__ from trouble
        return Recovery(journal.parent, str(trouble))
    try:
        closing = Journal(journal, lambda: tail.last_s, tail=tail)
        join_left_chapters(closing, journal.parent)
        reason = "its process was gone when the next run was started"
        found_utc = utc_now().isoformat(timespec="seconds")
        closing.put(RunRecovered(torn=tail.torn, reason=reason, found_utc=found_utc))
        tail.file.end_here()
        closing.close()
    except (BenchFault, OSError) as trouble:
        return Recovery(journal.parent, str(trouble))
    return Recovery(journal.parent)


def _last_kind(journal: Path) -> str | None:
    """Return the kind of the last whole line, without reading the others; None when there is none."""
    try:
        path = journal_parts(journal)[-1].path
        with open_regular(path) as file:
            file.seek(max(0, path.stat().st_size - LONGEST_LINE_BYTES))
            last = file.read().rpartition(b"\n")[0].rpartition(b"\n")[2]
        return parse_line(last, 0)[0].kind
    except (BenchFault, OSError, ValueError):
        return None
