# SPDX-License-Identifier: Apache-2.0
"""The blank: what the balance loses while the pump stands still is evaporation and drift, no delivery."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bench.bench import Bench
from bench.clock_comparison import ClockComparison, ClockPair
from bench.gravimetry import Evaporation
from instruments.balance import BalanceBusy
from instruments.errors import BenchFault

READINGS = 61
TARE_ATTEMPTS = 60


@dataclass(frozen=True)
class Blank:
    """One blank.

    Attributes:
        times_s: bench time of each reading.
        masses_g: the readings.
        clocks: the pump's clock against the bench's, from the first reading to the last.
        evaporation: the slope, for the volumes.
    """

    times_s: tuple[float, ...]
    masses_g: tuple[float, ...]
    clocks: ClockComparison
    evaporation: Evaporation

    def as_dict(self) -> dict[str, Any]:
        """Return the blank for JSON: the readings as they were, and the slope."""
        loss = self.evaporation
        return {
            "title": f"Blank: {loss.rate_mg_per_h:.4f} ± {loss.standard_uncertainty_mg_per_h:.4f} mg/h (u)",
            "times_s": [round(time_s, 6) for time_s in self.times_s],
            "masses_g": list(self.masses_g),
            "clocks": self.clocks.as_dict(),
            **loss.as_dict(),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Return the blank that a journal tells of; its slope is computed anew from its readings."""
        times_s, masses_g = tuple(told["times_s"]), tuple(told["masses_g"])
        clocks = ClockComparison.from_dict(told["clocks"])
        return cls(times_s, masses_g, clocks, Evaporation.from_blank(times_s, masses_g))


def measure_blank(bench: Bench, duration_s: float) -> Blank:
    """Weigh the vessel with the pump stopped for `duration_s` and fit the slope.

    Raises:
        BenchFault: the pump is not stopped, or the balance fails.
    """
    if (rate_ul_per_h := bench.pump.read().active_rate_ul_per_h) != 0:
        raise BenchFault("pump", "measure the blank", f"it runs at {rate_ul_per_h} µL/h", "stop it first")
    tare(bench)
    times_s: list[float] = []
    masses_g: list[float] = []
    start = ClockPair.read(bench.pump, bench.clock)
    start_s = bench.clock.now_s()
    for number in range(READINGS):
        bench.pace.pass_until(start_s + number * duration_s / (READINGS - 1))
        times_s.append(bench.clock.now_s())
        masses_g.append(bench.steady.read(bench.balance.read_mass_g).seen.mass_g)
    clocks = ClockComparison(start, ClockPair.read(bench.pump, bench.clock))
    return Blank(tuple(times_s), tuple(masses_g), clocks, Evaporation.from_blank(times_s, masses_g))


def tare(bench: Bench) -> None:
    """Tare the balance, giving an unquiet load a minute to come to rest.

    Raises:
        BenchFault: the load does not come to rest.
    """
    for _ in range(TARE_ATTEMPTS):
        try:
            bench.balance.tare()
        except BalanceBusy:
            bench.pace.pass_for(1.0)
        else:
            return
    raise BenchFault("balance", "tare", f"not stable within {TARE_ATTEMPTS} s", "shield it from draughts and vibration")
