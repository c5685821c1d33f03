# SPDX-License-Identifier: Apache-2.0
"""Weighing: marks of the balance, and the volume between two of them with this bench's specification and blank."""

from collections.abc import Mapping
from copy import copy
from dataclasses import asdict, dataclass, replace
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
    WeighedSpan,
    WeighingSetup,
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
    """

    mass: BalanceMark
    device_clock_s: float
    counter_ul: float
    conditions: Conditions

    def as_dict(self) -> dict[str, Any]:
        """Return the mark for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Self:
        """Return the mark that `as_dict` wrote."""
        return cls(
            mass=BalanceMark(**payload["mass"]),
            device_clock_s=payload["device_clock_s"],
            counter_ul=payload["counter_ul"],
            conditions=Conditions(**payload["conditions"]),
        )


class Weighing:
    """Weighs deliveries on one bench.

    Attributes:
        setup: balance, blank, liquid and vessel of all its volumes. What the vessel loses by itself is from the blank,
            with how far that may change meanwhile.
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
        self.setup = WeighingSetup(
            balance=specification(file.balance).as_found(repeatability),
            evaporation=may_change.with_drift(file.balance.steady_drift_mg_per_day / 24),
            liquid=liquid_of(file),
            vessel=vessel_of(file),
        )
        self._watch = watch
        self._bench = bench

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
        steps_mg = self._watch.steps_mg(start.mass, end.mass) if self._watch is not None else 0.0
        return delivered_volume(self.setup, span_between(start, end, stroke_volume_ul, steps_mg))

    def using(self, balance: BalanceSpecification, evaporation: Evaporation) -> "Weighing":
        """Return how the same bench would weigh with another balance and another blank."""
        other = copy(self)
        other.setup = replace(self.setup, balance=balance, evaporation=evaporation)
        return other


def span_between(start: TimedMark, end: TimedMark, stroke_volume_ul: float, steps_mg: float) -> WeighedSpan:
    """Return what is known of the time between two marks.

    Args:
        start: the earlier mark.
        end: the later mark.
        stroke_volume_ul: what the pump moves at once; 0 while it is stopped.
        steps_mg: how much of the mass may have come or gone in steps that no pump makes, ±.
    """
    hours = (end.mass.time_s - start.mass.time_s) / 3600
    return WeighedSpan(
        start=start.mass,
        end=end.mass,
        conditions=start.conditions.mean_with(end.conditions),
        stroke_volume_ul=stroke_volume_ul,
        rate_ul_per_h=(end.counter_ul - start.counter_ul) / hours,
        steps_mg=steps_mg,
    )


def specification(balance: BalanceDevice) -> BalanceSpecification:
    """Return what the bench file says of its balance."""
    return BalanceSpecification(
        readability_mg=balance.readability_mg,
        repeatability_mg=balance.repeatability_mg,
        linearity_mg=balance.linearity_mg,
        drift_mg_per_day=balance.drift_mg_per_day,
        calibration_expanded_uncertainty_mg=balance.calibration.expanded_uncertainty_mg,
    )
