# SPDX-License-Identifier: Apache-2.0
"""A time limit around a piece of work reaches down to the wire, whatever the device does or leaves undone."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline, time_limit
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.pump import Command
from instruments.rig import RigOutputs
from tests.sim.register_devices import Fate, PumpRegisters, RigRegisters, Served
from tests.sim.scripted_modbus import ScriptedRtu, ScriptedTcp, running
from tests.sim.stopwatch import Stopwatch

TIMEOUT_S = 5.0
LIMIT_S = 0.15
SLACK_S = 0.15


@contextmanager
def bounded() -> Iterator[None]:
    """The work fails, and within the limit."""
    watch = Stopwatch()
    with pytest.raises(BenchFault), time_limit(LIMIT_S):
        yield
    assert watch.own_s < LIMIT_S + SLACK_S


@pytest.mark.parametrize("wire", [ScriptedTcp, ScriptedRtu], ids=["tcp", "rtu"])
def test_reading_writing_and_commanding_a_device_that_fell_silent_end_with_the_limit(wire: type[ScriptedTcp]) -> None:
    served = Served(RigRegisters(), PumpRegisters())
    with running(wire(served)) as device, closing(ModbusLine.open(device.address, 0.5)) as line:
        rig, pump = ModbusRig(line, RigRegisters().map, 2), ModbusPump(line, PumpRegisters().map, 1)
    with running(wire(served)) as device, closing(ModbusLine.open(device.address, TIMEOUT_S)) as line:
        rig._line = pump._line = line
        served.mute = True
        served.fates = [Fate.LOST] * 20
        with bounded():
            rig.read()
        with bounded():
            rig.go_safe()
        with bounded():
            rig.write(RigOutputs())
        with bounded():
            pump.command(Command.STOP)


def test_a_deadline_made_inside_ends_with_the_limit_and_one_made_afterwards_does_not() -> None:
    with time_limit(0.5) as outer:
        with time_limit(60.0):
            assert Deadline(10.0).remaining_s() <= 0.5
        with time_limit(0.1):
            assert Deadline(10.0).limit_s <= 0.1
        assert Deadline(0.2).limit_s == pytest.approx(0.2)
        assert not outer.passed()
    assert Deadline(10.0).remaining_s() > 9.0
