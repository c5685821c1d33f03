# SPDX-License-Identifier: Apache-2.0
"""Weighing: marks of the balance, and the volume between two of them with this bench's specification and blank."""

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any, Self

from bench.bench import Bench
from bench.bench_file import BalanceDevice
from bench.sampling import BalanceWatch
from bench.weighing.vessel_on_pan import conditions_of, liquid_of, vessel_of
from instruments.pump import PumpReading
from instruments.rig import RigReading
from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    DeliveredVolume,
    Evaporation,
    Repeatability,
    delivered_volume,
)

READINGS = 11
"""Odd, so that the middle reading stands at the mean instant of them all."""
SPACING_S = 1.0
HALF_SPAN_S = (READINGS - 1) / 2 * SPACING_S


@dataclass(frozen=True)
class TimedMark:
    """One end of a delivery window: balance, pump and air around one instant.

    Attributes:
        mass: the mass at the mark's mean instant, with its scatter.
        device_clock_s: the pump's clock at that instant.
        counter_ul: the pump's own counter at that instant.
        conditions: the air around the balance.
        id: of its line in the journal; empty before it stands there.
    """

    mass: BalanceMark
    device_clock_s: float
    counter_ul: float
    conditions: Conditions
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the mark for JSON, without its id."""
        return {name: value for name, value in asdict(self).items() if name != "id"}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """Return the mark that `as_dict` told."""
        return cls(
            mass=BalanceMark(**told["mass"]),
            device_clock_s=told["device_clock_s"],
            counter_ul=told["counter_ul"],
            conditions=Conditions(**told["conditions"]),
            id=told.get("id", ""),
        )


class Weighing:
    """Weighs deliveries on one bench.

    Attributes:
        evaporation: what the vessel loses by itself, from the blank, and how far that may change meanwhile.
    """

    def __init__(
        self,
        bench: Bench,
        evaporation: Evaporation,
        repeatability: Repeatability | None = None,
        watch: BalanceWatch | None = None,
    ) -> None:
        file = bench.file
        # what the post-flight lets pass must be in the uncertainty of what was judged before it
        may_change = evaporation.that_may_change(file.preflight.blank_change_mg_per_h)
        self.evaporation = may_change.with_drift(file.balance.steady_drift_mg_per_day / 24)
        self._liquid, self._vessel = liquid_of(file), vessel_of(file)
        self._watch = watch
        self._bench = bench
        self._specification = specification(bench.file.balance).as_found(repeatability)

    def mark(self) -> TimedMark:
        """Weigh several times around one instant, and look at pump and rig in the middle of it.

        Raises:
            BenchFault: a device does not answer.
            Inconclusive: a reading cannot be, the display is held, or a sensor of the air gives no number.
        """
        bench = self._bench
        start_s = bench.clock.now_s()
        times_s: list[float] = []
        masses_g: list[float] = []
        snapshots: list[tuple[float, PumpReading, RigReading]] = []
        longest_s = 0.0
        for number in range(READINGS):
            bench.scheduler.pass_until(start_s + number * SPACING_S)
            weighed = bench.reader.read(bench.balance.read_mass_g)
            times_s.append(weighed.at_s)
            masses_g.append(weighed.observed.mass_g)
            if self._watch is not None:
                self._watch.weighed(weighed.at_s, weighed.observed.mass_g)
            longest_s = max(longest_s, bench.clock.now_s() - weighed.at_s)
            if number == READINGS // 2:
                reading = bench.reader.read(lambda: (bench.pump.read(), bench.rig.read()))
                snapshots.append((reading.at_s, *reading.observed))
                longest_s = max(longest_s, bench.clock.now_s() - reading.at_s)
        ((looked_s, pump, rig),) = snapshots
        mass = BalanceMark.fit(times_s, masses_g, longest_s)
        return TimedMark(
            mass=mass,
            device_clock_s=pump.device_clock_s + (mass.time_s - looked_s),
            counter_ul=pump.counter_ul,
            conditions=conditions_of(rig),
        )

    def volume(self, start: TimedMark, end: TimedMark, stroke_volume_ul: float) -> DeliveredVolume:
        """Return the volume that reached the vessel between two marks.

        Args:
            start: the earlier mark.
            end: the later mark.
            stroke_volume_ul: what the pump moves at once; 0 while it is stopped.
        """
        hours = (end.mass.time_s - start.mass.time_s) / 3600
        return delivered_volume(
            start.mass,
            end.mass,
            start.conditions.mean_with(end.conditions),
            self._specification,
            self.evaporation,
            stroke_volume_ul=stroke_volume_ul,
            rate_ul_per_h=(end.counter_ul - start.counter_ul) / hours,
            liquid=self._liquid,
            vessel=self._vessel,
            steps_mg=self._watch.steps_mg(start.mass, end.mass) if self._watch is not None else 0.0,
        )

    @property
    def specification(self) -> BalanceSpecification:
        """Return what is known of the balance."""
        return self._specification

    def using(self, specification: BalanceSpecification, evaporation: Evaporation) -> "Weighing":
        """Return how the same bench would weigh with another balance and another blank."""
        other = copy(self)
        other.evaporation, other._specification = evaporation, specification
        return other


def specification(balance: BalanceDevice) -> BalanceSpecification:
    """Return what the bench file says of its balance."""
    return BalanceSpecification(
        readability_mg=balance.readability_mg,
        repeatability_mg=balance.repeatability_mg,
        linearity_mg=balance.linearity_mg,
        drift_mg_per_day=balance.drift_mg_per_day,
        calibration_expanded_uncertainty_mg=balance.calibration.expanded_uncertainty_mg,
    )
