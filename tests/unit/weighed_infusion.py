# SPDX-License-Identifier: Apache-2.0
"""Records of infusions that nobody made: a pump that does what its schedule says, and one thing besides."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Self

import numpy as np

from bench.account import GivenCommand, InfusionRecord, SampleTable
from bench.account.sample_table import Column
from bench.clock import ClockMode
from bench.injectors import Injection, injector_named
from bench.sampling import MassStep
from bench.therapy import AcceptedBolus, Continuous, RunningSchedule, Therapy
from bench.weighing import TimedMark
from instruments.pump import Command, CommandResult
from metrology.gravimetry import BalanceMark, Conditions
from tests.unit.imagined_weighing import PROFILE, weighing

HOUR_S = 3600.0
AHEAD_S = 1000.0
"""So far the pump's clock is ahead."""
BEGINS_S = 300.0
RATE_UL_PER_H = PROFILE.rates.tested("intermediate")
AIR = (20.0, 1013.25, 50.0)
UL_PER_MG = 1.002851
"""Of water at 20 °C, weighed in air."""
LOST_MG_PER_H = 0.03
"""What the blank of `imagined_weighing` found."""
STROKE_UL = PROFILE.stroke_volume_ul.value
INTERVAL_S = 30.0

Volume = Callable[[float], float]


def nothing(_at_s: float) -> float:
    """Return that nothing came."""
    return 0.0


def steadily(*edges: tuple[float, float]) -> Volume:
    """Return a volume that goes in straight lines between instants of bench time and µL, and is flat outside."""
    times_s, volumes_ul = zip(*edges, strict=True)
    return lambda at_s: float(np.interp(at_s, times_s, volumes_ul))


@dataclass
class MadeInfusion:
    """An infusion in the making: commands and faults first, then `record`.

    Attributes:
        therapy: what is programmed.
        gain: what a stroke delivers per what it is counted as.
        weighed: what reached the vessel beside that, since the beginning; it is not counted.
        counted: what was counted beside that; it does not reach the vessel.
    """

    therapy: Therapy = field(default_factory=lambda: Continuous(RATE_UL_PER_H))
    gain: float = 1.0
    weighed: Volume = nothing
    counted: Volume = nothing
    steps: tuple[MassStep, ...] = ()
    interruptions: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        self.schedule = RunningSchedule(self.therapy)
        self.commands: list[GivenCommand] = []
        self.injections: list[Injection] = []
        self._windows_s: list[float] = []

    def start(self, at_s: float = BEGINS_S) -> Self:
        self.schedule.start(at_s + AHEAD_S)
        return self.command(Command.START, at_s)

    def stop(self, at_s: float) -> Self:
        self.schedule.stop(at_s + AHEAD_S)
        return self.command(Command.STOP, at_s)

    def stop_by_alarm(self, at_s: float) -> Self:
        self.schedule.stop(at_s + AHEAD_S)
        return self

    def command(self, command: Command, at_s: float, answer: CommandResult = CommandResult.ACCEPTED) -> Self:
        self.commands.append(GivenCommand(command, answer, at_s, at_s, at_s + AHEAD_S))
        return self

    def bolus(self, at_s: float) -> Self:
        promised = PROFILE.patient_bolus
        bolus = AcceptedBolus(at_s + AHEAD_S, promised.volume_ul.value, promised.duration_s.value)
        self.schedule.boluses.append(bolus)
        return self.command(Command.PATIENT_BOLUS, at_s)

    def fault(self, name: str, from_s: float, to_s: float | None, percent: float = 100.0) -> Self:
        self.injections.append(Injection(injector_named(name), percent, from_s, from_s + 1.0, to_s))
        return self

    def windows(self, *edges_s: float) -> Self:
        """Weigh a mark at each of these instants."""
        self._windows_s += edges_s
        return self

    def record(self, hours: float, arrives: Volume | None = None) -> InfusionRecord:
        """Return the record of so many hours.

        Args:
            hours: from the first sample to the last.
            arrives: how much of what the strokes gave has arrived, by what they gave; all of it unless told.
        """
        times_s = np.arange(0.0, hours * HOUR_S + 1.0, INTERVAL_S)
        return InfusionRecord(
            name="made",
            profile=PROFILE,
            schedule=self.schedule,
            samples=_table(times_s, self._column(self._counter_ul, times_s), self._column(self._mass_g, times_s)),
            commands=tuple(self.commands),
            injections=tuple(self.injections),
            alarms=(),
            marks=tuple(self._mark(at_s) for at_s in self._windows_s),
            weighing=weighing().setup,
            gaps=(),
            interruptions=self.interruptions,
            steps=self.steps,
            qualifiers=(),
            interval_s=INTERVAL_S,
            clock_mode=ClockMode.STEPPED,
            clocks_half_width_s=0.0,
            complete=True,
        )

    def _strokes_ul(self, at_s: float) -> float:
        programmed_ul = self.schedule.volume_ul(0.0, at_s + AHEAD_S)
        return STROKE_UL * math.floor(programmed_ul / STROKE_UL + 1e-9)

    def _counter_ul(self, at_s: float) -> float:
        return 7000.0 + self._strokes_ul(at_s) + self.counted(at_s)

    def _mass_g(self, at_s: float) -> float:
        volume_ul = self.gain * self._strokes_ul(at_s) + self.weighed(at_s)
        return (volume_ul / UL_PER_MG - LOST_MG_PER_H * at_s / HOUR_S) / 1000

    def _mark(self, at_s: float) -> TimedMark:
        mass = BalanceMark(at_s, self._mass_g(at_s), 0.02, 0.02, 9.0, 11, span_s=10.0)
        return TimedMark(mass, at_s + AHEAD_S, self._counter_ul(at_s), Conditions(*AIR), id=f"mark-{at_s:.0f}")

    @staticmethod
    def _column(of: Volume, times_s: Column) -> Column:
        return np.array([of(at_s) for at_s in times_s.tolist()])


def kept_back(made: MadeInfusion, spans_s: Sequence[tuple[float, float]]) -> Volume:
    """Return what of a pump's strokes did not arrive between some instants, as a negative volume."""

    def lost_ul(at_s: float) -> float:
        strokes = made._strokes_ul
        return -sum(strokes(min(max(at_s, begin), end)) - strokes(begin) for begin, end in spans_s)

    return lost_ul


def without_samples(record: InfusionRecord, from_s: float, to_s: float) -> InfusionRecord:
    """Return a record with a gap."""
    kept = (record.samples.at_s <= from_s) | (record.samples.at_s >= to_s)
    columns = {name: column[kept] for name, column in vars(record.samples).items()}
    return replace(record, samples=SampleTable(**columns))


def _table(times_s: Column, counter_ul: Column, mass_g: Column) -> SampleTable:
    same = np.ones(len(times_s))
    fixed = dict.fromkeys(SampleTable.__dataclass_fields__, 0.0 * same)
    celsius, hpa, percent = AIR
    given = {
        "at_s": times_s,
        "device_clock_s": times_s + AHEAD_S,
        "counter_ul": counter_ul,
        "outlet_kpa": 1.2 * same,
        "temperature_c": celsius * same,
        "air_pressure_hpa": hpa * same,
        "humidity_percent": percent * same,
        "mass_g": mass_g,
        "stable": same,
    }
    return SampleTable(**{**fixed, **given})


def tiles(edges_s: Sequence[float]) -> bool:
    """Tell whether instants rise without a repetition."""
    return all(before < after for before, after in pairwise(edges_s))
