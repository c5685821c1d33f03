# SPDX-License-Identifier: Apache-2.0
"""What one sample of the running loop costs, against the bare calls that ask for the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.sampling.snapshot import Snapshot
from benchmarks.afresh import afresh
from benchmarks.bare_calls import BareCalls
from benchmarks.echo import Echo
from benchmarks.figure import Figure
from benchmarks.interleaved import TURNS, Cost, interleaved, ratios
from benchmarks.process import Process
from benchmarks.running_loop import RunningLoop
from benchmarks.stopwatch import Stopwatch
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions

MOST_OVER_BARE = 1.0
AIM = 0.6
REPEATS = 5
_SAME = "same registers and mass, same twin, in turn, all on one core"
_ECHO = "a raw echo, from one Python process to another and back"
_DEVICES = "heartbeat and snapshot"
_NOTES = {
    "journal": "line, hash chain, write to a real file",
    "rest": "expected volume, the sample itself, the watch for alarms and air",
}


@dataclass(frozen=True)
class Repeat:
    """What one process measured: the whole of a sample, the bare calls and an echo; and the seconds of each part."""

    loop: Cost
    bare: Cost
    echo: Cost
    our_parts_s: dict[str, float]
    their_parts_s: dict[str, float]


def sample_cost(repeats: int = REPEATS) -> list[Figure]:
    """Time the loop and the bare calls in turn, then see which share each device and the journal have."""
    measured = afresh(one_repeat, repeats)
    wall = ratios((one.loop.wall_s for one in measured), (one.bare.wall_s for one in measured))
    cpu = ratios((one.loop.cpu_s for one in measured), (one.bare.cpu_s for one in measured))
    name = "a sample / the bare calls"
    return [
        Figure(f"{name}, wall time", "×", wall, MOST_OVER_BARE, _SAME, AIM),
        Figure(f"{name}, processor time", "×", cpu, MOST_OVER_BARE, f"{_SAME}; the twin's share included", AIM),
        *_times(measured),
        *_parts(measured),
    ]


def one_repeat(turns: int = TURNS) -> Repeat:
    """Measure once, in this process, which is then pinned to one core."""
    child = TwinChild(TwinOptions())
    with child as twin, RunningLoop(twin) as loop, BareCalls(twin) as bare, Echo() as echo:
        own, other = Process(), Process(child.pid)
        for process in (own, other, Process(echo.pid)):
            process.pin()

        def cpu_s() -> float:
            return own.cpu_s() + other.cpu_s()

        calls = {"loop": loop.sample, "bare": bare.sample, "echo": echo.round_trip}
        costs = interleaved(calls, cpu_s, turns)
        ours, theirs = _watched(loop, bare, cpu_s, turns)
        return Repeat(costs["loop"], costs["bare"], costs["echo"], ours, theirs)


def _watched(
    loop: RunningLoop, bare: BareCalls, cpu_s: Callable[[], float], turns: int
) -> tuple[dict[str, float], dict[str, float]]:
    ours, theirs = Stopwatch(), Stopwatch()
    ours.watch(_DEVICES, Snapshot, "with_heartbeat")
    theirs.watch(_DEVICES, bare, "ask_devices")
    ours.watch("journal", loop.journal, "sample")
    ours.watch("all", loop, "sample")
    interleaved({"loop": loop.sample, "bare": bare.sample}, cpu_s, turns)
    parts_s = ours.calls_s()
    whole_s = parts_s.pop("all")
    return {**parts_s, "rest": whole_s - sum(parts_s.values())}, theirs.calls_s()


def _times(measured: Sequence[Repeat]) -> list[Figure]:
    loop, bare, echo = ([getattr(one, name).wall_s for one in measured] for name in ("loop", "bare", "echo"))
    trips = "a sample makes four requests, three of them on their way at once; the bare calls make five, one by one"
    return [
        _microseconds("a sample", loop, "wall time"),
        _microseconds("the bare calls", bare, "wall time"),
        _microseconds(_ECHO, echo, "wall time"),
        Figure("a sample / a raw echo", "×", ratios(loop, echo), note=trips),
    ]


def _parts(measured: Sequence[Repeat]) -> list[Figure]:
    return [_part(part, measured) for part in measured[0].our_parts_s]


def _part(part: str, measured: Sequence[Repeat]) -> Figure:
    ours_s = [one.our_parts_s[part] for one in measured]
    share = median(ratios(ours_s, (sum(one.our_parts_s.values()) for one in measured)))
    note = _NOTES.get(part)
    if note is None:
        theirs_s = [one.their_parts_s[part] for one in measured]
        note = f"{median(ratios(ours_s, theirs_s)):.2f} × the bare call's {1e6 * median(theirs_s):.0f} µs"
    return _microseconds(f"… of it the {part}", ours_s, f"{100 * share:.0f} % of a sample; {note}")


def _microseconds(name: str, seconds: Sequence[float], note: str) -> Figure:
    return Figure(name, "µs", tuple(1e6 * one for one in seconds), note=note)
