# SPDX-License-Identifier: Apache-2.0
"""Nothing that moves fluid is done twice, nothing is done late, and what a write did is found out by reading back.

The witness is the pump itself: `recording_twin.py` writes down each command that is really carried out.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import sleep

import pytest

from groundfloor.errors import BenchFault, NoAnswer
from instruments.control_line_client import ControlLine
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.staged_program import StagedProgram
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, CommandUnknown, PumpState
from instruments.register_map.map import RegisterMap
from instruments.rig import RigOutputs
from instruments.simulated.wires.fault_proxy import FaultProxy
from instruments.simulated.wires.wire_fault import Direction, FaultKind, WireFault
from tests.sim.disturbed_twin import LONGEST_FAULT_S, TIMEOUT_S, DisturbedTwin, disturbed_twin
from tests.sim.recording_twin import Activity, activities, recording_program

ROUNDS = 12
RATE = 0.15
THERAPY = Program(
    Mode.CONTINUOUS, (Step(0, 500.0),), ptm_volume_ul=2.0, ptm_duration_s=60, ptm_lockout_s=60, ptm_max_per_day=24
)
FLUID = (Command.START, Command.PATIENT_BOLUS, Command.STOP)


class Script:
    """A schedule with the faults that a test wants, in this order; then none."""

    def __init__(self, *faults: WireFault | None) -> None:
        self.faults = list(faults)

    def next(self) -> WireFault | None:
        return self.faults.pop(0) if self.faults else None


def fault(kind: FaultKind, *, late_s: float = 0.0, variant: int = 0) -> WireFault:
    return WireFault(kind, late_s, 0.5, variant, b"\x00")


def arrange(proxy: FaultProxy, way: Direction, *faults: WireFault | None) -> None:
    """Let the next messages on a new connection meet these faults."""
    proxy._schedules[way] = Script(*faults)  # type: ignore[assignment]  # it does what a schedule does


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "activities"


def test_over_bad_wires_every_command_is_carried_out_once_at_most_and_in_order(record: Path) -> None:
    told: list[tuple[Command, CommandResult | None]] = []
    with disturbed_twin(11, RATE, program=recording_program(record)) as twin:
        twin.both(lambda one: one.pump.load(THERAPY))
        start = len(activities(record))
        for _ in range(ROUNDS):
            for command in FLUID:
                told.append((command, carried_out(twin, command)))
                twin.pass_time(90)
        with twin.wires.calm():
            assert twin.seen.pump.command(Command.STOP) is CommandResult.ACCEPTED
        sleep(2 * LONGEST_FAULT_S)  # whatever is still on its way arrives
        assert twin.true.pump.read().state is PumpState.STOPPED
        boluses = twin.true.pump.read().bolus_log_count
        assert len(twin.faults) > ROUNDS
    done = activities(record)[start:]
    numbers = [activity.sequence for activity in done]
    assert numbers == sorted(set(numbers))
    assert len([activity for activity in done if activity.command == "patient_bolus"]) == boluses
    check_each(told, done)


def carried_out(twin: DisturbedTwin, command: Command) -> CommandResult | None:
    try:
        return twin.seen.pump.command(command)
    except CommandUnknown:
        return None
    except NoAnswer:
        return CommandResult.NONE  # not sent


def check_each(told: list[tuple[Command, CommandResult | None]], done: list[Activity]) -> None:
    """Compare what the driver was told of each command with what the pump did under its number."""
    by_number = {activity.sequence: activity for activity in done}
    first = done[0].sequence
    for number, (command, result) in enumerate(told, first):
        activity = by_number.get(number)
        if result is CommandResult.NONE:
            assert activity is None
        elif result is not None:
            assert activity == Activity(number, command, result)


def test_programs_are_loaded_as_they_were_meant_or_not_at_all(record: Path) -> None:
    loaded = 0
    with disturbed_twin(12, RATE, program=recording_program(record)) as twin:
        points = twin.true.pump._points
        for number in range(30):
            program = Program(Mode.CONTINUOUS, (Step(0, 100.0 + number),))
            try:
                accepted = twin.seen.pump.load(program) is CommandResult.ACCEPTED
            except BenchFault:
                continue
            assert accepted
            loaded += 1
            assert not StagedProgram(program, points).differences(twin.true.pump._read(points.active), "active_")
    assert loaded > 10


def test_outputs_that_were_told_without_an_error_are_what_the_rig_has() -> None:
    done = 0
    with disturbed_twin(13, RATE) as twin:
        for number in range(60):
            wanted = RigOutputs(kink_clamp_percent=float(number))
            before = twin.true.rig.outputs()
            try:
                twin.seen.rig.write(wanted)
            except BenchFault:
                assert twin.true.rig.outputs() in (before, wanted)
                continue
            done += 1
            assert twin.true.rig.outputs() == wanted
            sleep(LONGEST_FAULT_S / 20)
    assert done > 30


def until_told(tell: Callable[[], object]) -> None:
    """Say it until it was answered: on a busy machine the twin may be later than the short time-out of these lines."""
    for _ in range(100):
        with suppress(BenchFault):
            tell()
            return
    tell()


def test_the_safe_state_is_reached_or_it_is_told_that_it_was_not() -> None:
    safe = 0
    with disturbed_twin(14, RATE) as twin:
        twin.both(lambda one: one.pump.load(THERAPY))
        for _ in range(25):
            with twin.wires.calm():
                until_told(lambda: twin.seen.rig.write(RigOutputs(kink_clamp_percent=50.0)))
                until_told(lambda: twin.seen.pump.command(Command.START))
            try:
                twin.seen.rig.go_safe()
            except BenchFault:
                pass
            else:
                safe += 1
                assert twin.true.rig.outputs() == RigOutputs()
                assert twin.true.pump.read().state is PumpState.STOPPED
            with twin.wires.calm():
                twin.seen.rig.leave_safe_state()
    assert safe > 15


def test_a_beat_that_was_told_without_an_error_was_heard() -> None:
    with disturbed_twin(15, RATE) as twin:
        for _ in range(80):
            twin.pass_time(10)
            try:
                twin.seen.rig.send_heartbeat()
            except BenchFault:
                continue
            assert twin.true.rig.read().heartbeat_age_s == 0


# --- one fault, where it hurts most ---------------------------------------------------------------------------------


@pytest.fixture
def running(record: Path) -> Iterator[tuple[DisturbedTwin, FaultProxy, Path]]:
    """A pump that is loaded and stopped, over a wire without chance."""
    with disturbed_twin(16, 0.0, program=recording_program(record)) as twin:
        (proxy,) = twin.wires.pump_and_rig
        twin.seen.pump.load(THERAPY)
        yield twin, proxy, record


@contextmanager
def anew(twin: DisturbedTwin) -> Iterator[ModbusPump]:
    """A pump driver on a connection of its own, which meets the faults arranged before."""
    points = RegisterMap.named("pump")
    with closing(ModbusLine.open(twin.wires.addresses.pump, TIMEOUT_S)) as line:
        yield ModbusPump(line, points, points.unit_id)


def starts(record: Path) -> int:
    return sum(activity.command == "start" for activity in activities(record))


@pytest.mark.parametrize("variant", [0, 1, 2], ids=["before it", "in the midst", "right behind it"])
def test_a_reset_around_the_request_starts_the_pump_once_or_not_at_all(
    running: tuple[DisturbedTwin, FaultProxy, Path], variant: int
) -> None:
    twin, proxy, record = running
    arrange(proxy, Direction.TO_DEVICE, None, None, fault(FaultKind.RESET, variant=variant))
    with anew(twin) as pump:
        try:
            assert pump.command(Command.START) is CommandResult.ACCEPTED
            wanted = 1
        except CommandUnknown:
            wanted = 0
        assert starts(record) == wanted == (variant == 2)
        assert (twin.true.pump.read().state is PumpState.INFUSING) is (wanted == 1)


@pytest.mark.parametrize("variant", [0, 1, 2])
def test_a_request_that_comes_twice_gives_one_bolus(
    running: tuple[DisturbedTwin, FaultProxy, Path], variant: int
) -> None:
    twin, proxy, record = running
    twin.seen.pump.command(Command.START)
    arrange(proxy, Direction.TO_DEVICE, None, None, fault(FaultKind.DUPLICATE, late_s=TIMEOUT_S, variant=variant))
    with anew(twin) as pump:
        assert pump.command(Command.PATIENT_BOLUS) is CommandResult.ACCEPTED
        sleep(2 * TIMEOUT_S)
        assert twin.true.pump.read().bolus_log_count == 1
        assert [activity.command for activity in activities(record)].count("patient_bolus") == 1


def test_a_start_that_arrives_behind_the_stop_does_not_start_the_pump(
    running: tuple[DisturbedTwin, FaultProxy, Path],
) -> None:
    twin, proxy, record = running
    late_s = 6 * TIMEOUT_S
    arrange(proxy, Direction.TO_DEVICE, None, None, fault(FaultKind.DELAY, late_s=late_s))
    with anew(twin) as pump:
        with pytest.raises(CommandUnknown):
            pump.command(Command.START)
        arrange(proxy, Direction.TO_DEVICE)
        assert pump.command(Command.STOP) is CommandResult.ACCEPTED
        sleep(late_s)
        assert starts(record) == 0
        assert twin.true.pump.read().state is PumpState.STOPPED


def test_a_start_whose_late_copy_arrives_behind_the_stop_starts_the_pump_once(
    running: tuple[DisturbedTwin, FaultProxy, Path],
) -> None:
    twin, proxy, record = running
    arrange(proxy, Direction.TO_DEVICE, None, None, fault(FaultKind.DUPLICATE, late_s=4 * TIMEOUT_S, variant=2))
    with anew(twin) as pump:
        assert pump.command(Command.START) is CommandResult.ACCEPTED
        assert pump.command(Command.STOP) is CommandResult.ACCEPTED
        sleep(6 * TIMEOUT_S)
        assert starts(record) == 1
        assert twin.true.pump.read().state is PumpState.STOPPED
        with closing(ControlLine.open(twin.wires.addresses.control)) as control:
            control.advance_to_us(control.now_us() + 3_600_000_000)
        assert twin.true.pump.read().counter_ul == 0.0


def functions_sent(pump: ModbusPump) -> list[int]:
    """Return a list that grows by the function code of each request that goes out from now on."""
    functions: list[int] = []
    client = pump._line._wire._client
    send = client.send

    def noted(request: bytes, addr: tuple[str, int] | None = None) -> int:
        functions.append(request[7])
        return send(request, addr)

    client.send = noted  # type: ignore[method-assign]  # listens only
    return functions


@pytest.mark.parametrize("way", list(Direction))
@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.HALF, FaultKind.WRONG_UNIT, FaultKind.GARBAGE])
def test_after_an_unconfirmed_command_the_next_request_is_the_read_back(
    running: tuple[DisturbedTwin, FaultProxy, Path], way: Direction, kind: FaultKind
) -> None:
    twin, proxy, record = running
    arrange(proxy, way, None, None, fault(kind, variant=2))
    with anew(twin) as pump:
        functions = functions_sent(pump)
        try:
            result = pump.command(Command.START)
        except CommandUnknown:
            result = None
        assert functions[0] == 16
        assert functions.count(16) == 1
        assert set(functions[1:]) == {4}
        assert (result is CommandResult.ACCEPTED) is (way is Direction.TO_BENCH)
        assert starts(record) == (way is Direction.TO_BENCH)
