# SPDX-License-Identifier: Apache-2.0
"""A bench that hangs between arming and its command, wakes when the rig has gone safe, gives it and dies.

The command is accepted: it was on its way when the bench last looked, and nobody looks afterwards. The pump must stand
all the same: by the rig, which holds it for as long as it is safe, or by a keeper where the rig stops it only once.
"""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.safety.keeper.keeper import LOOK_EVERY_S
from bench.therapy import Continuous
from instruments.control_line_client import ControlLine
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, PumpState
from instruments.register_map.map import RegisterMap
from instruments.rig_abilities import PumpHold
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.twin_bench import TwinBench, twin_bench
from tests.sim.unsafe_process import unsafe_process

WATCHDOG_S = 60
HANGS_S = 61.0
PROGRAM = Program(
    Mode.CONTINUOUS,
    (Step(0, 1000.0),),
    bolus_volume_ul=50.0,
    bolus_duration_s=120,
    ptm_volume_ul=5.0,
    ptm_duration_s=60,
    ptm_lockout_s=60,
    ptm_max_per_day=24,
)
LIMIT_S = 30.0
"""Of the machine's time, for what has to come."""
SPEED = 40.0


def start(pump: ModbusPump) -> CommandResult:
    return pump.command(Command.START)


def prime(pump: ModbusPump) -> CommandResult:
    return pump.command(Command.PRIME, 100.0)


def single_bolus(pump: ModbusPump) -> CommandResult:
    return pump.command(Command.SINGLE_BOLUS)


def bolus_mode(pump: ModbusPump) -> CommandResult:
    """A start that is a bolus at once."""
    pump.load(Program(Mode.SINGLE_BOLUS, (), bolus_volume_ul=50.0, bolus_duration_s=120))
    return pump.command(Command.START)


COMMANDS = [start, prime, single_bolus, bolus_mode]


@contextmanager
def past_the_bench(file: BenchFile) -> Iterator[ModbusPump]:
    """The pump over a line of its own: what went out on it nobody holds back any more."""
    points = RegisterMap.named("pump")
    with closing(ModbusLine.open(file.pump.address, 10.0)) as line:
        yield ModbusPump(line, points, points.unit_id)


def dies(bench: Bench) -> None:
    """Let go of everything as a process does that is killed: nothing is put back."""
    bench.lease._store._lock.free()
    bench.lease.leave_rig = lambda: None  # type: ignore[method-assign]
    bench._close_lines()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("resumed", [False, True], ids=["first", "resumed"])
def test_what_is_started_behind_the_time_out_stands_by_the_rig_alone(
    tmp_path: Path, command: Callable[[ModbusPump], CommandResult], resumed: bool
) -> None:
    with twin_bench(tmp_path, TwinOptions()) as twin:
        bench = Bench.open(BenchFile.load(twin.file()))
        if resumed:
            dies(bench)
            bench = Bench.open(bench.file)
        limit_s = bench.rig.abilities().pump_hold_limit_s
        assert bench.rig.abilities().pump_hold is PumpHold.LINE
        assert bench.pump.load(PROGRAM) is CommandResult.ACCEPTED
        bench.rig.arm_watchdog(WATCHDOG_S)
        bench.clock.sleep_until(bench.clock.now_s() + HANGS_S)
        with past_the_bench(bench.file) as pump:
            assert command(pump) is CommandResult.ACCEPTED
            dies(bench)
            assert_stands(twin, pump, limit_s)


def assert_stands(twin: TwinBench, pump: ModbusPump, limit_s: float) -> None:
    """Let an hour go by: the pump stands when its limit is over, and gives nothing afterwards."""
    with closing(ControlLine.open(twin.content["clock"]["control"])) as control:
        control.advance_to_us(control.now_us() + round(limit_s * 1e6))
        assert pump.read().state is PumpState.STOPPED
        before_ul = pump.read().counter_ul
        control.advance_to_us(control.now_us() + 3_600_000_000)
    assert pump.read().counter_ul == before_ul
    assert before_ul <= 1.0


def test_a_rig_that_stops_the_pump_once_lets_it_run_and_says_so(tmp_path: Path) -> None:
    """What the tests above would look like without the hold; the defect stands for a rig that has none."""
    with twin_bench(tmp_path, TwinOptions(defects=("rig_stops_once",))) as twin:
        bench = Bench.open(BenchFile.load(twin.file()), folder=tmp_path)
        assert not bench.rig.abilities().holds_pump
        assert bench._kept_rig.keeper is not None, "nobody would watch the pump"
        bench.pump.load(PROGRAM)
        bench.rig.go_safe()
        with past_the_bench(bench.file) as pump:
            assert start(pump) is CommandResult.ACCEPTED
            assert pump.read().state is PumpState.INFUSING
        bench.enter_safe_state()
        bench.close()


# --- the same with a keeper in place of the hold ----------------------------------------------------------------------


@contextmanager
def kept(folder: Path, *defects: str) -> Iterator[BenchFile]:
    options = TwinOptions(clock=ClockMode.SCALED, speed=SPEED, defects=defects)
    with twin_bench(folder, options) as twin:
        twin.content["rig"]["timeout_s"] = twin.content["pump"]["timeout_s"] = 2.0
        twin.content["rig"]["has_watchdog"] = "no_watchdog" not in defects
        yield BenchFile.load(twin.file())


def logged(folder: Path, what: str) -> int:
    path = folder / "keeper.jsonl"
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return sum(json.loads(line)["what"] == what for line in lines)


def wait_for(condition: Callable[[], bool]) -> float:
    begun_s = time.monotonic()
    while not condition():
        assert time.monotonic() < begun_s + LIMIT_S
        time.sleep(0.02)
    return time.monotonic() - begun_s


@pytest.mark.parametrize("command", COMMANDS)
def test_where_the_rig_does_not_hold_the_pump_the_keeper_stops_it_again(
    tmp_path: Path, command: Callable[[ModbusPump], CommandResult]
) -> None:
    with kept(tmp_path, "no_watchdog", "rig_stops_once") as file:
        with unsafe_process(tmp_path / "bench.toml", tmp_path, "beats") as process:
            process.send_signal(signal.SIGSTOP)  # it hangs
            wait_for(lambda: logged(tmp_path, "watching the pump") == 1)
            with past_the_bench(file) as pump:
                pump.load(PROGRAM)
                assert command(pump) is CommandResult.ACCEPTED
                process.kill()
                took_s = wait_for(lambda: pump.read().state is PumpState.STOPPED)
            wait_for(lambda: logged(tmp_path, "pump ran") >= 1)
            assert took_s < LOOK_EVERY_S + 10.0  # this machine is busy
        end_keeper(tmp_path)


def test_the_keeper_that_watches_the_pump_leaves_it_to_whoever_takes_the_bench(tmp_path: Path) -> None:
    with kept(tmp_path, "no_watchdog", "rig_stops_once") as file:
        with unsafe_process(tmp_path / "bench.toml", tmp_path, "beats") as process:
            process.kill()
            wait_for(lambda: logged(tmp_path, "watching the pump") == 1)
        (tmp_path / "keeper.jsonl").rename(tmp_path / "first.jsonl")
        with Bench.open(file) as bench:
            bench.pump.load(Continuous(1000.0).program(0.0))
            bench.rig.arm_watchdog(3600)
            bench.pump.command(Command.START)
            wait_for(lambda: logged(tmp_path, "stood back") == 1)
            assert bench.pump.read().state is PumpState.INFUSING


def test_a_keeper_leaves_a_rig_that_holds_the_pump_in_its_safe_state_and_ends(tmp_path: Path) -> None:
    with kept(tmp_path, "no_watchdog") as file:
        with unsafe_process(tmp_path / "bench.toml", tmp_path, "beats") as process:
            process.send_signal(signal.SIGSTOP)
            wait_for(lambda: logged(tmp_path, "made safe") == 1)
            with past_the_bench(file) as pump:
                assert start(pump) is CommandResult.ACCEPTED
                assert pump.read().state is PumpState.STOPPED
            process.kill()
        assert not logged(tmp_path, "watching the pump")
        with Bench.open(file) as bench:  # and the next session moves it as ever
            assert not bench.rig.guard_state().safe


def end_keeper(folder: Path) -> None:
    """End a keeper that watches for longer than a test wants to; its process id stands in its log."""
    first = json.loads((folder / "keeper.jsonl").read_text(encoding="ascii").splitlines()[0])
    os.kill(int(first["pid"]), signal.SIGKILL)
