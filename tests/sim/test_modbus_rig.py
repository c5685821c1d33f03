# SPDX-License-Identifier: Apache-2.0
"""The rig driver over real sockets and ptys, against a rig of bare registers."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest

from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import MOST_WRITES, ModbusRig
from instruments.rig import RigIdentity, RigOutputs
from instruments.rig_abilities import PumpHold, RigAbilities
from tests.readings import rig_reading
from tests.sim.register_devices import Fate, PumpRegisters, RigRegisters, Served
from tests.sim.scripted_modbus import ScriptedRtu, ScriptedTcp, running

TIMEOUT_S = 0.08
KINKED = RigOutputs(kink_clamp_percent=99.9, leak_valve_percent=12.5, supply_voltage_mv=3300, magnet_field=True)


over_tcp = pytest.mark.parametrize("table", [ScriptedTcp], indirect=True, ids=["tcp"])
"""For tests in which the wire plays no part."""


@dataclass
class Table:
    """What stands on this test's table; pump and rig share the line."""

    served: Served
    registers: RigRegisters
    line: ModbusLine
    rig: ModbusRig


@contextmanager
def a_table(kind: Callable[[Served], ScriptedTcp | ScriptedRtu], name: str = "rig") -> Iterator[Table]:
    registers = RigRegisters(name)
    served = Served(registers, PumpRegisters())
    with running(kind(served)) as device:
        line = ModbusLine.open(device.address, TIMEOUT_S)
        rig = ModbusRig(line, registers.map, registers.unit_id)
        served.reads.clear()
        yield Table(served, registers, line, rig)
        line.close()


@pytest.fixture(params=[ScriptedTcp, ScriptedRtu], ids=["tcp", "rtu"])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    with a_table(request.param) as one:
        yield one


@pytest.fixture
def first_kind() -> Iterator[Table]:
    """A rig of the first kind: it holds no pump, numbers no order, and takes any token."""
    with a_table(ScriptedTcp, "rig-1") as one:
        yield one


def test_it_says_who_it_is(table: Table) -> None:
    assert table.rig.identify() == RigIdentity("Rig", "R-1", "2.0-twin")


def test_a_snapshot_is_one_request_and_holds_every_value_scaled(table: Table) -> None:
    table.registers.put({"disconnect_valve_open": True, "supply_voltage_measured_mv": 3301, "watchdog_tripped": True})
    assert table.rig.read() == rig_reading(
        kink_clamp_position_percent=0.0,
        disconnect_valve_open=True,
        leak_valve_position_percent=0.0,
        magnet_field_present=False,
        supply_voltage_measured_mv=3301,
        outlet_pressure_kpa=0.5,
        temperature_c=22.5,
        air_pressure_hpa=1013.25,
        humidity_percent=45.0,
        watchdog_tripped=True,
        heartbeat_age_s=1.25,
    )
    assert len(table.served.reads) == 1


@over_tcp
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_sensor_that_gives_no_number_is_a_bench_fault_that_names_it(table: Table, value: float) -> None:
    table.registers.put({"outlet_pressure_kpa": value})
    with pytest.raises(BenchFault, match="rig: read: outlet_pressure_kpa is"):
        table.rig.read()


@over_tcp
@pytest.mark.parametrize("name", ["temperature_c", "air_pressure_hpa", "humidity_percent"])
def test_a_sensor_of_the_room_that_gives_no_number_is_passed_on_for_whoever_needs_it(table: Table, name: str) -> None:
    table.registers.put({name: math.nan})
    assert math.isnan(getattr(table.rig.read(), name))


def test_all_actuators_go_out_in_one_request_with_the_next_token(table: Table) -> None:
    table.rig.write(KINKED)
    (request,) = table.served.writes
    assert (request.address, request.count) == (0, 8)
    assert table.registers.get("fencing_token") == 70001
    assert table.rig.outputs() == KINKED


@over_tcp
def test_a_forced_token_is_used(table: Table) -> None:
    ModbusRig(table.line, table.registers.map, 2, fencing_token=90000).write(KINKED)
    assert table.registers.get("fencing_token") == 90000


@over_tcp
def test_whoever_lost_the_bench_cannot_write(table: Table) -> None:
    ModbusRig(table.line, table.registers.map, 2, fencing_token=80000).write(RigOutputs())
    with pytest.raises(WriteRefused, match=r"rig: write outputs: exception 3 .* with fencing token 70001"):
        table.rig.write(KINKED)
    assert table.rig.outputs() == RigOutputs()


@over_tcp
def test_whoever_lost_the_bench_may_go_safe_but_neither_leave_nor_disarm(table: Table) -> None:
    ModbusRig(table.line, table.registers.map, 2, fencing_token=80000).write(RigOutputs())
    table.registers.put({"watchdog_timeout_s": 60})
    table.rig.go_safe()
    with pytest.raises(WriteRefused, match="exception 3"):
        table.rig.leave_safe_state()
    with pytest.raises(WriteRefused, match="the rig has seen fencing token 80000, ours is 70001"):
        table.rig.arm_watchdog(0)
    assert (table.registers.get("safe_state"), table.registers.get("watchdog_timeout_s")) == (True, 60)


@over_tcp
def test_outputs_that_were_not_taken_are_a_bench_fault_that_names_them(table: Table) -> None:
    taken = table.registers.write

    def stubborn(address: int, words: list[int]) -> None:
        taken(address, words)
        table.registers.put({"kink_clamp_percent": 0.0})

    table.registers.write = stubborn  # type: ignore[method-assign,assignment]  # a rig whose clamp output is dead
    with pytest.raises(
        BenchFault, match=r"rig: write outputs: read-back differs: kink_clamp_percent is 0\.0, told was 99\.9"
    ):
        table.rig.write(KINKED)


def test_an_unconfirmed_write_that_was_taken_is_accepted_and_not_repeated(table: Table) -> None:
    table.served.fates = [Fate.UNCONFIRMED]
    table.rig.write(KINKED)
    assert len(table.served.writes) == 1


LOST_ON_THE_WAY = pytest.mark.parametrize("fate", [Fate.LOST, Fate.SILENT])


@LOST_ON_THE_WAY
@pytest.mark.parametrize("lost", [1, MOST_WRITES - 1])
def test_an_order_that_was_lost_is_sent_again_under_its_old_number(table: Table, fate: Fate, lost: int) -> None:
    table.served.fates = [fate] * lost
    table.rig.write(KINKED)
    assert table.rig.outputs() == KINKED
    assert [request.words for request in table.served.writes] == [table.served.writes[0].words] * (lost + 1)
    assert table.registers.get("actuator_sequence") == 1


@over_tcp
def test_an_order_that_is_lost_each_time_is_a_bench_fault_and_its_number_is_not_used_again(table: Table) -> None:
    table.served.fates = [Fate.SILENT] * MOST_WRITES
    with pytest.raises(BenchFault, match=r"read-back differs: .*fencing_token is 70000, .*exception 11.*sent 5 times"):
        table.rig.write(KINKED)
    assert len(table.served.writes) == MOST_WRITES
    table.rig.write(RigOutputs())
    assert table.registers.get("actuator_sequence") == 2


@over_tcp
@pytest.mark.parametrize("copies", [1, MOST_WRITES])
def test_a_late_copy_of_an_order_moves_nothing_behind_a_later_one(table: Table, copies: int) -> None:
    """The gateway says 0x0B, and delivers all the same when the clamp was opened again."""
    table.served.fates = [Fate.HELD_BACK] * copies
    with suppress(BenchFault):
        table.rig.write(KINKED)
    table.rig.write(RigOutputs())
    table.served.deliver()
    assert table.rig.outputs() == RigOutputs()


@over_tcp
def test_a_late_copy_of_leaving_the_safe_state_leaves_it_no_second_time(table: Table) -> None:
    table.served.fates = [Fate.HELD_BACK]
    table.rig.leave_safe_state()
    table.rig.write(RigOutputs())
    table.rig.go_safe()
    table.served.deliver()
    assert table.registers.get("safe_state") is True


@over_tcp
def test_numbers_go_on_from_those_of_whoever_wrote_under_the_same_token_before(table: Table) -> None:
    table.registers.put({"fencing_token": 70001, "actuator_sequence": 65535})
    table.rig.write(KINKED)
    assert table.registers.get("actuator_sequence") == 1
    assert table.rig.outputs() == KINKED


def test_a_rig_that_numbers_no_orders_is_sent_each_once_and_the_fault_says_why(first_kind: Table) -> None:
    first_kind.served.fates = [Fate.SILENT]
    with pytest.raises(BenchFault, match=r"exception 11 .*not sent again: the rig's map has no actuator_sequence"):
        first_kind.rig.write(KINKED)
    assert len(first_kind.served.writes) == 1
    first_kind.rig.write(KINKED)
    assert first_kind.rig.outputs() == KINKED


def test_what_a_rig_can_do_is_told(table: Table) -> None:
    assert table.rig.abilities() == RigAbilities(
        PumpHold.REPEATED,
        2.5,
        numbers_orders=True,
        most_token_step=1000,
        patient_button=True,
        drug_sensor=True,
        sound=True,
        refill_port=True,
        chamber=True,
        outlet_lift=True,
        mid_catheter_valve=True,
        sensor_relay=True,
    )
    assert table.rig.abilities().lacks == ()


def test_what_a_rig_of_the_first_kind_cannot_do_is_told(first_kind: Table) -> None:
    assert first_kind.rig.abilities() == RigAbilities()
    assert [phrase.partition(",")[0] for phrase in first_kind.rig.abilities().lacks] == [
        "it stops the pump once and does not hold it",
        "it does not number orders",
        "any token is taken",
    ]


@over_tcp
def test_a_rig_that_was_built_for_another_map_is_refused_at_opening(table: Table) -> None:
    table.registers.put({"most_token_step": 0})
    with pytest.raises(BenchFault, match="most_token_step is 0, which no rig of this map says"):
        ModbusRig(table.line, table.registers.map, 2)


@over_tcp
@pytest.mark.parametrize(
    "outputs", [RigOutputs(kink_clamp_percent=-0.1), RigOutputs(supply_voltage_mv=70000), RigOutputs(math.nan)]
)
def test_an_output_that_no_register_holds_is_a_plan_error_and_nothing_is_sent(
    table: Table, outputs: RigOutputs
) -> None:
    with pytest.raises(PlanError, match="cannot"):
        table.rig.write(outputs)
    assert table.served.writes == []


def test_every_beat_is_another_value_than_the_one_before(table: Table) -> None:
    for _ in range(3):
        table.rig.send_heartbeat()
    assert table.registers.heartbeats == [65535, 0, 1]


@pytest.mark.parametrize("fate", [Fate.LOST, Fate.UNCONFIRMED])
def test_one_lost_beat_is_made_good(table: Table, fate: Fate) -> None:
    table.served.fates = [fate]
    table.rig.send_heartbeat()
    assert set(table.registers.heartbeats) == {65535}


def test_the_watchdog_is_armed_and_read_back(table: Table) -> None:
    table.rig.arm_watchdog(30)
    assert table.registers.get("watchdog_timeout_s") == 30
    assert len(table.served.reads) == 2  # whose token counts, and what was taken


@over_tcp
@pytest.mark.parametrize("timeout_s", [-1, 65536])
def test_a_watchdog_time_that_no_register_holds_is_a_plan_error(table: Table, timeout_s: int) -> None:
    with pytest.raises(PlanError, match="watchdog_timeout_s"):
        table.rig.arm_watchdog(timeout_s)


def test_the_safe_state_is_reached_even_when_one_write_is_lost(table: Table) -> None:
    table.served.fates = [Fate.LOST]
    table.rig.go_safe()
    assert table.registers.get("safe_state") is True
    table.rig.leave_safe_state()
    assert table.registers.get("safe_state") is False


@over_tcp
def test_a_safe_state_that_is_not_taken_is_a_bench_fault(table: Table) -> None:
    table.registers.write = lambda address, words: None  # type: ignore[method-assign]  # a deaf rig
    with pytest.raises(BenchFault, match="rig: go to the safe state: read-back differs: safe_state is False"):
        table.rig.go_safe()


def test_pump_and_rig_share_one_line(table: Table) -> None:
    pump = ModbusPump(table.line, PumpRegisters().map, 1)
    for _ in range(3):
        assert pump.read().battery_percent == 87.5
        assert table.rig.read().temperature_c == 22.5
        table.rig.send_heartbeat()


def test_a_unit_that_is_not_there_is_a_bench_fault_that_names_it(table: Table) -> None:
    with pytest.raises(BenchFault, match=r"other rig at .* unit 9: read fencing_token … watchdog_timeout_s: no reply"):
        ModbusRig(table.line, table.registers.map, 9, asset="other rig")


@over_tcp
def test_a_map_without_a_point_is_a_plan_error_that_names_it(table: Table) -> None:
    whole = table.registers.map
    lacking = type(whole)("rig", "", 2, [p for p in whole.points.values() if p.name != "magnet_field"], {})
    with pytest.raises(PlanError, match="magnet_field"):
        ModbusRig(table.line, lacking, 2)
