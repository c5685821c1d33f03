# SPDX-License-Identifier: Apache-2.0
"""A twin that answers in the call: what only asks leaves it as it was, so that a crash behind it is no other crash."""

import pytest

from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.pump import PumpState
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from instruments.simulated.twin.twin_options import TwinOptions
from tests.campaigns.crash.counted_wire import CountedWire, Exchange, Wire, _Port


def _state(wire: CountedWire) -> object:
    devices = {"pump": wire.twin.pump, "rig": wire.twin.rig}
    shown = {
        name: device.read([point.name for point in RegisterMap.named(name).points.values() if "r" in point.access])
        for name, device in devices.items()
    }
    return shown, wire.twin.cell.weigh(), wire.time.now_us()


@pytest.mark.parametrize("asked", ["SIC1", "SI", "I2", "I3", "I4", "I5", "I11", "TA", "M28", "C0"])
def test_a_balance_that_was_asked_is_what_it_was(asked: str) -> None:
    wire = CountedWire(TwinOptions())
    wire.time.step_to_us(5_000_000)
    seen: list[Exchange] = []
    wire.watch = lambda exchange, _where: seen.append(exchange)
    before = _state(wire)
    port = _Port(wire)
    port.write(asked.encode() + b"\r\n")
    assert port.read(1.0)
    assert _state(wire) == before
    assert wire.taken == 0
    assert [(one.wire, one.changes) for one in seen] == [(Wire.BALANCE, False)] * 2


def test_registers_that_were_read_are_what_they_were_and_the_drivers_read_them() -> None:
    wire = CountedWire(TwinOptions())
    with wire.in_place():
        line = ModbusLine.open(wire.addresses.pump, timeout_s=1.0)
        pump_map, rig_map = RegisterMap.named("pump"), RegisterMap.named("rig")
        before = _state(wire)
        assert ModbusPump(line, pump_map, pump_map.unit_id).read().state is PumpState.STOPPED
        assert not ModbusRig(line, rig_map, rig_map.unit_id).read().watchdog_tripped
        assert _state(wire) == before
    assert wire.taken == 0
    assert {point.table for point in pump_map.points.values()} >= {Table.INPUT, Table.HOLDING}
