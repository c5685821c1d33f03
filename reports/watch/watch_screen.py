# SPDX-License-Identifier: Apache-2.0
"""A run on one screen of a terminal."""

from collections.abc import Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table

from bench.journal.lines import Judgement
from metrology.verdict import Verdict
from reports.entry import MeasuredValue
from reports.terminal_text import terminal_text
from reports.value_text import value_text
from reports.verdict_mark import verdict_mark
from reports.watch.journal_progress import JournalProgress
from reports.watch.live_volume import LiveVolume
from reports.watch.watch_lines import counts_text, duration_text, left_text
from reports.watch.watched_run import RunState, WatchedRun

LAST = 4
"""So many of the alarms, gaps and tests that were not passed are shown."""
BAR_WIDTH = 40


def watch_screen(run: WatchedRun, now_utc: datetime) -> RenderableType:
    """Return what is to be seen of a run now."""
    return Group(*_parts(run, now_utc))


def _parts(run: WatchedRun, now_utc: datetime) -> Iterator[RenderableType]:
    stamp = "SIMULATED – " if run.simulated else ""
    title = f"{stamp}{run.profile_title}  {run.folder.name}".strip()
    yield f"[bold]{terminal_text(title)}[/]  {_state(run)}"
    yield _tests(run)
    yield from (_under_way(progress, run) for progress in run.running)
    for test in [one for one in run.ended if one.verdict is not Verdict.PASS][-LAST:]:
        verdict = test.verdict or Verdict.UNSET
        yield f"{verdict_mark(verdict)} {terminal_text(test.title)}"
    yield from _counted("alarms", run.alarms)
    yield from _counted("gaps", run.gaps)
    if run.prompt:
        yield f"[bold yellow]{terminal_text(run.prompt)}[/]"
        yield terminal_text(f"when it is done: pumpbench answer {run.folder} --by YOUR_NAME")
    if not run.over:
        yield terminal_text(left_text(run.time_left(), now_utc))


def _state(run: WatchedRun) -> str:
    colour = {RunState.PAUSED: "yellow", RunState.CUT_SHORT: "red", RunState.ENDED: "green"}.get(run.state, "cyan")
    reason = f" ({terminal_text(run.reason)})" if run.reason else ""
    return f"[{colour}]{run.state}[/]{reason}"


def _tests(run: WatchedRun) -> RenderableType:
    total = len(run.nodes)
    row = Table.grid(padding=(0, 1))
    told = f"{len(run.ended)} of {total or '?'} tests{counts_text(run)}, {len(run.to_come)} to come"
    row.add_row(ProgressBar(total=max(1, total), completed=len(run.ended), width=BAR_WIDTH), terminal_text(told))
    return row


def _under_way(progress: JournalProgress, run: WatchedRun) -> RenderableType:
    table = Table.grid(padding=(0, 1))
    test = progress.test
    if test is not None:
        table.add_row("test", terminal_text(f"{test.chapter}: {test.title}"))
    if progress.step:
        left = ""
        if progress.horizon_s is not None and progress.horizon_s > progress.t_s:
            left = f", {duration_text(progress.horizon_s - progress.t_s)} of bench time left"
        table.add_row("step", terminal_text(f"{progress.step}{left}"))
    if (volume := LiveVolume.of(progress, run.foretells)) is not None:
        table.add_row("volume", terminal_text(str(volume)))
    if progress.value is not None:
        table.add_row("judged", _judged(progress.value))
    return table


def _judged(judgement: Judgement) -> str:
    told = terminal_text(value_text(MeasuredValue.of(judgement)))
    return f"{verdict_mark(judgement.verdict)} {told}"


def _counted(name: str, told: tuple[str, ...]) -> Iterator[str]:
    if told:
        yield f"{len(told)} {name}"
        yield from (f"  {terminal_text(one)}" for one in told[-LAST:])
