# SPDX-License-Identifier: Apache-2.0
"""Weighing: marks of the balance, and the volume between two of them with this bench's specification and blank."""

from copy import copy
from dataclasses import replace

from bench.bench import Bench
from bench.corrections import corrections_of
from bench.retrying_reader import TimedReading
from bench.sampling import BalanceWatch
from bench.weighing.balance_figures import specification
from bench.weighing.balance_series import BalanceSeries
from bench.weighing.certificate import Certificate
from bench.weighing.mass_series import MassSeries, TimedMass
from bench.weighing.timed_mark import TimedMark, span_between
from bench.weighing.vessel_on_pan import conditions_of, liquid_of, vessel_of
from instruments.pump import PumpReading
from instruments.rig import RigReading
from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    DeliveredVolume,
    Evaporation,
    Repeatability,
    WeighingSetup,
    delivered_volume,
)

READINGS = 11
"""Odd, so that the middle reading stands at the mean instant of them all."""
SPACING_S = 1.0
HALF_SPAN_S = (READINGS - 1) / 2 * SPACING_S


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
            corrections=corrections_of(file),
        )
        self._watch = watch
        self._bench = bench

    def mark(self) -> TimedMark:
        """Weigh several times around one instant, and read pump and rig in the middle of it.

        Raises:
            BenchFault: a device does not answer, or the balance's certificate has run out.
            Inconclusive: a reading cannot be, the display is held, or a sensor of the air gives no number.
        """
        for certificate in Certificate.of_measures(self._bench):
            certificate.refuse_after((READINGS - 1) * SPACING_S, "weigh a mark")
        masses: list[TimedMass] = []
        beside: list[TimedMass] = []
        for number, one in enumerate(BalanceSeries.on(self._bench).each(READINGS, SPACING_S)):
            masses.append(one)
            if self._watch is not None:
                self._watch.weighed(one.at_s, one.mass_g)
            beside += self._read_second()
            if number == READINGS // 2:
                snapshot, took_s = self._read_pump_and_rig()
        if self._watch is not None:
            self._watch.mark_taken(masses[0].at_s)
        series, (pump, rig) = MassSeries.of(masses), snapshot.observed
        mass = BalanceMark.of(series.line, READINGS, max(series.reading_takes_s, took_s))
        return TimedMark(
            mass=mass,
            device_clock_s=pump.device_clock_s + (mass.time_s - snapshot.at_s),
            counter_ul=pump.counter_ul,
            conditions=conditions_of(rig),
            second=_mark_of(beside) if beside else None,
            times_s=tuple(round(at_s, 6) for at_s in series.times_s),
            masses_g=series.masses_g,
        )

    def _read_second(self) -> list[TimedMass]:
        """Read the second measure of the flow, if the bench has one."""
        bench = self._bench
        if bench.second is None:
            return []
        shown = bench.reader.read(bench.second.read_mass_g)
        return [TimedMass(shown.at_s, shown.observed.mass_g, bench.clock.now_s() - shown.at_s)]

    def _read_pump_and_rig(self) -> tuple[TimedReading[tuple[PumpReading, RigReading]], float]:
        """Return both, and how long it took in bench time."""
        bench = self._bench
        snapshot = bench.reader.read(lambda: (bench.pump.read(), bench.rig.read()))
        return snapshot, bench.clock.now_s() - snapshot.at_s

    def volume(self, start: TimedMark, end: TimedMark, stroke_volume_ul: float) -> DeliveredVolume:
        """Return the volume that reached the vessel between two marks.

        Args:
            start: the earlier mark.
            end: the later mark.
            stroke_volume_ul: what the pump moves at once; 0 while it is stopped.
        """
        steps_mg = self._watch.steps_mg(start.mass, end.mass) if self._watch is not None else 0.0
        span = span_between(start, end, stroke_volume_ul, steps_mg)
        if self._watch is not None:
            air = self._watch.air.over(start.mass.time_s, start.conditions, end.mass.time_s, end.conditions)
            span = replace(span, conditions=air)
        return delivered_volume(self.setup, span)

    def using(self, balance: BalanceSpecification, evaporation: Evaporation) -> "Weighing":
        """Return how the same bench would weigh with another balance and another blank."""
        other = copy(self)
        other.setup = replace(self.setup, balance=balance, evaporation=evaporation)
        return other


def _mark_of(readings: list[TimedMass]) -> BalanceMark:
    series = MassSeries.of(readings)
    return BalanceMark.of(series.line, len(readings), series.reading_takes_s)
