# SPDX-License-Identifier: Apache-2.0
"""What one sample of the running loop costs, against the bare calls for the same bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.bare_calls import BareCalls
from benchmarks.echo import Echo
from benchmarks.figure import Figure
from benchmarks.interleaved import Times, interleaved, ratios
from benchmarks.process import Process
from benchmarks.running_loop import RunningLoop
from benchmarks.stopwatch import Stopwatch
from instruments.simulated.twin_child import TwinChild
from instruments.simulated.twin_options import TwinOptions

MOST_OVER_BARE = 1.3
_SAME = "same bytes, same twin, in turn, all on one core"
_OURS = {"heartbeat": "beat", "pump": "read", "rig": "read", "balance": "read_mass_g"}
_THEIRS = {"heartbeat": "beat", "pump": "read_pump", "rig": "read_rig", "balance": "read_balance"}


@dataclass(frozen=True)
class Contenders:
    """The loop and the bare calls against one twin, and the processor time that they and the twin have spent."""

    loop: RunningLoop
    bare: BareCalls
    cpu_s: Callable[[], float]


@contextmanager
def contenders() -> Iterator[Contenders]:
    """Open the loop and the bare calls against one twin; all processes on one core."""
    child = TwinChild(TwinOptions())
    with child as twin, RunningLoop(twin) as loop, BareCalls(twin) as bare:
        own, other = Process(), Process(child.pid)
        own.pin()
        other.pin()
        yield Contenders(loop, bare, lambda: own.cpu_s() + other.cpu_s())


def sample_cost(repeats: int) -> list[Figure]:
    """Time the loop and the bare calls in turn, then see which share each device and the journal have."""
    with contenders() as both, Echo() as echo:
        Process(echo.pid).pin()
        calls = {"loop": both.loop.sample, "bare": both.bare.sample, "echo": echo.round_trip}
        times = interleaved(calls, repeats, both.cpu_s)
        return [*over_bare(times["loop"], times["bare"]), *_times(times), *_shares(both, repeats)]


def over_bare(loop: Times, bare: Times) -> list[Figure]:
    """Return the ratio of one sample of the loop to the bare calls, on the wall and of the processors."""
    wall, cpu = ratios(loop.wall_s, bare.wall_s), ratios(loop.cpu_s, bare.cpu_s)
    return [
        Figure("a sample / the bare calls", "×", wall, MOST_OVER_BARE, f"{_SAME}; wall time"),
        Figure("a sample / the bare calls", "×", cpu, MOST_OVER_BARE, f"{_SAME}; processor time, the twin's included"),
    ]


def _times(times: dict[str, Times]) -> list[Figure]:
    echo = "a raw echo, from one Python process to another and back"
    return [
        _microseconds("a sample", times["loop"].wall_s),
        _microseconds("the bare calls", times["bare"].wall_s),
        _microseconds(echo, times["echo"].wall_s),
        Figure(
            "a sample / a raw echo",
            "×",
            ratios(times["loop"].wall_s, times["echo"].wall_s),
            note="a sample makes five round trips, as the bare calls do",
        ),
    ]


def _shares(both: Contenders, repeats: int) -> list[Figure]:
    ours, theirs = Stopwatch(), Stopwatch()
    bench = both.loop.bench
    owners = {"heartbeat": bench.rig, "pump": bench.pump, "rig": bench.rig, "balance": bench.balance}
    for part, owner in owners.items():
        ours.watch(part, owner, _OURS[part])
        theirs.watch(part, both.bare, _THEIRS[part])
    ours.watch("journal", both.loop.journal, "sample")
    ours.watch("all", both.loop, "sample")
    interleaved({"loop": both.loop.sample, "bare": both.bare.sample}, repeats, both.cpu_s)
    return [*(_device(part, ours, theirs) for part in owners), *_rest(ours, [*owners, "journal"])]


def _device(part: str, ours: Stopwatch, theirs: Stopwatch) -> Figure:
    ratio, bare_us = ours.call_s(part) / theirs.call_s(part), 1e6 * theirs.call_s(part)
    return _part(part, ours.call_s(part), ours, f"{ratio:.2f} × the bare call's {bare_us:.0f} µs")


def _rest(ours: Stopwatch, parts: list[str]) -> list[Figure]:
    rest_s = ours.call_s("all") - sum(map(ours.call_s, parts))
    return [
        _part("journal", ours.call_s("journal"), ours, "line, hash chain, write to a real file"),
        _part("rest", rest_s, ours, "expected volume, the sample itself, the watch for alarms and air"),
    ]


def _part(part: str, seconds: float, ours: Stopwatch, note: str) -> Figure:
    share = f"{100 * seconds / ours.call_s('all'):.0f} % of a sample"
    return Figure(f"… of it the {part}", "µs", (1e6 * seconds,), note=f"{share}; {note}")


def _microseconds(name: str, seconds: list[float]) -> Figure:
    return Figure(name, "µs", tuple(1e6 * one for one in seconds), note="wall time")
