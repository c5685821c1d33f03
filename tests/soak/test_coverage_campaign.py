# SPDX-License-Identifier: Apache-2.0
"""How often does U hold the true volume? Thousands of laboratories, each with its own bench, room and pump.

The laboratories are imagined (`imagined_laboratory`), and judged by the bench's own functions (`judged_laboratory`):
three kinds of balance and outlet, six rates, one day and three, with the blank before and with both. Nothing is gained
by a U that is large: it is held against how far somebody errs who knows the noise. The twin is weighed as well.

`PUMPBENCH_SOAK_COVERAGE` says how many of each, `PUMPBENCH_SOAK_CELLS` which (`micro 1000 3, analytical 2 1`; all if it
says nothing), `PUMPBENCH_SOAK_PROCESSES` in how many processes. The laboratories of one kind of bench are the same at
all rates and times up to the first mark, so what belongs to the blank before is computed once.
"""

import os
import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
import pytest
from scipy.stats import binom, binomtest

from metrology.uncertainty import Quantity
from tests.sim.weighed_specimen import DAY_S, PROFILE, WINDOW_S, Weighed, weighed
from tests.soak.figures import Cell, Figures
from tests.soak.imagined_laboratory import ImaginedBench, ImaginedLaboratories
from tests.soak.judged_laboratory import Judged, KnowsTheNoise, judge

pytestmark = pytest.mark.soak

RUNS = int(os.environ.get("PUMPBENCH_SOAK_COVERAGE", "2000"))
CELLS = os.environ.get("PUMPBENCH_SOAK_CELLS", "")
PROCESSES = int(os.environ.get("PUMPBENCH_SOAK_PROCESSES", "2"))
AT_ONCE, MOST_RUNS = 100, 100_000
PROMISED, LEAST, NO_LONGER_THAN = 0.95, 0.94, 1.3
CHANCE = 1e-3
RATES_UL_PER_H = (2.0, 4.2, 10.4, 41.7, 208.0, 1000.0)
DAYS = (1, 3)
BENCHES = {
    "micro, outlet on the wall": ImaginedBench(0.001, 0.004, 0.02, 0.05, 0.01, 1e-6),
    "semi-micro, outlet on the wall": ImaginedBench(0.01, 0.02, 0.1, 0.2, 0.05, 1.5e-6),
    "analytical, tube of 1 mm, dry air": ImaginedBench(
        0.1, 0.1, 0.2, 0.5, 0.2, 2e-6, tube_mm=1.0, cosine_half_width=0.05, static_mg=1.0
    ),
}
COLUMNS = (
    "bench",
    "µL/h",
    "days",
    "laboratories",
    "covered %",
    "95 % interval of that %",
    "covered % with both blanks",
    "U µL",
    "U µL with both blanks",
    "U / needed by who knows the noise",
    "the same with both blanks",
    "largest influence",
)
TWIN_WINDOWS_S = {"low": (DAY_S, 3 * DAY_S), "intermediate": (DAY_S,), "high": (WINDOW_S["high"],)}
TWIN_COLUMNS = (
    "rate",
    "µL/h",
    "window h",
    "runs",
    "covered %",
    "95 % interval of that %",
    "covered % with both blanks",
    "standard deviation of the error µL",
    "u µL",
    "U µL",
    "U µL with both blanks",
)


@dataclass(frozen=True)
class Some:
    """Some laboratories of one kind: errors of the bench, its U, and the errors of who knows the noise; a row each."""

    errors_ul: np.ndarray
    reaches_ul: np.ndarray
    known_ul: np.ndarray
    largest: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of laboratory."""

    bench: str
    rate_ul_per_h: float
    days: int

    @property
    def asked_for(self) -> bool:
        """Tell whether `PUMPBENCH_SOAK_CELLS` names it, or nothing."""
        cells = [cell.split() for cell in CELLS.split(",") if cell.strip()]
        own = str(self.days), f"{self.rate_ul_per_h:g}"
        return not cells or any(self.bench.startswith(bench) and (days, rate) == own for bench, rate, days in cells)


KINDS = [
    kind for bench in BENCHES for rate in RATES_UL_PER_H for days in DAYS if (kind := Kind(bench, rate, days)).asked_for
]


def some_of(bench: str, seed: int, count: int) -> dict[Kind, Some]:
    """Draw some laboratories of each kind with one bench, and judge them."""
    has, kinds = BENCHES[bench], [kind for kind in KINDS if kind.bench == bench]
    seed += list(BENCHES).index(bench) * MOST_RUNS
    batches = {
        kind: ImaginedLaboratories(has, count, seed).weigh(kind.rate_ul_per_h, kind.days * DAY_S) for kind in kinds
    }
    judged: dict[Kind, list[Judged]] = {kind: [] for kind in kinds}
    for number in range(count):
        for kind, batch in batches.items():
            judged[kind].append(judge(batch, has, number, kind.rate_ul_per_h))
    return {kind: _some(judged[kind], KnowsTheNoise(has, batch)) for kind, batch in batches.items()}


def _some(judged: Sequence[Judged], known: KnowsTheNoise) -> Some:
    reaches_ul = [[quantity.expanded_uncertainty() for quantity in one.both] for one in judged]
    errors_ul = [[quantity.value - one.true_ul for quantity in one.both] for one in judged]
    known_ul = np.column_stack(known.errors_ul())
    return Some(np.array(errors_ul), np.array(reaches_ul), known_ul, tuple(map(_largest, judged)))


def test_u_covers_the_truth_as_often_as_it_says_and_is_not_much_larger_than_it_must_be() -> None:
    tasks = [(bench, seed, min(AT_ONCE, RUNS - seed)) for bench in BENCHES for seed in range(0, RUNS, AT_ONCE)]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        done = list(pool.map(_some_of, tasks))
    found = [_together([some[kind] for some in done if kind in some]) for kind in KINDS]
    keep(found)
    short = [
        kind for kind, some in zip(KINDS, found, strict=True) if any(_holds_too_rarely(one) for one in _covered(some))
    ]
    assert short == []
    # few laboratories leave the ratio open by about as much as the coverage
    wide = [
        kind for kind, some in zip(KINDS, found, strict=True) if max(_ratios(some)) > NO_LONGER_THAN + 3 / RUNS**0.5
    ]
    assert wide == []


def test_u_covers_the_truth_of_the_twin_as_often_as_it_says() -> None:
    windows = [(which, window_s) for which, several in TWIN_WINDOWS_S.items() for window_s in several]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        runs = [
            list(pool.map(partial(weighed, which_rate=which, window_s=window_s), range(RUNS), chunksize=25))
            for which, window_s in windows
        ]
    title = (
        "Coverage on the twin: how often the true volume lies within U (95 %), each another bench and pump (medians)"
    )
    rows = [_twin_row(*window, done) for window, done in zip(windows, runs, strict=True)]
    Figures(title, TWIN_COLUMNS, rows).keep("coverage-twin")
    for window, done in zip(windows, runs, strict=True):
        for judged in ([run.covered for run in done], [run.covered_again for run in done]):
            assert not _holds_too_rarely(np.array(judged)), window


def keep(found: Sequence[Some]) -> None:
    """Keep the figures of all kinds, in their order."""
    title = "Coverage: how often the true volume lies within U (95 %), each another laboratory (U: medians)"
    Figures(title, COLUMNS, [_row(kind, some) for kind, some in zip(KINDS, found, strict=True)]).keep("coverage")


def _some_of(task: tuple[str, int, int]) -> dict[Kind, Some]:
    return some_of(*task)


def _together(some: Sequence[Some]) -> Some:
    def stacked(of: Callable[[Some], np.ndarray]) -> np.ndarray:
        return np.concatenate([of(one) for one in some])

    largest = tuple(name for one in some for name in one.largest)
    return Some(
        stacked(lambda one: one.errors_ul),
        stacked(lambda one: one.reaches_ul),
        stacked(lambda one: one.known_ul),
        largest,
    )


def _covered(some: Some) -> Iterator[np.ndarray]:
    yield from (np.abs(some.errors_ul) <= some.reaches_ul).T


def _holds_too_rarely(covered: np.ndarray) -> bool:
    """Tell whether a coverage of 94 % or more would be found as low as this in one campaign of a thousand."""
    return float(binom.cdf(int(covered.sum()), len(covered), LEAST)) < CHANCE


def _ratios(some: Some) -> Iterator[float]:
    """Yield of both judgements how many times as far U reaches as who knows the noise would have needed for 95 %.

    A laboratory in a restless room has a larger U than another, so each error is taken in units of its own U.
    """
    needed = np.quantile(np.abs(some.known_ul) / some.reaches_ul, PROMISED, axis=0)
    yield from (float(1 / one) for one in needed)


def _largest(judged: Judged) -> str:
    line = max(judged.first.budget, key=lambda one: one.contribution)
    return re.sub(r" at \d+ s$", "", line.name)


def _row(kind: Kind, some: Some) -> tuple[Cell, ...]:
    first, again = _covered(some)
    reach, reach_again = np.median(some.reaches_ul, axis=0)
    ratio, ratio_again = _ratios(some)
    (largest, _), *_ = Counter(some.largest).most_common(1)
    return (
        kind.bench,
        kind.rate_ul_per_h,
        kind.days,
        len(first),
        100 * float(first.mean()),
        _interval(first),
        100 * float(again.mean()),
        float(reach),
        float(reach_again),
        ratio,
        ratio_again,
        largest,
    )


def _twin_row(which: str, window_s: float, runs: Sequence[Weighed]) -> tuple[Cell, ...]:
    covered = np.array([run.covered for run in runs])
    return (
        which,
        PROFILE.rates.tested(which),
        window_s / 3600,
        len(runs),
        100 * float(covered.mean()),
        _interval(covered),
        100 * statistics.mean(map(float, (run.covered_again for run in runs))),
        statistics.stdev(run.error_ul for run in runs),
        _median(run.quantity.standard_uncertainty for run in runs),
        _median(map(Quantity.expanded_uncertainty, (run.quantity for run in runs))),
        _median(map(Quantity.expanded_uncertainty, (run.again for run in runs))),
    )


def _interval(covered: np.ndarray) -> str:
    sure = binomtest(int(covered.sum()), len(covered)).proportion_ci(0.95, method="exact")
    return f"{100 * sure.low:.1f} to {100 * sure.high:.1f}"


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)
