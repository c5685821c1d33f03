# SPDX-License-Identifier: Apache-2.0
"""A pump that asks for a session code, over the wire: with its code, without one, and with a map that has no place."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bench.simulated_bench import simulated_bench
from groundfloor.errors import BenchFault, PlanError
from instruments.device_access import DeviceAccess
from instruments.drivers.modbus import ModbusPumpDriver
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, PumpState
from instruments.register_map.map import RegisterMap
from instruments.session_code import ShownCode, sends_unproven
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.twin_addresses import TwinAddresses
from tests.sim.warm_twin import WarmTwin

PROGRAM = Program(Mode.CONTINUOUS, (Step(0, 50.0),))


@pytest.fixture
def twin() -> Iterator[TwinAddresses]:
    with WarmTwin(TwinOptions(model="implantable-20ml-no-catheter-sensor")) as addresses:
        yield addresses


def opened(twin: TwinAddresses, ends: ExitStack, code: int | None) -> ModbusPump:
    line = ModbusLine.open(twin.pump, timeout_s=5.0)
    ends.callback(line.close)
    return ModbusPump(line, RegisterMap.named("pump"), 1, session_code=code)


def test_commands_are_taken_with_the_code_of_the_bench_file_and_none_without(twin: TwinAddresses) -> None:
    code = simulated_bench(twin).pump.access.session_code
    assert code is not None
    with ExitStack() as ends:
        pump = opened(twin, ends, code)
        assert pump.load(PROGRAM) is CommandResult.ACCEPTED
        for shown in ShownCode:
            sends_unproven(pump).send_unproven(Command.START, shown)
            assert pump.read().state is PumpState.STOPPED
        assert pump.command(Command.START) is CommandResult.ACCEPTED
        sends_unproven(pump).send_unproven(Command.PRIME, ShownCode.WRONG, 10.0)
        assert pump.read().state is PumpState.INFUSING


@pytest.mark.parametrize(("code", "why"), [(None, "the bench file has none"), (7, "is not the one of the bench file")])
def test_a_bench_without_the_right_code_is_told_where_to_write_it(
    twin: TwinAddresses, code: int | None, why: str
) -> None:
    with ExitStack() as ends:
        pump = opened(twin, ends, code)
        with pytest.raises(BenchFault, match=rf"asks for a session code, and .*{why}.*\[pump\] session_code"):
            pump.load(PROGRAM)
        assert pump.command(Command.STOP) is CommandResult.ACCEPTED


def test_a_driver_that_knows_no_code_cannot_leave_it_out(twin: TwinAddresses) -> None:
    with ExitStack() as ends:
        pump = opened(twin, ends, None)
        with pytest.raises(BenchFault, match="knows no session code"):
            pump.send_unproven(Command.START, ShownCode.NONE)
    with pytest.raises(BenchFault, match="knows no session code"):
        sends_unproven(object())


def test_a_code_that_the_map_has_no_place_for_is_refused() -> None:
    access = DeviceAccess("tcp://127.0.0.1:1", "examples/twelve-registers/map.toml", session_code=7)
    with pytest.raises(PlanError, match="names a session code, and the map has no point session_code"):
        ModbusPumpDriver().check_map(access)
