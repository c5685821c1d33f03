# SPDX-License-Identifier: Apache-2.0
"""The blank: what the balance loses while the pump stands still is evaporation and drift, no delivery."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from bench.bench import Bench
from bench.sampling import ClockComparison, ClockPair
from bench.weighing.balance_series import BalanceSeries
from bench.weighing.mass_series import MassSeries, TimedMass
from bench.weighing.vessel_on_pan import conditions_now, vessel_of
from bench.weighing.zero_after_tare import refuse_another_mass_than_zero
from groundfloor.errors import BenchFault
from instruments.balance import BalanceBusy
from metrology.gravimetry import Conditions, Evaporation
from metrology.uncertainty import Influence, refuse_impossible

LEAST_READINGS, MOST_READINGS = 241, 361
SPACING_S = 5.0
"""As close as this, and no more than the most: what scatters averages out, and what wanders is told apart from it."""
TARE_ATTEMPTS = 60


@dataclass(frozen=True)
class Blank:
    """One blank.

    Attributes:
        times_s: bench time of each reading.
        masses_g: the readings.
        clocks: the pump's clock against the bench's, from the first reading to the last.
        evaporation: the slope, for the volumes.
        lost_to_air_mg: how much the display fell from first to last because the air became denser, and
        lost_to_air_uncertainty_mg: its standard uncertainty; both are in the slope.
        air: the mean air from first to last, and what changed; None in a record from before it was kept.
    """

    times_s: tuple[float, ...]
    masses_g: tuple[float, ...]
    clocks: ClockComparison
    evaporation: Evaporation
    lost_to_air_mg: float = 0.0
    lost_to_air_uncertainty_mg: float = 0.0
    air: Conditions | None = None

    @classmethod
    def of(
        cls,
        times_s: Sequence[float],
        masses_g: Sequence[float],
        clocks: ClockComparison,
        lost_to_air_mg: float,
        lost_to_air_uncertainty_mg: float,
        air: Conditions | None = None,
    ) -> Self:
        """Return the blank that consists of these readings."""
        lost = Influence.type_b("buoyancy of the load", lost_to_air_mg, "mg", lost_to_air_uncertainty_mg)
        slope = Evaporation.from_blank(times_s, masses_g, lost, air)
        return cls(tuple(times_s), tuple(masses_g), clocks, slope, lost_to_air_mg, lost_to_air_uncertainty_mg, air)

    def as_dict(self) -> dict[str, Any]:
        """Return the blank for JSON: the readings as they were, and the slope."""
        loss = self.evaporation
        return {
            "title": f"Blank: {loss.rate_mg_per_h:.4f} ± {loss.standard_uncertainty_mg_per_h:.4f} mg/h (u)",
            "times_s": [round(time_s, 6) for time_s in self.times_s],
            "masses_g": list(self.masses_g),
            "clocks": self.clocks.as_dict(),
            "lost_to_air_mg": self.lost_to_air_mg,
            "lost_to_air_uncertainty_mg": self.lost_to_air_uncertainty_mg,
            "air": None if self.air is None else asdict(self.air),
            **loss.as_dict(),
        }

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Self:
        """Return the blank of a journal's line; its slope is computed anew from its readings."""
        clocks = ClockComparison.from_dict(payload["clocks"])
        lost = (payload["lost_to_air_mg"], payload["lost_to_air_uncertainty_mg"])
        air = Conditions(**told) if (told := payload.get("air")) is not None else None
        return cls.of(payload["times_s"], payload["masses_g"], clocks, *lost, air)


def measure_blank(bench: Bench, duration_s: float) -> Blank:
    """Weigh the vessel with the pump stopped for `duration_s` and fit the slope.

    Raises:
        BenchFault: the pump is not stopped, or the balance fails.
        Inconclusive: the balance shows what cannot be, or the rig does not tell the air.
    """
    if (rate_ul_per_h := bench.pump.read().active_rate_ul_per_h) != 0:
        raise BenchFault("pump", "measure the blank", f"it runs at {rate_ul_per_h} µL/h", "stop it first")
    tare(bench)
    capacity_g = bench.balance.identify().capacity_g
    start, air_before = ClockPair.read(bench.pump, bench.clock), conditions_now(bench)
    masses: list[TimedMass] = []
    readings = min(MOST_READINGS, max(LEAST_READINGS, int(duration_s / SPACING_S) + 1))
    for one in BalanceSeries.on(bench).each(readings, duration_s / (readings - 1)):
        refuse_impossible(one.mass_g, capacity_g, "measure the blank")
        masses.append(one)
    series, clocks = MassSeries.of(masses), ClockComparison(start, ClockPair.read(bench.pump, bench.clock))
    air = air_before.mean_with(conditions_now(bench))
    lost = vessel_of(bench.file).lost_to_air_in_blank(air).number
    return Blank.of(series.times_s, series.masses_g, clocks, float(lost.x), float(lost.u), air)


def tare(bench: Bench) -> None:
    """Tare the balance, giving an unquiet load a minute to come to rest.

    Raises:
        BenchFault: the load does not come to rest, or the balance shows something else than zero afterwards.
    """
    for _ in range(TARE_ATTEMPTS):
        try:
            bench.balance.tare()
        except BalanceBusy:
            bench.scheduler.pass_for(1.0)
        else:
            refuse_another_mass_than_zero(bench)
            return
    raise BenchFault("balance", "tare", f"not stable within {TARE_ATTEMPTS} s", "shield it from draughts and vibration")
