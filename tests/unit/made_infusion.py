# SPDX-License-Identifier: Apache-2.0
"""Infusions written down by hand: what a good pump's registers say, and what a test then makes of one of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from bench.account import CountedBefore, GivenCommand, InfusionRecord, PumpLogs, SampleTable
from bench.account.sample_table import ALARMS, STATES, Column
from bench.alarms import LoggedAlarm
from bench.clock import ClockMode
from bench.injectors import Injection, injector_named
from bench.profile import Profile
from bench.sampling import Gap
from bench.therapy import Continuous, RunningSchedule, Therapy, WithPatientBolus
from instruments.pump import Alarm, AlarmEntry, BolusEntry, Command, CommandResult, PumpState
from tests.unit.imagined_weighing import PROFILE, weighing

AHEAD_S = 288000.0
"""So much more than the bench's clock shows the pump's."""
RATE_UL_PER_H = PROFILE.rates.tested("intermediate")
HOUR_S = 3600.0
LEAD_IN_S = 300.0
RUN_DOWN_S = 1200.0
OUTLET_KPA = 1.2
COMPLIANCE_UL_PER_KPA = 0.2
FILLED_UL, MADE_UL = 15000.0, 4000.0
"""The reservoir at the beginning, and what was counted before."""


@dataclass
class MadeInfusion:
    """An infusion of a pump without a fault; times are the bench's.

    Attributes:
        runs_s: from when to when the pump runs.
        alarm_s: an occlusion alarm that stops the pump, for a kink that began ten minutes before.
        boluses_s: patient boluses that are asked for and given; a refused one is asked for five minutes after each.
        single_bolus: whether each start logs a bolus, as a pump of that mode may.
        columns: what a test changes of the good course, by name; each is given the good column and the bench's time.
    """

    therapy: Therapy = field(default_factory=lambda: Continuous(RATE_UL_PER_H))
    runs_s: Sequence[tuple[float, float]] = ((LEAD_IN_S, LEAD_IN_S + 6 * HOUR_S),)
    alarm_s: float | None = None
    disconnected_s: tuple[float, float] | None = None
    boluses_s: Sequence[float] = ()
    interval_s: float = 30.0
    profile: Profile = PROFILE
    clocks_half_width_s: float = 0.0
    interruptions: tuple[tuple[float, float], ...] = ()
    without_s: tuple[float, float] = (0.0, 0.0)

    @property
    def ends_s(self) -> float:
        return self.runs_s[-1][1] + RUN_DOWN_S

    @cached_property
    def at_s(self) -> Column:
        at_s = np.arange(0.0, self.ends_s, self.interval_s)
        return at_s[~((at_s > self.without_s[0]) & (at_s < self.without_s[1]))]

    @cached_property
    def schedule(self) -> RunningSchedule:
        schedule = RunningSchedule(self.therapy)
        for from_s, to_s in self.runs_s:
            schedule.start(from_s + AHEAD_S)
            schedule.stop(to_s + AHEAD_S)
        if isinstance(self.therapy, WithPatientBolus):
            schedule.boluses += [self.therapy.accepted(one + AHEAD_S) for one in self.boluses_s]
        return schedule

    @cached_property
    def acknowledged_s(self) -> float:
        """The alarm stop is acknowledged at the end of the run that it cut short, and begins a second before."""
        return self.runs_s[0][1] + 900.0

    def counted_ul(self) -> Column:
        stroke_ul = self.profile.stroke_volume_ul.value
        volume_ul = np.array([self.schedule.volume_ul(0.0, one + AHEAD_S) for one in self.at_s])
        return np.floor(volume_ul / stroke_ul + 1e-9) * stroke_ul

    def rates(self) -> Column:
        steps = self.schedule.rate_steps(0.0, self.ends_s + AHEAD_S)
        places = np.searchsorted([at for at, _ in steps], self.at_s + AHEAD_S, side="right") - 1
        rates: Column = np.array([rate for _, rate in steps])[places]
        return rates

    def states(self) -> Column:
        states, rates = np.full(len(self.at_s), float(STATES.index(PumpState.STOPPED))), self.rates()
        states[rates > 0] = STATES.index(PumpState.INFUSING)
        for bolus in self.schedule.boluses:
            inside = (self.at_s >= bolus.started_s - AHEAD_S) & (self.at_s < bolus.ends_s - AHEAD_S) & (rates > 0)
            states[inside] = STATES.index(PumpState.BOLUS)
        if self.therapy.name == "single_bolus":
            states[rates > 0] = STATES.index(PumpState.BOLUS)
        if self.alarm_s is not None:
            states[(self.at_s >= self.alarm_s) & (self.at_s < self.acknowledged_s)] = STATES.index(
                PumpState.ALARM_STOPPED
            )
        return states

    def pressure_kpa(self) -> Column:
        kpa = np.full(len(self.at_s), OUTLET_KPA)
        if self.alarm_s is not None:
            shut = (self.at_s >= self.alarm_s - 600.0) & (self.at_s < self.acknowledged_s - 300.0)
            counted_ul = self.counted_ul()
            kpa[shut] += (counted_ul[shut] - counted_ul[shut][0]) / COMPLIANCE_UL_PER_KPA
        if self.disconnected_s is not None:
            from_s, to_s = self.disconnected_s
            kpa[(self.at_s >= from_s) & (self.at_s < to_s)] = 0.0
        return kpa

    @property
    def disconnect_alarm_s(self) -> float | None:
        return None if self.disconnected_s is None else self.disconnected_s[0] + 120.0

    def alarm_entries(self) -> tuple[AlarmEntry, ...]:
        told = self.acknowledged_s + AHEAD_S
        entries = []
        if self.alarm_s is not None:
            entries.append(AlarmEntry(3, Alarm.OCCLUSION, self.alarm_s + AHEAD_S, told))
        if self.disconnected_s is not None and self.disconnect_alarm_s is not None:
            told = self.disconnected_s[1] + 60.0 + AHEAD_S
            entries.append(AlarmEntry(3, Alarm.DISCONNECT, self.disconnect_alarm_s + AHEAD_S, told))
        return tuple(entries)

    def bolus_entries(self) -> tuple[BolusEntry, ...]:
        entries = []
        for number, at_s in enumerate(self.boluses_s):
            volume_ul = self.schedule.boluses[number].volume_ul
            given = BolusEntry(5 + 2 * number, at_s + AHEAD_S, CommandResult.ACCEPTED, volume_ul)
            refused = BolusEntry(6 + 2 * number, at_s + 300.0 + AHEAD_S, CommandResult.LOCKOUT, 0.0)
            entries += [given, refused]
        return tuple(entries)

    def commands(self) -> tuple[GivenCommand, ...]:
        given = [(from_s, Command.START, CommandResult.ACCEPTED) for from_s, _ in self.runs_s]
        given.append((self.runs_s[-1][1], Command.STOP, CommandResult.ACCEPTED))
        for at_s in self.boluses_s:
            given.append((at_s, Command.PATIENT_BOLUS, CommandResult.ACCEPTED))
            given.append((at_s + 300.0, Command.PATIENT_BOLUS, CommandResult.LOCKOUT))
        if self.alarm_s is not None:
            given.append((self.acknowledged_s, Command.ACKNOWLEDGE, CommandResult.ACCEPTED))
        if self.disconnected_s is not None:
            given.append((self.disconnected_s[1] + 60.0, Command.ACKNOWLEDGE, CommandResult.ACCEPTED))
        return tuple(GivenCommand(what, answer, at_s, at_s, at_s + AHEAD_S) for at_s, what, answer in sorted(given))

    def injections(self) -> tuple[Injection, ...]:
        made = []
        if self.alarm_s is not None:
            from_s, to_s = self.alarm_s - 600.0, self.acknowledged_s - 300.0
            made.append(Injection(injector_named("kink"), 100.0, from_s - 1.0, from_s, to_s))
        if self.disconnected_s is not None:
            from_s, to_s = self.disconnected_s
            made.append(Injection(injector_named("disconnect"), 100.0, from_s - 1.0, from_s, to_s))
        return tuple(made)

    def samples(self) -> SampleTable:
        count, nothing = len(self.at_s), np.zeros(len(self.at_s))
        counted_ul, clock_s = self.counted_ul(), self.at_s + AHEAD_S
        bits, alarms = nothing.copy(), np.full(count, 3.0)
        for entry in self.alarm_entries():
            stands = (clock_s >= entry.onset_s) & (clock_s < (entry.cleared_s or np.inf))
            bits[stands] += 1 << ALARMS.index(entry.alarm)
            alarms[clock_s >= entry.onset_s] += 1
        boluses = np.full(count, 5.0)
        for line in self.bolus_entries():
            boluses[clock_s >= line.requested_s] += 1
        sensor = self.profile.catheter.has_sensor
        return SampleTable(
            at_s=self.at_s,
            device_clock_s=clock_s,
            state=self.states(),
            rate_ul_per_h=self.rates(),
            counter_ul=MADE_UL + counted_ul,
            reservoir_ul=FILLED_UL - counted_ul,
            battery_percent=np.full(count, 80.0),
            pressure_kpa=self.pressure_kpa() if sensor else np.full(count, np.nan),
            alarm_bits=bits,
            alarm_log_count=alarms,
            bolus_log_count=boluses,
            kink_percent=nothing,
            leak_percent=nothing,
            disconnected=nothing,
            magnet=nothing,
            supply_mv=np.full(count, 3000.0),
            outlet_kpa=np.full(count, OUTLET_KPA),
            temperature_c=np.full(count, 21.0),
            air_pressure_hpa=np.full(count, 1013.0),
            humidity_percent=np.full(count, 50.0),
            mass_g=counted_ul / 1000,
            stable=np.ones(count),
        )

    def logged(self) -> tuple[LoggedAlarm, ...]:
        found = []
        for entry in self.alarm_entries():
            onset_s = entry.onset_s - AHEAD_S
            after_s = float(self.at_s[self.at_s < onset_s][-1])
            by_s = float(self.at_s[self.at_s >= onset_s][0])
            found.append(LoggedAlarm(replace(entry, cleared_s=None), onset_s, after_s, by_s))
        return tuple(found)

    def logs(self) -> PumpLogs:
        before = tuple(AlarmEntry(n, Alarm.STALL, 1000.0 * n, 1000.0 * n + 500.0) for n in range(3))
        old = tuple(BolusEntry(n, 1000.0 + n, CommandResult.ACCEPTED, 20.0) for n in range(5))
        alarms, boluses = before + self.alarm_entries(), old + self.bolus_entries()
        return PumpLogs(self.ends_s + AHEAD_S, len(alarms), len(boluses), alarms, boluses)

    def record(self, **columns: Column) -> InfusionRecord:
        """Return the record, with some columns of its samples replaced."""
        return InfusionRecord(
            name="basal",
            profile=self.profile,
            schedule=self.schedule,
            samples=replace(self.samples(), **columns),
            commands=self.commands(),
            injections=self.injections(),
            alarms=self.logged(),
            marks=(),
            weighing=weighing().setup,
            gaps=(Gap(*self.without_s, 3),) if self.without_s[1] else (),
            interruptions=self.interruptions,
            steps=(),
            qualifiers=(),
            interval_s=self.interval_s,
            clock_mode=ClockMode.STEPPED,
            clocks_half_width_s=self.clocks_half_width_s,
            complete=True,
            logs=self.logs(),
            before=CountedBefore(MADE_UL, FILLED_UL, 3, 5),
        )


def altered(record: InfusionRecord, **columns: Column) -> InfusionRecord:
    """Return a record with some columns of its samples replaced."""
    return replace(record, samples=replace(record.samples, **columns))


def kinked() -> MadeInfusion:
    """Return an infusion with a kink, its alarm after ten minutes, and a second run of six hours."""
    alarm_s = LEAD_IN_S + 2 * HOUR_S
    return MadeInfusion(
        runs_s=((LEAD_IN_S, alarm_s), (alarm_s + 1800.0, alarm_s + 1800.0 + 4 * HOUR_S)), alarm_s=alarm_s
    )


def with_boluses() -> MadeInfusion:
    """Return a day of patient boluses: two are given, two are refused."""
    therapy = PROFILE.patient_bolus.on_top_of(Continuous(RATE_UL_PER_H))
    return MadeInfusion(therapy=therapy, boluses_s=(LEAD_IN_S + HOUR_S, LEAD_IN_S + 4 * HOUR_S))
