# SPDX-License-Identifier: Apache-2.0
"""`pumpbench journal`: check a run's journal line by line, and show what it tells."""

from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.journal import (
    CONTINUED,
    JournalCheck,
    JournalFollower,
    JournalLine,
    check_journal,
    journal_parts,
    read_lines,
)
from bench.journal.lines import Event, Judgement, Line, RunEnded, Sample, Step, TestStarted
from bench.run_folder import JOURNAL
from bench.run_process import seems_to_go_on
from cli.wide_console import wide_console
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.wall_clock import sleep_s
from reports.folder_check import FolderFinding, beside_journal
from reports.terminal_text import terminal_text

SHOWN_CHARACTERS = 500
FOLLOW_S = 0.5
SHOWN_FINDINGS = 50
_SAYS_NOTHING: tuple[object, ...] = (None, "", [], {}, ())

RunArgument = Annotated[Path, typer.Argument(help="The folder of a run, or a journal file.")]

journal = typer.Typer(no_args_is_help=True, help="Check a run's journal line by line, or show what it tells.")


@journal.command()
def check(run: RunArgument) -> None:
    """Read the whole chain of hashes and name the first line that is not what the bench wrote; look at its folder too.

    Half a last line, as a killed run leaves it, is told and breaks nothing. Of the last line nothing shows that it was
    changed, and of lines that were cut off the end only that the run does not say it ended: keep an eye on that.
    Of a run folder it names what was changed since the run, and what no run leaves there: other files, links, files
    that belong to somebody else or that others may write to.

    Exit code: 0 the chain is whole; 2 wrong use; 3 it is broken, there is none, it cannot
    be read, or a file that the run rests on or that was made from it is another.
    """
    found = check_journal(journal_of(run))
    console = wide_console()
    for line in _report(found):
        console.print(terminal_text(line), soft_wrap=True)
    in_order = found.whole and found.lines > 0
    findings = beside_journal(run, ended=found.ended) if in_order and run.is_dir() else ()
    for line in _folder(findings):
        console.print(terminal_text(line), soft_wrap=True)
    in_order = in_order and not any(one.grave for one in findings)
    raise typer.Exit(ExitCode.PASSED if in_order else ExitCode.NOT_TESTED)


def _folder(findings: Sequence[FolderFinding]) -> Iterable[str]:
    in_order = sorted(findings, key=lambda one: not one.grave)
    yield from (f"folder   {'CHANGED ' if one.grave else ''}{one}" for one in in_order[:SHOWN_FINDINGS])
    if len(in_order) > SHOWN_FINDINGS:
        yield f"folder   and {len(in_order) - SHOWN_FINDINGS} more of this sort"


def _report(found: JournalCheck) -> Iterable[str]:
    yield f"journal  {' and '.join(map(str, found.files))}"
    resumed = f", resumed {found.resumptions} times" if found.resumptions else ""
    yield f"lines    {found.lines}, of which {found.samples} are samples{resumed}"
    yield f"run      {_how_far(found)}"
    if found.torn_tail:
        yield f"torn     half a last line, {len(found.torn_tail)} characters: not written to its end, and left out"
    if not found.lines and found.broken is None:
        yield "chain    NONE: not one whole line, so this is no journal of a run, or nothing is left of it"
    elif found.broken is None:
        yield "chain    whole"
    else:
        broken = found.broken
        yield f"chain    BROKEN in line {broken.number}, at byte {broken.offset}: {broken.damage}: {broken.seen}"


def _how_far(found: JournalCheck) -> str:
    if found.broken is not None:
        return "told up to the broken line only"
    if found.ended:
        return "ended"
    if found.recovered:
        return "did not end: it was cut short, and closed by a later start"
    return "did not end: it was cut short or is still running" if found.started else "has not started"


@journal.command()
def show(
    run: RunArgument,
    last: Annotated[int, typer.Option(min=1, help="How many lines to show, counted from the end.")] = 40,
    samples: Annotated[bool, typer.Option("--samples", help="Show the samples too.")] = False,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with what is written from now on, until the run ends or Ctrl-C.")
    ] = False,
) -> None:
    """Show the last lines of a journal, also of a run that goes on: bench time, kind, and what it tells.

    Of a run whose chapters are made by workers, each line comes when its chapter is joined; `pumpbench watch` shows
    them at once.

    Exit code: 0; 2 wrong use; 3 the journal cannot be read, or is broken: `pumpbench journal check` tells where.
    """
    path = journal_of(run)
    if follow:
        _follow(path, last, samples=samples)
        return
    kept: deque[JournalLine] = deque(maxlen=last)
    lines = read_lines(path)
    kept.extend(line for line in lines if samples or line.kind != Sample.kind)
    table = Table("line", "bench time", "kind", "what it tells", box=None, pad_edge=False)
    for line in kept:
        row = (str(line.seq), _time(line.t_s), line.kind, _told(line))
        table.add_row(*(terminal_text(text) for text in row))
    console: Console = wide_console()
    console.print(table)
    if lines.torn_tail:
        console.print(f"half a last line, {len(lines.torn_tail)} characters")


def _follow(path: Path, last: int, *, samples: bool) -> None:
    """Show lines as they come, each on its own; half a last line when it is whole."""
    console, follower = wide_console(), JournalFollower(path)
    first, seen_dead = True, 0
    with suppress(KeyboardInterrupt):
        while seen_dead < 2:  # a run writes its last line before its process is gone
            seen_dead = 0 if seems_to_go_on(path.parent) else seen_dead + 1
            kept: deque[JournalLine] = deque(maxlen=last if first else None)
            kept.extend(line for line in follower.new_lines() if samples or line.kind != Sample.kind)
            for line in kept:
                row = (str(line.seq), _time(line.t_s), line.kind, _told(line))
                console.print("  ".join(terminal_text(text) for text in row), soft_wrap=True)
            if any(line.kind == RunEnded.kind for line in kept):
                return
            first = False
            sleep_s(FOLLOW_S)
        if follower.torn_tail:
            console.print(f"half a last line, {len(follower.torn_tail)} characters")


def _time(t_s: float) -> str:
    try:
        return str(timedelta(seconds=round(t_s)))
    except (OverflowError, ValueError):
        return f"{t_s:g} s"


def _told(line: JournalLine) -> str:
    """Return what a person wants to know of a line, in short."""
    match _body(line):
        case Judgement(verdict=verdict, name=name, reason=reason):
            text = f"{verdict} – {name}: {reason}"
        case Event(title=title) | Step(title=title) | TestStarted(title=title):
            text = title
        case _:
            text = ", ".join(f"{name} {value}" for name, value in line.data.items() if value not in _SAYS_NOTHING)
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"


def _body(line: JournalLine) -> Line | None:
    """Return what the line says; None where no model of ours fits it, which is worth being shown."""
    try:
        return line.body
    except BenchFault:
        return None


def journal_of(run: Path) -> Path:
    """Return the journal of a run folder.

    Raises:
        PlanError: there is none.
    """
    if run.is_file() and run.name != CONTINUED:
        return run
    path = run.with_name(JOURNAL) if run.name == CONTINUED else run / JOURNAL
    if not journal_parts(path)[0].path.is_file():
        raise PlanError(f"run folder {run}", "open", f"it holds no {JOURNAL}", "name the folder of a run")
    return path
