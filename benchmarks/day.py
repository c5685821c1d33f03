# SPDX-License-Identifier: Apache-2.0
"""What a 24 h infusion costs in stepped time, sampled every 30 s: of one core, all in all."""

import time
from dataclasses import dataclass

from benchmarks.afresh import afresh
from benchmarks.echo import Echo
from benchmarks.figure import Figure
from benchmarks.infusing import INTERVAL_S, infusing
from benchmarks.interleaved import ratios
from benchmarks.process import Process

DAY_S = 24 * 3600.0
RATE_UL_PER_H = 41.7
MOST_OVER_ECHOES, AIM_OVER_ECHOES = 14.0, 7.0
MOST_OF_BENCH_S, AIM_OF_BENCH_S = 0.8, 0.4
DEVICES = 3
REPEATS = 3
_ECHOES = round(DEVICES * DAY_S / INTERVAL_S)


@dataclass(frozen=True)
class Day:
    """Seconds of one day: of the processors (bench, twin), on the wall; and of the echoes that stand beside it."""

    bench_s: float
    twin_s: float
    wall_s: float
    echoes_s: float


def day_cost(repeats: int = REPEATS) -> list[Figure]:
    """Infuse for a day, from programming the pump to its stop."""
    days = afresh(one_day, repeats)
    cpu = [day.bench_s + day.twin_s for day in days]
    name = "a 24 h infusion every 30 s, stepped"
    beside = f"against {_ECHOES} raw echoes, one per device and sample; a sample makes six round trips"
    return [
        Figure(f"{name}, processor time", "s", tuple(cpu), note="bench and twin together"),
        Figure("… of it the bench", "s", tuple(day.bench_s for day in days), MOST_OF_BENCH_S, aim=AIM_OF_BENCH_S),
        Figure("… of it the twin", "s", tuple(day.twin_s for day in days)),
        Figure(f"{name}, wall time", "s", tuple(day.wall_s for day in days), note="both processes on one core"),
        Figure(
            f"{name} / echoes",
            "×",
            ratios(cpu, (day.echoes_s for day in days)),
            MOST_OVER_ECHOES,
            beside,
            AIM_OVER_ECHOES,
        ),
    ]


def one_day() -> Day:
    """Infuse for a day in this process, which is then pinned to one core."""
    with infusing() as it:
        infusion = it.infusion(RATE_UL_PER_H)
        bench_s, twin_s, start_s = it.bench.cpu_s(), it.twin.cpu_s(), time.perf_counter()
        with infusion:
            infusion.deliver(DAY_S, "a day")
        end_s = time.perf_counter()
        return Day(it.bench.cpu_s() - bench_s, it.twin.cpu_s() - twin_s, end_s - start_s, _echoes_s())


def _echoes_s() -> float:
    with Echo() as echo:
        own, other = Process(), Process(echo.pid)
        other.pin()
        spent_s = own.cpu_s() + other.cpu_s()
        for _ in range(_ECHOES):
            echo.round_trip()
        return own.cpu_s() + other.cpu_s() - spent_s
