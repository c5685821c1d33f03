# SPDX-License-Identifier: Apache-2.0
"""What a bench finds in windows of any length, and how often it accuses good pumps: by simulation, and on the twin.

    python -m tests.any_window.campaign docs/detection/any_window.json             # an hour and a half of a processor
    python -m tests.any_window.campaign /tmp/tried.json --clean 100 --trials 20 --asked 20 --twin 2

Every figure says how many trials it rests on. `smallest` is the least effect that FAILs in 95 % of trials, on a grid of
4 %; `smallest_not_pass` the least that does not PASS in 95 %. Bounds are one-sided, 95 %.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import beta

from metrology.verdict import Verdict
from tests.any_window.constant_air import constant_air
from tests.any_window.imagined_pumps import Fault
from tests.any_window.judged import Judged, trials
from tests.any_window.kept_figures import KeptFigures
from tests.any_window.twin_infusion import twin_infusions

RATES = (2.0, 10.0, 41.6667, 208.333, 1000.0)
MIX = ((4.0, 0.40), (12.0, 0.25), (24.0, 0.25), (72.0, 0.10))
"""Hours of clean infusions, and how many of them last so long; at 1000 µL/h the reservoir ends at 18 h."""
LONGEST_AT_THE_TOP_H = 18.0
GRID = 1.04
SHARE = 0.95
SEED = 20261128


@dataclass(frozen=True)
class Effect:
    """One class of effects, that grows with one figure.

    Attributes:
        name: what is wrong, as the table tells it.
        unit: of the figure.
        fault: makes the fault of a size.
        low, high: sizes between which the smallest is looked for, by rate; None where it cannot be found.
        hours: how long the infusion lasts.
    """

    name: str
    unit: str
    fault: Callable[[float], Fault]
    low: dict[float, float]
    high: dict[float, float]
    hours: float = 12.0


def by_rate(*sizes: float) -> dict[float, float]:
    """Return sizes by rate, in the order of `RATES`."""
    return dict(zip(RATES, sizes, strict=False))


EFFECTS = (
    Effect(
        "burst in a minute",
        "µL",
        lambda x: Fault(burst_ul=x),
        low=by_rate(0.5, 1.0, 3.0, 15.0, 80.0),
        high=by_rate(3.0, 4.0, 9.0, 30.0, 130.0),
    ),
    Effect(
        "burst in a second",
        "µL",
        lambda x: Fault(burst_ul=x, burst_s=1.0),
        low=by_rate(0.5, 1.0, 3.0, 15.0, 80.0),
        high=by_rate(30.0, 30.0, 30.0, 60.0, 260.0),
    ),
    Effect(
        "stall, every six hours",
        "min",
        lambda x: Fault(stall_s=60 * x),
        low=by_rate(6.0, 5.0, 4.0, 4.0, 4.0),
        high=by_rate(60.0, 25.0, 15.0, 12.0, 12.0),
    ),
    Effect(
        "late start",
        "min",
        lambda x: Fault(late_s=60 * x),
        low=by_rate(3.0, 1.0, 0.5, 0.5, 0.5),
        high=by_rate(40.0, 15.0, 8.0, 5.0, 5.0),
    ),
    Effect(
        "wave of 2 h, ±",
        "%",
        lambda x: Fault(wave=x / 100),
        low=by_rate(30.0, 25.0, 20.0, 20.0, 20.0),
        high=by_rate(99.0, 90.0, 70.0, 60.0, 60.0),
        hours=24.0,
    ),
    Effect(
        "wave of 12 h, ±",
        "%",
        lambda x: Fault(wave=x / 100, wave_s=43200.0),
        low=by_rate(16.0, 15.0, 15.0, 15.0, 15.0),
        high=by_rate(70.0, 45.0, 40.0, 40.0, 40.0),
        hours=24.0,
    ),
    Effect(
        "over in the first two hours",
        "%",
        lambda x: Fault(first_hours=x / 100),
        low=by_rate(10.0, 10.0, 10.0, 10.0, 10.0),
        high=by_rate(100.0, 60.0, 50.0, 40.0, 40.0),
        hours=24.0,
    ),
    Effect(
        "run-on after a stop at any instant",
        "s",
        lambda x: Fault(run_on_s=x),
        low=by_rate(60.0, 40.0, 20.0, 10.0, 5.0),
        high=by_rate(1200.0, 500.0, 200.0, 80.0, 60.0),
        hours=4.0,
    ),
)

ASKED = {
    "burst of 10 µL in a minute": Fault(burst_ul=10.0),
    "burst of 40 µL in a minute": Fault(burst_ul=40.0),
    "stall of 10 min": Fault(stall_s=600.0),
    "stall of 40 min": Fault(stall_s=2400.0),
    "stall of 20 min, made up for": Fault(stall_s=1200.0, catches_up=True),
    "stall of 60 min, made up for": Fault(stall_s=3600.0, catches_up=True),
    "wave of ±60 %, 2 h": Fault(wave=0.6),
    "wave of ±60 %, 12 h": Fault(wave=0.6, wave_s=43200.0),
    "25 % more in the first two hours": Fault(first_hours=0.25),
    "twice as fast for two hours": Fault(first_hours=1.0),
    "ten minutes late": Fault(late_s=600.0),
    "goes on for 100 s": Fault(run_on_s=100.0),
}


def hours_of(rate_ul_per_h: float, hours: float) -> float:
    """Return how long an infusion lasts at a rate: no longer than the reservoir."""
    return min(hours, LONGEST_AT_THE_TOP_H) if rate_ul_per_h > 500 else hours


def bound(happened: int, count: int) -> float:
    """Return the upper 95 % bound of a share (Clopper-Pearson)."""
    return float(beta.ppf(0.95, happened + 1, count - happened)) if happened < count else 1.0


def shares(found: Iterable[Judged]) -> tuple[float, float, int]:
    """Return the shares of FAIL and of no PASS, and how many there were."""
    counted = Counter(one.verdict for one in found)
    count = sum(counted.values())
    return counted[Verdict.FAIL] / count, 1 - counted[Verdict.PASS] / count, count


def smallest(effect: Effect, rate_ul_per_h: float, count: int) -> dict[str, object]:
    """Look for the least size with enough FAILs, and with enough that is no PASS; new draws at each size."""
    hours, seed = hours_of(rate_ul_per_h, effect.hours), SEED
    row: dict[str, object] = {"effect": effect.name, "rate_ul_per_h": rate_ul_per_h, "unit": effect.unit}
    for key, pick in (("smallest", 0), ("smallest_not_pass", 1)):
        low, high = effect.low[rate_ul_per_h], effect.high[rate_ul_per_h]
        at_high = shares(trials(seed, rate_ul_per_h, hours, count, effect.fault(high)))
        known = at_high
        while high / low > GRID and at_high[pick] >= SHARE:
            middle, seed = (low * high) ** 0.5, seed + 1
            found = shares(trials(seed, rate_ul_per_h, hours, count, effect.fault(middle)))
            if found[pick] >= SHARE:
                high, known = middle, found
            else:
                low = middle
        row[key] = round(high, 3) if at_high[pick] >= SHARE else None
        if pick == 0:
            row |= {"share_fail": known[0], "share_not_pass": known[1], "n": known[2]}
    return row


def asked(rate_ul_per_h: float, count: int) -> Iterator[dict[str, object]]:
    """Yield the shares of what the work asks to be found."""
    for name, fault in ASKED.items():
        fails, not_pass, n = shares(trials(SEED, rate_ul_per_h, hours_of(rate_ul_per_h, 24.0), count, fault))
        yield {
            "effect": name,
            "rate_ul_per_h": rate_ul_per_h,
            "smallest": None,
            "unit": "",
            "share_fail": fails,
            "share_not_pass": not_pass,
            "n": n,
        }


def clean(rate_ul_per_h: float, count: int, wander_mg: float = 0.0) -> dict[str, object]:
    """Return how many of good pumps were not passed."""
    counted, by_name = Counter[Verdict](), Counter[str]()
    for number, (hours, share) in enumerate(MIX):
        each = round(count * share)
        for one in trials(SEED + number, rate_ul_per_h, hours_of(rate_ul_per_h, hours), each, Fault(), wander_mg):
            counted[one.verdict] += 1
            by_name.update(name for name, verdict in one.by_measurand.items() if verdict is not Verdict.PASS)
    return _nuisance("imagined" + (f", wander {wander_mg:g} mg" if wander_mg else ""), rate_ul_per_h, counted, by_name)


def clean_twins(rate_ul_per_h: float, count: int) -> dict[str, object]:
    """Return the same of the twin, whose hydraulics are driven directly, a day each."""
    counted, by_name = Counter[Verdict](), Counter[str]()
    for one in twin_infusions(rate_ul_per_h, hours_of(rate_ul_per_h, 24.0), count):
        counted[one.verdict] += 1
        by_name.update(name for name, verdict in one.by_measurand.items() if verdict is not Verdict.PASS)
    return _nuisance("twin, 24 h", rate_ul_per_h, counted, by_name)


def _nuisance(who: str, rate_ul_per_h: float, counted: Counter[Verdict], by_name: Counter[str]) -> dict[str, object]:
    n, fails, inconclusives = counted.total(), counted[Verdict.FAIL], counted[Verdict.INCONCLUSIVE]
    durations = who if who.startswith("twin") else f"{who}: " + ", ".join(f"{s:.0%} {h:g} h" for h, s in MIX)
    return {
        "durations": durations,
        "rate_ul_per_h": rate_ul_per_h,
        "n": n,
        "fails": fails,
        "inconclusives": inconclusives,
        "bound": bound(fails + inconclusives, n),
        "by": dict(by_name),
    }


def main() -> None:
    """Run the campaign and keep its figures after each row, so that what was found stays found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--clean", type=int, default=1200, help="clean infusions at each rate; 1200 make 6,000")
    parser.add_argument("--trials", type=int, default=200, help="trials at each size of each effect; 0 leaves them out")
    parser.add_argument("--asked", type=int, default=200, help="trials of each effect that must be found")
    parser.add_argument("--twin", type=int, default=20, help="clean infusions of the twin at each rate")
    parser.add_argument("--rate", type=float, action="append", choices=RATES, help="one rate alone; may be repeated")
    parser.add_argument("--effect", action="append", help="effects whose name begins so, alone; may be repeated")
    given = parser.parse_args()
    rates = given.rate or RATES
    figures = KeptFigures(given.path)
    keep = figures.keep
    wanted = [one for one in EFFECTS if not given.effect or one.name.startswith(tuple(given.effect))]
    for rate_ul_per_h in rates:
        with constant_air():
            if given.clean:
                keep("nuisance", clean(rate_ul_per_h, given.clean))
            if given.asked:
                for row in asked(rate_ul_per_h, given.asked):
                    keep("asked", row)
            for effect in wanted if given.trials else ():
                keep("effects", smallest(effect, rate_ul_per_h, given.trials))
        if given.twin:
            keep("nuisance", clean_twins(rate_ul_per_h, given.twin))


if __name__ == "__main__":
    main()
