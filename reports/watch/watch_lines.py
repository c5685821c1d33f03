# SPDX-License-Identifier: Apache-2.0
"""A run in single lines with the time of day, for logs and for terminals that show nothing else."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from groundfloor.printable import one_line
from reports.watch.live_volume import LiveVolume
from reports.watch.time_left import TimeLeft
from reports.watch.watched_run import RunState, WatchedRun

MOST_CHARACTERS = 300
MOST_OF_A_BEAT = 1000


def notice_line(told: str, now_utc: datetime, most: int = MOST_CHARACTERS) -> str:
    """Return what happened in a line with its time, in at most so many characters."""
    return f"{now_utc:%H:%M:%S} UTC  {one_line(told, most)}"


def beat_line(run: WatchedRun, now_utc: datetime, *, time_left: bool = True) -> str:
    """Return how far a run has come in a line with its time."""
    told = [*_told(run)]
    if time_left and not run.over:
        told.append(left_text(run.time_left(), now_utc))
    return notice_line("; ".join(told), now_utc, MOST_OF_A_BEAT)


def _told(run: WatchedRun) -> Iterator[str]:
    yield f"{len(run.ended)} of {len(run.nodes) or '?'} tests{counts_text(run)}"
    if run.state in (RunState.NOT_THERE, RunState.BEGINS, RunState.PAUSED, RunState.CUT_SHORT):
        yield str(run.state)
    for progress in run.running:
        if progress.test is None:
            continue
        volume = LiveVolume.of(progress, run.foretells)
        step = f", {progress.step}" if progress.step else ""
        yield f"{progress.test.chapter}{step}" + (f", {volume}" if volume is not None else "")
    if run.alarms:
        yield f"{len(run.alarms)} alarms"
    if run.gaps:
        yield f"{len(run.gaps)} gaps"
    if run.prompt:
        yield f"waits for a person: {run.prompt}"


def counts_text(run: WatchedRun) -> str:
    """Return how many tests ended with each verdict, in brackets; empty before the first ended."""
    counted = ", ".join(f"{count} {verdict.name}" for verdict, count in run.counts.items())
    return f" ({counted})" if counted else ""


def left_text(left: TimeLeft, now_utc: datetime) -> str:
    """Return how long a run is still going to take, and when it is going to end."""
    bench = f"{duration_text(left.bench_s)} of bench time left"
    unknown = f"; {left.guessed} tests are guessed" if left.guessed else ""
    if left.wall_s is None:
        return f"{bench}, ETA not known yet{unknown}"
    try:
        end = now_utc + timedelta(seconds=left.wall_s)
    except OverflowError:
        return f"{bench}, ETA out of sight{unknown}"
    day = f"{end:%H:%M} UTC" if end.date() == now_utc.date() else f"{end:%Y-%m-%d %H:%M} UTC"
    return f"{duration_text(left.wall_s)} left ({bench}), ETA {day}{unknown}"


def duration_text(seconds: float) -> str:
    """Return a duration as days, hours and minutes, so that one sees at once how long it is."""
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours:02d} h"
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
