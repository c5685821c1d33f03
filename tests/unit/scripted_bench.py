# SPDX-License-Identifier: Apache-2.0
"""A bench whose devices say what a test has written down, on a clock that goes where it is told.

Scheduler, reader, journal, sampling and all parts of an infusion are the bench's own; only what hangs on a wire is not.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bench.bench import Bench
from bench.clock import ClockMode
from bench.infusion.setting import Setting
from bench.journal import Journal, JournalLine, read_lines
from bench.preflight import Preflight
from bench.retrying_reader import RetryingReader
from bench.run import Run
from bench.sampling import ClockComparison
from bench.scheduler import Scheduler
from bench.therapy import Continuous, RunningSchedule, Therapy
from groundfloor.errors import PumpFailure
from instruments.balance import BalanceIdentity, MassReading
from instruments.program import Program
from instruments.pump import Alarm, AlarmEntry, BolusEntry, Command, CommandResult, PumpReading, PumpState
from instruments.rig import RigOutputs, RigReading
from instruments.rig_abilities import RigAbilities
from instruments.rig_guard import GuardState
from metrology.gravimetry import Evaporation, Repeatability
from tests.unit.imagined_weighing import PROFILE
from tests.unit.test_preflight_checks import FILE

DEVICE_AHEAD_S = 5000.0
"""So much more than the bench's clock shows the pump's."""
RATE_UL_PER_H = PROFILE.rates.tested("intermediate")
INTERVAL_S = 30.0
INFUSION = "basal"
STARTED = {"start accepted": "PASS"}
"""What is judged when the pump of a scene is started."""


class ScriptedClock:
    """Stands still between two waits."""

    mode = ClockMode.STEPPED
    speed = 0.0
    epoch_utc = datetime(2000, 1, 1, tzinfo=UTC)

    def __init__(self) -> None:
        self.at_s = 0.0

    def now_s(self) -> float:
        return self.at_s

    def go_on_from(self, instant_s: float) -> None:
        self.at_s = instant_s

    def sleep_until(self, instant_s: float) -> None:
        self.at_s = max(self.at_s, instant_s)


@dataclass
class ScriptedPump:
    """A pump that alarms when it was told to, and answers commands as it was told to."""

    clock: ScriptedClock
    alarms_at_s: list[tuple[float, Alarm]] = field(default_factory=list)
    log_is_late_s: float = 0.0
    stops_on_alarm: bool = True
    state: PumpState = PumpState.STOPPED
    standing: frozenset[Alarm] = frozenset()
    reservoir_ul: float = 20000.0
    answers: dict[Command, CommandResult] = field(default_factory=dict)
    takes: CommandResult = CommandResult.ACCEPTED
    boluses: list[BolusEntry] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    programs: list[Program] = field(default_factory=list)
    reads_back_else: tuple[str, ...] = ()
    clears_after_s: float | None = None
    log_has_a_hole: bool = False
    times_read_back: int = 0

    def _log(self) -> tuple[AlarmEntry, ...]:
        due = [(at_s, alarm) for at_s, alarm in self.alarms_at_s if at_s + self.log_is_late_s <= self.clock.at_s]
        return tuple(
            AlarmEntry(n, alarm, at_s + DEVICE_AHEAD_S, self._cleared_s(at_s)) for n, (at_s, alarm) in enumerate(due)
        )

    def _cleared_s(self, onset_s: float) -> float | None:
        return None if self.clears_after_s is None else onset_s + self.clears_after_s + DEVICE_AHEAD_S

    def read(self) -> PumpReading:
        log = self._log()
        if log and self.stops_on_alarm and self.state is PumpState.INFUSING:
            self.state, self.standing = PumpState.ALARM_STOPPED, frozenset(one.alarm for one in log)
        rate_ul_per_h = RATE_UL_PER_H if self.state is PumpState.INFUSING else 0.0
        now_s = self.clock.at_s + DEVICE_AHEAD_S
        counts = len(log), len(self.boluses)
        return PumpReading(now_s, self.state, rate_ul_per_h, 0.0, self.reservoir_ul, 100.0, 1.2, self.standing, *counts)

    def alarm_log(self, since: int = 0) -> tuple[AlarmEntry, ...]:
        if self.log_has_a_hole:
            raise PumpFailure("pump", "read alarm_log", "entry 0 is empty")
        return self._log()[since:]

    def bolus_log(self, since: int = 0) -> tuple[BolusEntry, ...]:
        return tuple(self.boluses[since:])

    def load(self, program: Program) -> CommandResult:
        self.programs.append(program)
        return self.takes

    def differences(self, program: Program) -> tuple[str, ...]:
        self.times_read_back += 1
        return self.reads_back_else

    def command(self, command: Command, _argument: float = 0.0) -> CommandResult:
        self.commands.append(command)
        answer = self.answers.get(command, CommandResult.ACCEPTED)
        if answer is CommandResult.ACCEPTED:
            self._obey(command)
        return answer

    def _obey(self, command: Command) -> None:
        if command is Command.START:
            self.state = PumpState.INFUSING
        elif command is Command.STOP:
            self.state = PumpState.STOPPED
        elif command is Command.ACKNOWLEDGE:
            self.standing = frozenset()


@dataclass
class ScriptedRig:
    """A rig whose injectors go where they are sent, unless they are stuck."""

    present: RigOutputs = field(default_factory=RigOutputs)
    stuck: bool = False
    armed: list[int] = field(default_factory=list)
    written: list[RigOutputs] = field(default_factory=list)

    def abilities(self) -> RigAbilities:
        return RigAbilities()

    def outputs(self) -> RigOutputs:
        return self.present

    def write(self, outputs: RigOutputs) -> None:
        self.written.append(outputs)
        if not self.stuck:
            self.present = outputs

    def read(self) -> RigReading:
        now = self.present
        positions = now.kink_clamp_percent, now.disconnect_valve, now.leak_valve_percent, now.magnet_field
        return RigReading(*positions, now.supply_voltage_mv, 1.2, 21.0, 1013.0, 50.0, False, 0.0)

    def send_heartbeat(self) -> None:
        """Do nothing: nobody listens."""

    def arm_watchdog(self, timeout_s: int) -> None:
        self.armed.append(timeout_s)

    def guard_state(self) -> GuardState:
        return GuardState(self.armed[-1] if self.armed else 0, False, False, 1)

    def safe_log(self, since: int = 0) -> None:
        return None


@dataclass
class ScriptedBalance:
    """A balance with nothing on it."""

    mass_g: float = 0.0

    def read_mass_g(self) -> MassReading:
        return MassReading(self.mass_g, True)

    def identify(self) -> BalanceIdentity:
        return BalanceIdentity("a balance", "B", "1", 220.0)

    def tare(self) -> None:
        self.mass_g = 0.0


class ScriptedBench:
    """What an infusion asks of a bench."""

    def __init__(self) -> None:
        self.file = FILE
        self.clock = ScriptedClock()
        self.scheduler = Scheduler(self.clock)
        self.reader = RetryingReader(self.clock, 0.0)
        self.pump = ScriptedPump(self.clock)
        self.rig = ScriptedRig()
        self.balance = ScriptedBalance()
        self.second = None
        self.found: PumpReading | None = None
        self.poisoned = ""
        self.made_safe = 0

    def keep_lease(self) -> None:
        """Do nothing: nobody else wants it."""

    def enter_safe_state(self) -> None:
        self.made_safe += 1
        self.pump.command(Command.STOP)
        if not self.rig.stuck:
            self.rig.present = RigOutputs()

    def poison(self, reason: str) -> None:
        self.poisoned = self.poisoned or reason


class KnownBlank:
    """A pre-flight that was made: the vessel loses next to nothing, and the balance scatters below its last digit."""

    clocks: ClockComparison | None = None

    def require(self) -> None:
        """Do nothing: the bench can test."""

    def evaporation(self) -> Evaporation:
        return Evaporation(0.03, 0.01, 59, 1.0, 1800.0)

    def repeatability(self, recalled: Repeatability | None = None) -> Repeatability:
        return Repeatability(0.004, 60)


@dataclass
class Scene:
    """One infusion's place on a scripted bench."""

    bench: ScriptedBench
    setting: Setting
    journal: Path
    blank: KnownBlank

    @property
    def verdicts(self) -> dict[str, str]:
        """What was judged, by its name."""
        return {one.name: str(one.verdict) for one in self.setting.run.assessment.judgements}

    def lines(self) -> list[JournalLine]:
        """What was written so far."""
        return list(read_lines(self.journal))


@contextmanager
def scene(folder: Path, therapy: Therapy | None = None) -> Iterator[Scene]:
    """Set up a scripted bench with a journal of its own."""
    bench, path = ScriptedBench(), folder / "journal.jsonl"
    journal = Journal(path, bench.clock.now_s)
    try:
        run = Run.of("a test", cast(Bench, bench), PROFILE, journal)
        blank = KnownBlank()
        run.preflight = cast(Preflight, cast(Any, blank))
        schedule = RunningSchedule(therapy or Continuous(RATE_UL_PER_H))
        journal.write("infusion-started", infusion=INFUSION)
        yield Scene(bench, Setting(run, INFUSION, schedule, INTERVAL_S), path, blank)
    finally:
        journal.close()
