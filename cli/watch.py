# SPDX-License-Identifier: Apache-2.0
"""`pumpbench watch`: look on while a run goes on in another terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from bench.attendance import PAGE, answer_prompt
from bench.run_folder import JOURNAL
from bench.run_process import seems_to_go_on
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.wall_clock import monotonic_s, sleep_s, utc_now
from reports.terminal_text import terminal_text
from reports.watch import RunState, WatchedRun, WatchPage, beat_line, earlier_times, notice_line, watch_screen

LOOK_S = 1.0
SILENT_AT_MOST_S = 25.0
"""Without a terminal a line comes at least this often, so that nobody who waits for one takes the run for dead."""


def watch(
    run: Annotated[
        Path | None, typer.Argument(help="The folder of a run, which need not be there yet; the newest that goes on.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where run folders are made; without RUN the newest is looked for there.")
    ] = Path("runs"),
    page: Annotated[
        bool, typer.Option("--page", help="Serve a page to browsers of this computer, which answers prompts as well.")
    ] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the page; 0 takes a free one.")] = 0,
) -> None:
    """Look on while a run goes on: tests done and to come, delivered volume, alarms, gaps, time left.

    On a terminal it is one screen, elsewhere a line for each step, and one at least every 25 s. It only reads, so the
    run does not know of it; Ctrl-C ends the watching and nothing else. Which tests are to come the run wrote down at
    its start; how long they take comes from earlier runs beside it, else from the tests that are over.

    Exit code: 0 the run ended, whatever its verdict, or Ctrl-C; 2 wrong use; 3 it was cut short, or its journal is
    broken.

    Example: `pumpbench watch` in the folder in which `pumpbench run` was started.
    """
    console = wide_console()
    try:
        watched = WatchedRun(_found(run, out, console))
        looks = _Looks(watched)
        with _page_of(looks, port, console) if page else nullcontext():
            (_on_a_screen if console.is_terminal else _in_lines)(looks, console)
    except KeyboardInterrupt:
        raise typer.Exit(ExitCode.PASSED) from None
    console.print(terminal_text(_end(watched)), soft_wrap=True)
    raise typer.Exit(ExitCode.PASSED if watched.state is RunState.ENDED else ExitCode.NOT_TESTED)


# --- which run --------------------------------------------------------------------------------------------------------


def _found(run: Path | None, out: Path, console: Console) -> Path:
    """Return the folder of the run; wait until there is one."""
    if run is not None:
        if run.exists() and not run.is_dir():
            raise PlanError(f"run folder {run}", "watch", "it is no folder", "name the folder of a run")
        if run.is_dir() and not _is_run(run) and any(run.glob(f"*/{JOURNAL}")):
            out = run  # a folder of runs
        else:
            _wait(lambda: run if _is_run(run) else None, f"run folder {run}: not there yet", console)
            return run
    return _wait(lambda: _newest_that_goes_on(out), f"no run goes on in {out}", console)


def _is_run(folder: Path) -> bool:
    return (folder / JOURNAL).exists() or seems_to_go_on(folder)


def _newest_that_goes_on(out: Path) -> Path | None:
    return next((one for one in sorted(out.glob("*"), reverse=True) if seems_to_go_on(one)), None)


def _wait(find: Callable[[], Path | None], told: str, console: Console) -> Path:
    told_s = -SILENT_AT_MOST_S
    while (found := find()) is None:
        if monotonic_s() - told_s >= SILENT_AT_MOST_S:
            told_s = monotonic_s()
            console.print(terminal_text(notice_line(f"{told}; waiting for it, Ctrl-C ends that", utc_now())))
        sleep_s(LOOK_S)
    return found


# --- looking on -------------------------------------------------------------------------------------------------------


@dataclass
class _Looks:
    """Looks at a run again and again until it is over; looks up once how long its tests are going to take.

    Attributes:
        run: that one.
        seen: is called after each look.
    """

    run: WatchedRun
    seen: Callable[[], None] = lambda: None

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        planned = False
        while True:
            told = self.run.look()
            self.seen()
            yield told
            if self.run.over:
                return
            if not planned and self.run.nodes and self.run.profile_name:
                planned = True
                self.run.planned_s = earlier_times(self.run.folder, self.run.profile_name)
            sleep_s(LOOK_S)


def _on_a_screen(looks: _Looks, console: Console) -> None:
    with Live(console=console, auto_refresh=False) as live:
        for _ in looks:
            live.update(watch_screen(looks.run, utc_now()), refresh=True)


def _in_lines(looks: _Looks, console: Console) -> None:
    run = looks.run
    told_s, first = -SILENT_AT_MOST_S, True
    for told in looks:
        for one in () if first else told:  # of what was before, one line says enough
            console.print(terminal_text(notice_line(one, utc_now())), soft_wrap=True)
        if told and not first:
            told_s = monotonic_s()
        if monotonic_s() - told_s >= SILENT_AT_MOST_S:
            told_s = monotonic_s()
            console.print(terminal_text(beat_line(run, utc_now())), soft_wrap=True)
        first = False


@contextmanager
def _page_of(looks: _Looks, port: int, console: Console) -> Iterator[None]:
    """Serve the page meanwhile; at the end long enough for who has it open to see how the run ended."""
    from reports.watch.page_server import PageServer  # a server takes long to import

    run = looks.run

    def answers(number: int, by: str) -> None:
        answer_prompt(run.folder, by, number, PAGE)

    with PageServer(answers, port) as server:

        def seen() -> None:
            server.page = WatchPage.of(run, utc_now())

        seen()
        looks.seen = seen
        told = f"page {server.address} (this computer only; whoever has the address can answer)"
        console.print(terminal_text(told), soft_wrap=True)
        yield
        sleep_s(2 * LOOK_S)


def _end(run: WatchedRun) -> str:
    told = beat_line(run, utc_now())
    if run.state is RunState.ENDED:
        return f"{told}; the run ended: {run.reason}. `pumpbench report {run.folder}` shows its verdicts"
    torn = f", {len(run.torn_tail)} characters of a last line" if run.torn_tail else ""
    return (
        f"{told}: its process is gone{torn}. Go on with it: pumpbench resume {run.folder}; "
        f"or give it up: pumpbench end {run.folder} --why TEXT"
    )
