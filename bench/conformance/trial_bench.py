# SPDX-License-Identifier: Apache-2.0
"""The bench as a trial sees it: drivers, the registers behind them, bench time, and known states to begin from.

It is no `Bench`: that one refuses what does not conform, and here it is to be told rule by rule. It shares what makes a
bench safe: the lease, the list of the safe state, the guard of every exit, and a keeper.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, Self, TypeVar

from bench.bench_file import BenchFile
from bench.clock import Clock, ClockMode, RunningClock, SteppedClock
from bench.conformance.latest_pump import LatestPump
from bench.conformance.outcome import NotTried
from bench.lease import Lease, LeaseLost, overtaken
from bench.lease.lease import MOST_RIG_S
from bench.safety import ExitGuard, SafeState
from bench.safety.keeper import KeeperLink
from bench.scheduler import Scheduler
from groundfloor.errors import BenchFault, PlanError
from instruments.balance import Balance
from instruments.control_line_client import ControlLine
from instruments.drivers.named import driver_named
from instruments.drivers.open_lines import OpenLines
from instruments.drivers.table import BALANCE_DIALECTS, PUMP_DRIVERS, RIG_DRIVERS
from instruments.modbus.line import ModbusLine
from instruments.modbus.registers import Registers
from instruments.program import Mode, Program, Step
from instruments.pump import Alarm, Command, CommandResult, Pump, PumpReading, PumpState
from instruments.register_map.map import RegisterMap
from instruments.rig import Rig, RigOutputs
from instruments.rig_lease import RigLease

Observed = TypeVar("Observed")

RATE_UL_PER_H = 40.0
"""About 1 mL a day: a rate that every implantable pump has."""
FAST_UL_PER_H = (1000.0, 500.0, 250.0, 100.0, RATE_UL_PER_H)
"""Rates to build pressure with; the first that the pump takes."""
PRIME_UL = 1.0
MOST_PRIME_UL = 500.0
ALARM_LIMIT_S = 1800.0
WATCHDOG_S = 60
HEARTBEAT_S = 10.0
POLL_S = 0.1


@dataclass(frozen=True)
class Timed(Generic[Observed]):
    """Something observed, and the bench time just before it was asked for and just after it was answered."""

    observed: Observed
    before_s: float
    after_s: float


@dataclass(frozen=True)
class OpenInstruments:
    """All three drivers, open at the same time."""

    pump: Pump
    rig: Rig
    balance: Balance


class TrialBench:
    """A bench whose rules are tried.

    Attributes:
        file: the bench file.
        clock, scheduler: bench time, and how it is spent.
        control: the twin's control line, where its time is stepped.
        pump_words, rig_words: the registers, past the drivers.
        takes_while_infusing: whether the pump's profile promises that it takes a program while it infuses; None where
            nobody named a profile.
        watched: whether the rig's watchdog guards what moves; it does once it was found to work.
    """

    def __init__(self, file: BenchFile, *, takes_while_infusing: bool | None = None) -> None:
        """Take the lease of this computer and open the lines; nothing is written.

        Raises:
            LeaseHeld: somebody else has the bench.
            BenchFault: a line cannot be opened.
            PlanError: pump, rig or balance is not of the kind that the rules are about.
        """
        refuse_other_drivers(file)
        self.file = file
        self.takes_while_infusing = takes_while_infusing
        self.watched = False
        self.control: ControlLine | None = None
        self._lines = OpenLines()
        self._pump: LatestPump | None = None
        self._rig: Rig | None = None
        self._rig_lease: RigLease | None = None
        self._safe_state: SafeState | None = None
        self._guard: ExitGuard | None = None
        self.lease = Lease.acquire(file, reason="pumpbench doctor --conformance")
        try:
            self.clock: Clock = self._open_clock()
            self.scheduler = Scheduler(self.clock)
            self.scheduler.moments.subscribe(lambda _now_s: self.lease.keep())
            self.pump_words = self._registers("pump")
            self.rig_words = self._registers("rig")
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the bench."""
        return self

    def __exit__(self, *_trouble: object) -> None:
        """Leave the bench safe if anything was moved, and let everything go."""
        try:
            self.make_safe()
        finally:
            self.close()

    # --- opening and closing ----------------------------------------------------------------------------------------
    @property
    def pump(self) -> LatestPump:
        """Return the pump's driver.

        Raises:
            NotTried: it does not open.
        """
        if self._pump is None:
            section = self.file.pump
            driver = driver_named(PUMP_DRIVERS, section.driver)
            self._pump = opened(
                "pump", lambda: LatestPump(lambda: driver.open(section.access, self._lines), self.lease.keep)
            )
        return self._pump

    @property
    def rig(self) -> Rig:
        """Return the rig's driver.

        Raises:
            NotTried: it does not open.
        """
        if self._rig is None:
            section = self.file.rig
            driver = driver_named(RIG_DRIVERS, section.driver)
            self._rig = opened("rig", lambda: driver.open(section.access, self._lines))
        return self._rig

    @property
    def rig_lease(self) -> RigLease:
        """Return who holds the rig, as the rig says.

        Raises:
            NotTried: it does not open.
        """
        if self._rig_lease is None:
            section = self.file.rig
            driver = driver_named(RIG_DRIVERS, section.driver)
            self._rig_lease = opened("rig's lease", lambda: driver.open_lease(section.access, self._lines))
        return self._rig_lease

    @contextmanager
    def open_balance(self) -> Iterator[OpenInstruments]:
        """Open the balance's driver as a run does, for as long as the block lasts.

        Raises:
            BenchFault: it does not open.
        """
        section = self.file.balance
        balance = BALANCE_DIALECTS[section.dialect](section.access)
        try:
            yield OpenInstruments(self.pump, self.rig, balance)
        finally:
            balance.close()

    def second_line(self) -> ModbusLine:
        """Open one more connection to the rig, as a keeper or another computer would."""
        return ModbusLine.open(self.file.rig.address, self.file.rig.timeout_s)

    def begin_to_move(self) -> None:
        """Become the rig's holder and see to it that every end of this process leaves the bench safe.

        Raises:
            LeaseHeld: another computer holds the rig.
            BenchFault: real hardware on a clock that is not real, or the safe state is not reached.
            NotTried: a driver does not open.
        """
        self._refuse_real_hardware_on_another_clock()
        rig = self.rig
        self.fence()
        self._safe_state = SafeState(self.pump, rig, self.file.safe_state.step)
        self._safe_state.yields = self._belongs_to_another
        self._guard = ExitGuard(self._safe_state, None, self.close)
        self._safe_state.enter()

    def let_a_keeper_watch(self) -> None:
        """Start a keeper under the present fencing token; a twin in stepped time needs none, it stands still.

        Raises:
            BenchFault: it does not start.
        """
        if self._safe_state is None or self._guard is None or self.clock.mode is ClockMode.STEPPED:
            return
        self._guard.end()
        self._guard = None
        keeper = KeeperLink.start(self.file, self.clock, self.rig.fencing_token, self.lease.record.session, None)
        self._guard = ExitGuard(self._safe_state, keeper, self.close)

    def let_the_watchdog_guard(self) -> None:
        """Arm the rig's watchdog from now on, for a minute of the machine; called once it was found to work."""
        self.rig.arm_watchdog(self.watchdog_s)
        self.watched = True

    @property
    def watchdog_s(self) -> int:
        """Return a minute of the machine in bench time, as far as a register holds it."""
        return min(MOST_RIG_S, math.ceil(WATCHDOG_S * max(1.0, self.clock.speed)))

    @property
    def prime_ul(self) -> float:
        """Return a volume that takes some seconds of the machine to prime."""
        return min(PRIME_UL * max(1.0, self.clock.speed), MOST_PRIME_UL)

    def fence(self) -> None:
        """Become the rig's holder, and write with its token from now on."""
        self.rig.fencing_token = self.lease.fence(self.rig_lease, self.clock.speed)

    def make_safe(self) -> None:
        """Go the whole list of the safe state, if anything could have been moved.

        Raises:
            BenchFault: steps failed.
        """
        if self._safe_state is None:
            return
        self._safe_state.enter()
        if self.lease.lost is None:
            with suppress(NotTried):  # an alarm that trials made is theirs to acknowledge
                self.at_rest()

    def close(self) -> None:
        """Let all lines go and give the lease back."""
        try:
            self.lease.leave_rig()
            self._lines.close()
            if self._guard is not None:
                self._guard.end()
            if self.control is not None:
                self.control.close()
        finally:
            self.lease.release()

    # --- bench time -------------------------------------------------------------------------------------------------
    def pass_for(self, duration_s: float) -> None:
        """Let bench time go by; the watchdog gets its heartbeats if it guards."""
        if self.watched:
            self.rig.send_heartbeat()
        end_s = self.clock.now_s() + duration_s
        while (left_s := end_s - self.clock.now_s()) > 0:
            self.scheduler.pass_for(min(left_s, HEARTBEAT_S))
            if self.watched:
                self.rig.send_heartbeat()

    def timed(self, look: Callable[[], Observed]) -> Timed[Observed]:
        """Observe something, with the bench time before and after."""
        before_s = self.clock.now_s()
        observed = look()
        return Timed(observed, before_s, self.clock.now_s())

    def wait_until(self, holds: Callable[[], bool], limit_s: float, poll_s: float = POLL_S) -> bool:
        """Let time go by until something holds; tell whether it does within `limit_s`."""
        end_s = self.clock.now_s() + limit_s
        while not holds():
            if self.clock.now_s() >= end_s:
                return False
            self.pass_for(poll_s)
        return True

    # --- states to begin from ---------------------------------------------------------------------------------------
    def at_rest(self) -> PumpReading:
        """Bring the pump to a stand without an alarm, and the injectors to their safe positions.

        Raises:
            NotTried: it cannot be brought there.
        """
        try:
            self.pass_for(0.0)  # the watchdog's heartbeat
            self.pump.command(Command.STOP)  # first: what a shut catheter stored must not come out while it drives
            self._release_injectors()
            reading = self.pump.read()
            if reading.state not in (PumpState.STOPPED, PumpState.ALARM_STOPPED):
                self.rig.go_safe()
                self.rig.leave_safe_state()
                reading = self.pump.read()
            if reading.alarms or reading.state is PumpState.ALARM_STOPPED:
                self.pump.command(Command.ACKNOWLEDGE)
                reading = self.pump.read()
        except LeaseLost:
            raise
        except BenchFault as fault:
            raise NotTried(f"the pump was not brought to rest: {fault.finding}") from fault
        if reading.state is not PumpState.STOPPED:
            raise NotTried(f"the pump was not brought to rest, it is {reading.state}")
        return reading

    def _release_injectors(self) -> None:
        if self.rig.outputs() != RigOutputs():
            self.rig.write(RigOutputs())
            limit_s = self.file.rig.injector_time_limit_s
            self.wait_until(lambda: self.rig.read().kink_clamp_position_percent == 0.0, limit_s)

    def infusing(self, rate_ul_per_h: float = RATE_UL_PER_H) -> PumpReading:
        """Load the program of the trials and start it.

        Raises:
            NotTried: the pump does not run it.
        """
        self.at_rest()
        try:
            answers = [self.pump.load(continuous(rate_ul_per_h)), self.pump.command(Command.START)]
            reading = self.pump.read()
        except LeaseLost:
            raise
        except BenchFault as fault:
            raise NotTried(f"the pump was not started: {fault.finding}") from fault
        if reading.state is not PumpState.INFUSING:
            raise NotTried(f"the pump was not started: it answered {', '.join(answers)} and is {reading.state}")
        return reading

    def priming(self) -> PumpReading:
        """Prime a little.

        Raises:
            NotTried: the pump does not.
        """
        self.at_rest()
        answer = self.pump.command(Command.PRIME, self.prime_ul)
        reading = self.pump.read()
        if reading.state is not PumpState.PRIMING:
            raise NotTried(f"the pump was not primed: it answered {answer} and is {reading.state}")
        return reading

    def occluded(self) -> PumpReading:
        """Shut the clamp, infuse fast, and wait for the occlusion alarm; one that stands already will do.

        Raises:
            NotTried: none comes.
        """
        reading = self.pump.read()
        if Alarm.OCCLUSION in reading.alarms and self.rig.outputs().kink_clamp_percent == 100.0:
            return reading
        self.infusing(self.fastest_ul_per_h())
        self.rig.write(RigOutputs(kink_clamp_percent=100.0))
        return self.wait_for_occlusion()

    def wait_for_occlusion(self) -> PumpReading:
        """Return the first reading with the occlusion alarm.

        Raises:
            NotTried: none comes.
        """
        if not self.wait_until(lambda: Alarm.OCCLUSION in self.pump.read().alarms, ALARM_LIMIT_S, poll_s=1.0):
            self.at_rest()
            raise NotTried(f"no occlusion alarm came within {ALARM_LIMIT_S:g} s behind the shut clamp")
        return self.pump.read()

    def fastest_ul_per_h(self) -> float:
        """Return the first of the fast rates that the pump takes; its program is then loaded.

        Raises:
            NotTried: it takes none.
        """
        self.at_rest()
        for rate_ul_per_h in FAST_UL_PER_H:
            if self.pump.load(continuous(rate_ul_per_h)) is CommandResult.ACCEPTED:
                return rate_ul_per_h
        raise NotTried(f"the pump takes none of the rates {FAST_UL_PER_H} µL/h")

    # --- what is behind it ------------------------------------------------------------------------------------------
    def _open_clock(self) -> Clock:
        choice = self.file.clock
        if choice.control is not None:
            self.control = ControlLine.open(choice.control)
        if choice.mode is ClockMode.STEPPED and self.control is not None:
            return SteppedClock(self.control)
        return RunningClock(choice.speed)

    def _registers(self, asset: str) -> Registers:
        section = self.file.pump if asset == "pump" else self.file.rig
        line = self._lines.shared(
            section.address, ModbusLine, lambda: ModbusLine.open(section.address, section.timeout_s)
        )
        register_map = RegisterMap.find(section.map)
        unit_id = register_map.unit_id if section.unit_id is None else section.unit_id
        line.call_unit(unit_id, asset)
        return Registers(line, register_map, unit_id)

    def _belongs_to_another(self) -> bool:
        """Tell whether the lease is lost; a bench that nobody has taken yet is made safe, which needs no token."""
        if self.lease.lost is None and (seen := overtaken(self.rig)):
            self.lease.lost = LeaseLost(f"bench {self.file.bench.name}", "make it safe", seen, "see who else holds it")
        if self.lease.lost is None:
            return False
        if not self.lease.taken_by_another:
            self.rig.go_safe()
        return True

    def _refuse_real_hardware_on_another_clock(self) -> None:
        versions = [self.pump.identify().firmware_version, self.rig.identify().firmware_version]
        if self.clock.mode is not ClockMode.REAL and not all(version.endswith("-twin") for version in versions):
            seen = f"pump or rig is real hardware, the bench file asks for a {self.clock.mode} clock"
            raise BenchFault(f"bench {self.file.bench.name}", "move it", seen, "set clock.mode = 'real'")


def opened(asset: str, open_it: Callable[[], Observed]) -> Observed:
    """Return what `open_it` opens.

    Raises:
        NotTried: it cannot be opened.
    """
    try:
        return open_it()
    except (BenchFault, PlanError) as trouble:
        raise NotTried(f"the driver of the {asset} does not open: {trouble.finding}") from trouble


def continuous(rate_ul_per_h: float) -> Program:
    """Return a program of one rate."""
    return Program(Mode.CONTINUOUS, (Step(0, rate_ul_per_h),))


def refuse_other_drivers(file: BenchFile) -> None:
    """Refuse a bench whose devices hang on other wires than the rules are about.

    Raises:
        PlanError: one does.
    """
    words = {"pump": file.pump.driver, "rig": file.rig.driver, "balance": file.balance.dialect}
    wanted = {"pump": "modbus", "rig": "modbus", "balance": "mt-sics"}
    others = [f"{asset} is {word!r}" for asset, word in words.items() if word != wanted[asset]]
    if others:
        seen = f"the rules are about Modbus and MT-SICS; {', '.join(others)}"
        raise PlanError(f"bench file of {file.bench.name}", "try the rules", seen, "use `pumpbench doctor` alone")
