# SPDX-License-Identifier: Apache-2.0
"""A rig that refuses our token is a lost bench at once: whatever way a session ends, no stop of its goes to the next.

The other session is on another computer: nothing on this one tells of it, only the rig does.
"""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.injectors import Catheter, Injectors
from bench.journal.unwritten_activities import UnwrittenActivities
from bench.lease import LeaseHeld, LeaseLost
from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.modbus.pump import ModbusPump
from instruments.modbus.registers import TAKEN, Registers
from instruments.modbus.rig import ModbusRig
from instruments.modbus.rig_lease import ModbusRigLease
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, PumpState
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.rig import RigOutputs
from instruments.rig_lease import HIGHEST_TOKEN
from instruments.simulated.rig.lease import MOST_TOKEN_STEP
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.bench_run import LIMIT_S
from tests.sim.twin_bench import TwinBench, twin_bench
from tests.sim.unsafe_process import unsafe_process

PROGRAM = Program(Mode.CONTINUOUS, (Step(0, 1000.0),))
LEFT_OPEN_PERCENT = 20.0


class Elsewhere:
    """A session on another computer that takes the rig, starts the pump and closes the clamp a little."""

    def __init__(self, line: ModbusLine) -> None:
        self._line = line
        self.pump = ModbusPump(line, RegisterMap.named("pump"), 1)
        self.rig = ModbusRig(line, RegisterMap.named("rig"), 2)
        self._lease = ModbusRigLease(line, RegisterMap.named("rig"), 2)

    def take(self) -> None:
        self._lease.kick("released by ben@lab-3")
        self.rig.fencing_token = self._lease.take(4711, "ben@lab-3:1", 3600)
        self.rig.arm_watchdog(3600)
        self.pump = ModbusPump(
            self._line, RegisterMap.named("pump"), 1
        )  # goes on from the numbers of the session before
        self.pump.command(Command.STOP)
        assert self.pump.load(PROGRAM) is CommandResult.ACCEPTED
        assert self.pump.command(Command.START) is CommandResult.ACCEPTED
        self.rig.write(RigOutputs(kink_clamp_percent=LEFT_OPEN_PERCENT))

    @property
    def undisturbed(self) -> bool:
        return (
            self.pump.read().state is PumpState.INFUSING
            and self.rig.outputs().kink_clamp_percent == LEFT_OPEN_PERCENT
            and not self.rig.guard_state().safe
        )


@contextmanager
def elsewhere(file: BenchFile) -> Iterator[Elsewhere]:
    with closing(ModbusLine.open(file.rig.address, 10.0)) as line:
        yield Elsewhere(line)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[TwinBench]:
    with twin_bench(tmp_path, TwinOptions()) as twin:
        yield twin


def moves_the_rig(bench: Bench) -> None:
    bench.rig.write(RigOutputs(leak_valve_percent=30.0))


def arms(bench: Bench) -> None:
    bench.rig.arm_watchdog(60)


def leaves(bench: Bench) -> None:
    bench.rig.leave_safe_state()


def stops(bench: Bench) -> None:
    bench.pump.command(Command.STOP)


def starts(bench: Bench) -> None:
    bench.pump.command(Command.START)


def kinks(bench: Bench) -> None:
    with Catheter(Injectors(bench, UnwrittenActivities(bench.clock))).kinked():
        pass


@pytest.mark.parametrize("first", [moves_the_rig, arms, leaves, stops, starts, kinks])
def test_the_first_refusal_of_our_token_is_the_loss_and_every_way_out_leaves_the_other_alone(
    table: TwinBench, first: Callable[[Bench], None]
) -> None:
    file = BenchFile.load(table.file())
    bench = Bench.open(file)
    bench.pump.load(PROGRAM)
    with elsewhere(file) as other:
        bench.rig.arm_watchdog(60)
        other.take()
        with pytest.raises(LeaseLost, match="has seen fencing token"):
            first(bench)
        assert bench.lease.lost is not None
        assert bench.poisoned
        with pytest.raises(LeaseLost):
            bench.pump.command(Command.STOP)
        bench.enter_safe_state()  # as at the end of each infusion and of the run
        bench.safe_state.enter_at_once()  # as on a second Ctrl-C
        bench.close()
        assert other.undisturbed


def test_a_session_that_has_not_asked_yet_leaves_the_other_alone_when_it_ends(table: TwinBench) -> None:
    file = BenchFile.load(table.file())
    with elsewhere(file) as other:
        with Bench.open(file) as bench:
            other.take()
        assert bench.lease.lost is not None
        assert other.undisturbed


def test_a_session_whose_bench_is_another_computers_is_not_resumed_and_stops_nothing(table: TwinBench) -> None:
    file = BenchFile.load(table.file())
    Bench.open(file).close()
    with elsewhere(file) as other:
        other.take()
        with pytest.raises(LeaseHeld, match="ben@lab-3:1 holds the rig"):
            Bench.open(file, reason="to resume")
        assert other.undisturbed


@pytest.mark.parametrize("twice", [False, True], ids=["once", "twice"])
def test_ctrl_c_stops_no_pump_of_another(tmp_path: Path, twice: bool) -> None:
    with twin_bench(tmp_path, TwinOptions(clock=ClockMode.SCALED, speed=10.0)) as twin:
        path = twin.file()
        with (
            elsewhere(BenchFile.load(path)) as other,
            unsafe_process(path, tmp_path, "swallows" if twice else "beats") as process,
        ):
            other.take()
            process.send_signal(signal.SIGINT)
            if twice:
                assert process.stdout is not None
                process.stdout.readline()
                process.send_signal(signal.SIGTERM)
            printed, errors = process.communicate(timeout=LIMIT_S)
            # a stop of its own would come too late by its number, and be told as one that failed
            assert "stop the pump" not in printed + errors
            assert other.undisturbed


def test_the_keeper_of_a_dead_session_stops_no_pump_of_another(tmp_path: Path) -> None:
    with twin_bench(tmp_path, TwinOptions(clock=ClockMode.SCALED, speed=10.0)) as twin:
        twin.content["rig"]["has_watchdog"] = False
        path = twin.file()
        with elsewhere(BenchFile.load(path)) as other, unsafe_process(path, tmp_path, "beats") as process:
            process.send_signal(signal.SIGSTOP)
            other.take()
            os.kill(process.pid, signal.SIGKILL)
            log, waited = tmp_path / "keeper.jsonl", 0
            while "stood back" not in log.read_text(encoding="ascii"):
                assert other.undisturbed
                waited += 1
                assert waited < 10_000
            assert other.undisturbed


# --- one write of the highest token -----------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [HIGHEST_TOKEN, HIGHEST_TOKEN - 1, MOST_TOKEN_STEP + 100])
@pytest.mark.parametrize("point", ["fencing_token", "actuators", "lease"])
def test_no_single_write_locks_the_sessions_out(table: TwinBench, token: int, point: str) -> None:
    file = BenchFile.load(table.file())
    with closing(ModbusLine.open(file.rig.address, 10.0)) as line:
        rig, lease = (
            ModbusRig(line, RegisterMap.named("rig"), 2, fencing_token=token),
            Registers(line, RegisterMap.named("rig"), 2),
        )
        if point == "actuators":
            with pytest.raises(WriteRefused, match="exception 3"):
                rig.write(RigOutputs())
        elif point == "fencing_token":
            assert lease.write({"fencing_token": token}) != TAKEN
        else:
            values: dict[str, Value] = {
                "lease_token": token,
                "lease_session": 5,
                "lease_expires_s": 60,
                "lease_holder": "stray",
            }
            assert lease.write(values) != TAKEN
    with Bench.open(file) as bench:
        assert bench.rig.fencing_token < 10
