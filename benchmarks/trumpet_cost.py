# SPDX-License-Identifier: Apache-2.0
"""What a trumpet curve of ten million samples costs, against one pass of `numpy.cumsum` over them for each window.

Both are one thread's arithmetic and wait for nothing, so processor time is the whole of it, whatever else runs.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

import numpy as np

from benchmarks.afresh import afresh
from benchmarks.figure import Figure
from benchmarks.interleaved import in_turn, ratios
from benchmarks.process import Process
from metrology.delivery import DeliveryCurve, FloatArray, trumpet

SAMPLES = 10**7
WINDOWS_S = (120.0, 300.0, 660.0, 1140.0, 1860.0, 3600.0)
MOST_OVER_CUMSUM = 4.0
REPEATS = 3
TURNS = 5
_INTERVAL_S = 1.0
_RATE_UL_PER_H = 1800.0
_NAMES = {"even": "samples on the grid", "uneven": "samples beside the grid, resampled"}


@dataclass(frozen=True)
class Repeat:
    """Processor seconds of one process: the two trumpets, and as many passes of `cumsum` as there are windows."""

    even_s: float
    uneven_s: float
    passes_s: float


def trumpet_cost(repeats: int = REPEATS) -> list[Figure]:
    """Time the analysis of evenly and of unevenly spaced samples, and the passes, in turn."""
    measured = afresh(one_repeat, repeats)
    passes_s = [one.passes_s for one in measured]
    figures = []
    for kind, described in _NAMES.items():
        taken_s = [getattr(one, f"{kind}_s") for one in measured]
        note = f"10⁷ {described}, six windows; the checks of the curve included; {1e3 * median(taken_s):.0f} ms"
        name = f"a trumpet curve / a numpy.cumsum per window, {kind} samples"
        figures.append(Figure(name, "×", ratios(taken_s, passes_s), MOST_OVER_CUMSUM, note))
    each_s = tuple(1e3 * one / len(WINDOWS_S) for one in passes_s)
    return [*figures, Figure("… a numpy.cumsum of 10⁷ samples", "ms", each_s, note="processor time")]


def one_repeat(samples: int = SAMPLES, turns: int = TURNS) -> Repeat:
    """Measure once, in this process, which is then pinned to one core."""
    Process().pin()
    rng = np.random.default_rng(1)
    volumes_ul = np.cumsum(rng.random(samples))
    even_s: FloatArray = _INTERVAL_S * np.arange(samples, dtype=np.float64)
    uneven_s: FloatArray = even_s + rng.uniform(0, 0.2, samples)

    def passes() -> None:
        for _ in WINDOWS_S:
            np.cumsum(volumes_ul)

    def analyse(times_s: FloatArray) -> None:
        trumpet(DeliveryCurve(times_s, volumes_ul), _RATE_UL_PER_H, _INTERVAL_S, WINDOWS_S)

    taken = _timed({"even": lambda: analyse(even_s), "uneven": lambda: analyse(uneven_s), "passes": passes}, turns)
    return Repeat(taken["even"], taken["uneven"], taken["passes"])


def _timed(contenders: Mapping[str, Callable[[], None]], turns: int) -> dict[str, float]:
    """Return the median processor seconds of each contender, called in turn after a call that is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(-1, turns):
        for name in in_turn(list(contenders), turn):
            start_s = time.process_time()
            contenders[name]()
            if turn >= 0:
                taken[name].append(time.process_time() - start_s)
    return {name: median(seconds) for name, seconds in taken.items()}
