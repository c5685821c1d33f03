# SPDX-License-Identifier: Apache-2.0
"""Timing of contenders in turn, so that whatever else the machine does falls on all of them alike.

Wall time is taken per call, and the lower quartile counts: other processes only ever make a call longer, and a long
call is hit more often than a short one. Processor time, of all the processes that take part, is taken per turn; other
processes hardly touch it. On one idle core the two are the same.
Contenders that share library code spoil each other's caches, the interpreter's own among them; so a turn begins with
calls that are not counted.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

Call = Callable[[], object]

UNCOUNTED_CALLS = 50
CALLS_PER_TURN = 50
TURNS = 6


@dataclass(frozen=True)
class Cost:
    """Seconds per call, on the wall and of the processors."""

    wall_s: float
    cpu_s: float


def interleaved(contenders: Mapping[str, Call], cpu_s: Callable[[], float], turns: int = TURNS) -> dict[str, Cost]:
    """Time the contenders.

    Args:
        contenders: what is called, by name.
        cpu_s: tells the processor time spent so far by all that takes part.
        turns: how often each contender has its turn.
    """
    wall: dict[str, list[float]] = {name: [] for name in contenders}
    cpu: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(turns):
        for name in in_turn(list(contenders), turn):
            for _ in range(UNCOUNTED_CALLS):
                contenders[name]()
            spent_s = cpu_s()
            wall[name] += _timed(contenders[name])
            cpu[name].append((cpu_s() - spent_s) / CALLS_PER_TURN)
    return {name: Cost(undisturbed_s(wall[name]), median(cpu[name])) for name in contenders}


def in_turn(names: Sequence[str], turn: int) -> Iterable[str]:
    """Return `names` in their order, backwards every other turn, so that nobody always goes first."""
    return names if turn % 2 == 0 else reversed(names)


def _timed(call: Call) -> list[float]:
    seconds = []
    for _ in range(CALLS_PER_TURN):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return seconds


def undisturbed_s(seconds: Sequence[float]) -> float:
    """Return what a call takes when no other process comes in between: the lower quartile."""
    return quantiles(seconds, n=4)[0]


def ratios(over: Iterable[float], under: Iterable[float]) -> tuple[float, ...]:
    """Return the ratio of each repeat to the same repeat of the yardstick."""
    return tuple(one / yardstick for one, yardstick in zip(over, under, strict=True))
