# SPDX-License-Identifier: Apache-2.0
"""Timing of contenders in turn, so that whatever else the machine does falls on all of them alike.

A repeat is many short turns. Wall time is taken per call, and of a repeat's calls the lower quartile counts: other
processes only ever make a call longer, and a long call is hit more often than a short one. Processor time, of all the
processes that take part, is taken per turn; other processes hardly touch it. On one idle core the two are the same.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

Call = Callable[[], object]

CALLS_PER_TURN = 20


@dataclass
class Times:
    """Seconds per call, one value per repeat: on the wall, and of the processors."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)


def interleaved(
    contenders: Mapping[str, Call], repeats: int, cpu_s: Callable[[], float], turns: int = 10
) -> dict[str, Times]:
    """Time the contenders.

    Args:
        contenders: what is called, by name.
        repeats: how many values each contender gets.
        cpu_s: tells the processor time spent so far by all that takes part.
        turns: how often each contender has its turn within a repeat.
    """
    result = {name: Times() for name in contenders}
    for call in contenders.values():
        _turn(call, cpu_s, Times())  # caches, lazy imports and connections are nobody's cost
    for _ in range(repeats):
        for name, times in _repeat(contenders, cpu_s, turns).items():
            result[name].wall_s.append(quantiles(times.wall_s, n=4)[0])
            result[name].cpu_s.append(median(times.cpu_s))
    return result


def _repeat(contenders: Mapping[str, Call], cpu_s: Callable[[], float], turns: int) -> dict[str, Times]:
    times = {name: Times() for name in contenders}
    for turn in range(turns):
        for name in in_turn(list(contenders), turn):
            _turn(contenders[name], cpu_s, times[name])
    return times


def in_turn(names: Sequence[str], turn: int) -> Iterable[str]:
    """Return `names` in their order, backwards every other turn, so that nobody always goes first."""
    return names if turn % 2 == 0 else reversed(names)


def _turn(call: Call, cpu_s: Callable[[], float], times: Times) -> None:
    spent_s = cpu_s()
    for _ in range(CALLS_PER_TURN):
        start = time.perf_counter()
        call()
        times.wall_s.append(time.perf_counter() - start)
    times.cpu_s.append((cpu_s() - spent_s) / CALLS_PER_TURN)


def ratios(over: Sequence[float], under: Sequence[float]) -> tuple[float, ...]:
    """Return the ratio of each repeat to the same repeat of the yardstick."""
    return tuple(one / yardstick for one, yardstick in zip(over, under, strict=True))
