# SPDX-License-Identifier: Apache-2.0
"""The line before a bench: `pumpbench run --wait 2h` joins it, and a run that does not wait does not jump it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path

import typer
from rich.console import Console

from bench.bench_file import BenchFile
from bench.lease import InTheWay, Lease, LeaseHeld, LeaseRecord, Place, WaitForBench, WaitingLine, lease_key
from cli.wide_console import wide_console
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.system.interruptible import interruptible
from groundfloor.wall_clock import monotonic_s, utc_now
from reports.terminal_text import terminal_text
from reports.watch import WatchedRun, earlier_times, notice_line
from reports.watch.watch_lines import duration_text, left_text

SILENT_AT_MOST_S = 25.0
MOST_CHARACTERS = 2000
LONGEST_S = 366 * 86400.0


def waiting_s(text: str) -> float:
    """Return how long a run waits at most, as `--wait` has it.

    Raises:
        PlanError: it is no time, or more than a year.
    """
    from cli.written_quantity import duration_s  # brings what reads recordings: a run needs none

    limit_s = duration_s("--wait", text)
    if limit_s > LONGEST_S:
        raise PlanError("--wait", "use", f"{text} is more than a year", "write a time, such as 2h")
    return limit_s


def refuse_to_jump(file: BenchFile) -> None:
    """Refuse to take a bench that others wait for.

    Raises:
        LeaseHeld: they are told.
        BenchFault: the state folder cannot be used.
    """
    waiters = WaitingLine(lease_key(file)).waiters()
    if waiters:
        seen = f"others wait for it: {'; '.join(one.told() for one in waiters)}"
        raise LeaseHeld(f"bench {file.bench.name}", "take it", seen, "queue behind them with --wait 2h, or ask them")


Turn = Callable[[], AbstractContextManager[Lease | None]]
"""Waits for our turn and yields the lease; None where nobody waits, and the run takes it when it opens the bench."""


@contextmanager
def bench_queue(file: BenchFile | None, wait: str | None, out: Path, reason: str) -> Iterator[Turn]:
    """Stand in the line before a bench while the block lasts.

    Args:
        file: the bench; None for a twin that the run has for itself.
        wait: what `--wait` says; None where the run does not wait.
        out: where run folders are made.
        reason: what the bench is wanted for.

    Raises:
        PlanError: there is nothing to wait for, or the time is none.
        BenchFault: others wait, and this run does not; or the state folder cannot be used.
    """
    if wait is None:
        if file is not None:
            refuse_to_jump(file)
        yield nullcontext
        return
    if file is None:
        seen = "a run against its own twin starts at once"
        raise PlanError("--wait", "use", seen, "leave it out, or name a bench file")
    limit_s = waiting_s(wait)
    line = WaitingLine(lease_key(file))
    with line.join(reason, utc_now() + timedelta(seconds=limit_s)) as place:
        queue = BenchQueue(file, limit_s, out, reason, place)
        yield queue.turn


class BenchQueue:
    """Our place in the line before a bench, and what is told of it on the terminal.

    Args:
        file: the bench.
        limit_s: how long each of the runs of the command waits at most.
        out: where run folders are made; that of the run that has the bench may tell when it is going to end.
        reason: what the bench is wanted for.
        place: ours.
    """

    def __init__(self, file: BenchFile, limit_s: float, out: Path, reason: str, place: Place) -> None:
        self._file = file
        self._limit_s = limit_s
        self._out = out
        self._reason = reason
        self._place = place
        self._console: Console = wide_console()
        self._told = ""
        self._told_s = 0.0
        self._runs: dict[str, WatchedRun] = {}

    @contextmanager
    def turn(self) -> Iterator[Lease]:
        """Wait for the bench, and give it back with the block if it is still ours.

        Raises:
            BenchFault: it was not free in time.
            typer.Exit: somebody pressed Ctrl-C.
        """
        try:
            with interruptible():
                lease = WaitForBench(self._file, self._limit_s, self._tell).lease(self._place, self._reason)
        except KeyboardInterrupt:
            self._say("left the queue; nothing was tested")
            raise typer.Exit(ExitCode.NOT_TESTED) from None
        try:
            if self._told:
                self._say(f"bench {self._file.bench.name} is free, the run starts")
            yield lease
        finally:
            lease.release()

    def _tell(self, found: InTheWay, left_s: float) -> None:
        """Tell what is in the way: at once when it changes, and every now and then that we still wait."""
        name = self._file.bench.name
        who = [one.told() for one in found.ahead]
        ahead = f"; ahead: {'; '.join(who)}" if who else "; we are the next"
        told = f"{found.seen or 'nobody holds it'}{ahead}"
        changed = _without_renewal(told) != _without_renewal(self._told)
        if not changed and monotonic_s() - self._told_s < SILENT_AT_MOST_S:
            return
        self._told, self._told_s = told, monotonic_s()
        expected = self._expected(found.record)
        self._say(f"waiting for bench {name}: {told}{expected}; gives up in {duration_text(left_s)}, Ctrl-C leaves")

    def _expected(self, record: LeaseRecord | None) -> str:
        """Return when the run that has the bench is going to end, if its folder lies where ours is going to."""
        if record is None or not record.run or Path(record.run).name != record.run:
            return ""
        folder = self._out / record.run
        if not folder.is_dir():
            return ""
        run = self._runs.setdefault(record.run, WatchedRun(folder, foretell=False))
        try:
            run.look()
        except BenchFault:  # what cannot be read tells nothing
            return ""
        run.planned_s = run.planned_s or earlier_times(folder, run.profile_name)
        done = f"{len(run.ended)} of {len(run.nodes) or '?'} tests are over"
        return f"; of that run {done}, {left_text(run.time_left(), utc_now())}"

    def _say(self, told: str) -> None:
        self._console.print(terminal_text(notice_line(told, utc_now(), MOST_CHARACTERS)), soft_wrap=True)


def _without_renewal(told: str) -> str:
    """Return a sentence without the time that a lease is good for, which moves on while nothing happens."""
    return told.partition(", until ")[0] + told.partition("unless renewed")[2]
