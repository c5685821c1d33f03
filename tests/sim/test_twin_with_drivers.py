# SPDX-License-Identifier: Apache-2.0
"""The real twin and the real drivers, on every wire that the twin offers."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import pytest

from groundfloor.errors import PlanError
from instruments.balance_access import BalanceAccess
from instruments.control_line_client import ControlLine
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, PumpState
from instruments.register_map.map import RegisterMap
from instruments.rig import RigOutputs
from instruments.sics.balance import SicsBalance
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import PROGRAM, TwinChild
from instruments.simulated.twin.twin_options import TwinOptions, Wire
from instruments.simulated.wires.twin_addresses import TwinAddresses
from tests.sim.foreign_modbus_server import FOREIGN_PROGRAM

HOUR_US = 3_600_000_000
RATE_UL_PER_H = 500.0


@dataclass(frozen=True)
class Bench:
    addresses: TwinAddresses
    control: ControlLine
    pump: ModbusPump
    rig: ModbusRig
    balance: SicsBalance


@contextmanager
def bench(options: TwinOptions, program: tuple[str, ...] = PROGRAM) -> Iterator[Bench]:
    with ExitStack() as ends:
        addresses = ends.enter_context(TwinChild(options, program))
        control = ControlLine.open(addresses.control)
        ends.callback(control.close)
        lines = [ModbusLine.open(address, timeout_s=0.5) for address in (addresses.pump, addresses.rig)]
        for line in lines:
            ends.callback(line.close)
        balance = SicsBalance.open(BalanceAccess(addresses.balance, timeout_s=2.0), quiet_s=0.01)
        ends.callback(balance.close)
        pump_map, rig_map = RegisterMap.named("pump"), RegisterMap.named("rig")
        pump = ModbusPump(lines[0], pump_map, pump_map.unit_id)
        rig = ModbusRig(lines[1], rig_map, rig_map.unit_id, fencing_token=1)
        yield Bench(addresses, control, pump, rig, balance)


WIRES = [
    pytest.param(Wire.TCP, PROGRAM, id="tcp"),
    pytest.param(Wire.PTY, PROGRAM, id="pty"),
    pytest.param(Wire.TCP, FOREIGN_PROGRAM, id="foreign"),
]


@pytest.mark.parametrize(("wire", "program"), WIRES)
def test_an_hour_of_infusion_is_programmed_delivered_and_weighed(wire: Wire, program: tuple[str, ...]) -> None:
    with bench(TwinOptions(wire=wire), program) as there:
        assert there.pump.identify().serial_number == there.addresses.pump_serial
        assert there.rig.identify().serial_number == there.addresses.rig_serial
        assert there.balance.identify().serial_number == there.addresses.balance_serial
        assert there.balance.checksummed

        assert there.pump.load(Program(Mode.CONTINUOUS, (Step(0, RATE_UL_PER_H),))) is CommandResult.ACCEPTED
        assert there.pump.command(Command.START) is CommandResult.ACCEPTED
        there.control.advance_to_us(HOUR_US)
        before, mass_before_g = there.pump.read(), there.balance.read_mass_g().mass_g
        there.control.advance_to_us(2 * HOUR_US)
        after, mass_after_g = there.pump.read(), there.balance.read_mass_g().mass_g

        assert after.state is PumpState.INFUSING
        assert after.counter_ul - before.counter_ul == pytest.approx(RATE_UL_PER_H, rel=0.01)
        assert (mass_after_g - mass_before_g) * 1000 == pytest.approx(RATE_UL_PER_H, rel=0.05)
        there.rig.write(RigOutputs(kink_clamp_percent=100.0))
        assert there.rig.outputs() == RigOutputs(kink_clamp_percent=100.0)


def test_a_rate_that_the_pump_does_not_promise_is_refused_over_the_wire() -> None:
    with bench(TwinOptions()) as there:
        assert there.pump.load(Program(Mode.CONTINUOUS, (Step(0, 1e6),))) is CommandResult.RATE_OUT_OF_RANGE


def test_a_rig_whose_heartbeat_stops_goes_to_its_safe_state_by_itself_in_running_time() -> None:
    with bench(TwinOptions(clock=ClockMode.SCALED, speed=100)) as there:
        there.rig.write(RigOutputs(kink_clamp_percent=100.0))
        there.rig.send_heartbeat()
        there.rig.arm_watchdog(5)
        start_us = there.control.now_us()
        while there.control.now_us() < start_us + 10_000_000:
            pass
        assert there.rig.read().watchdog_tripped
        assert there.rig.outputs().kink_clamp_percent == 0.0


def test_two_twins_of_one_seed_tell_the_bench_the_same() -> None:
    told = []
    for _ in range(2):
        with bench(TwinOptions(seed=3)) as there:
            there.control.advance_to_us(HOUR_US)
            told.append((there.pump.read(), there.rig.read(), there.balance.read_mass_g()))
    assert told[0] == told[1]


def test_an_unknown_model_or_defect_is_told_when_the_twin_is_started() -> None:
    for options, seen in [(TwinOptions(model="tin-can"), "tin-can"), (TwinOptions(defects=("gremlins",)), "gremlins")]:
        with pytest.raises(PlanError, match=seen), TwinChild(options):
            pass
