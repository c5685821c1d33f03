# SPDX-License-Identifier: Apache-2.0
"""Outlet lift and mid-catheter valve over the wire: fenced, numbered, seen by their own sensors, safe at every end."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.injectors.failed_sensor import FAILED_SENSOR
from bench.injectors.moved_outlet import OUTLET_LOWERED, OUTLET_RAISED, outlet_moved_by
from bench.injectors.torn_catheter import TORN_CATHETER
from groundfloor.errors import BenchFault, PlanError
from instruments.catheter_line import CatheterLineState, catheter_line_of
from instruments.modbus.rig import ModbusRig
from instruments.register_map.map import RegisterMap
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.conformance_trial import twin
from tests.sim.first_kind_twin import FIRST_KIND_PROGRAM
from tests.sim.register_devices import Fate
from tests.sim.scripted_modbus import ScriptedTcp
from tests.sim.test_modbus_rig import Table, a_table

MOVED = CatheterLineState(outlet_lift_kpa=-3.5, mid_valve_open=True, sensor_line_open=True)
TRAVEL_S = 5.0


@pytest.fixture
def table() -> Iterator[Table]:
    with a_table(ScriptedTcp) as one:
        one.rig.fencing_token = 3
        yield one


@pytest.fixture
def bench() -> Iterator[Bench]:
    with twin() as file, Bench.open(file) as one:
        one.rig.arm_watchdog(60)
        yield one


def test_an_order_carries_token_number_and_positions_in_one_request(table: Table) -> None:
    table.registers.put({"line_number": 65535})
    table.rig.order_catheter_line(MOVED)
    assert len(table.served.writes) == 1
    names = ("line_token", "line_number", "outlet_lift_kpa", "mid_catheter_valve", "sensor_relay")
    assert [table.registers.get(name) for name in names] == [3, 1, -3.5, True, True]


@pytest.mark.parametrize("fate", [Fate.SILENT, Fate.LOST, Fate.UNCONFIRMED])
def test_an_order_that_was_not_confirmed_keeps_its_number(table: Table, fate: Fate) -> None:
    table.served.fates = [fate]
    table.rig.order_catheter_line(MOVED)
    assert table.registers.get("line_number") == 1
    assert len({one.pdu for one in table.served.writes}) == 1


def test_a_map_with_an_actuator_and_without_its_sensor_is_refused(table: Table) -> None:
    points = [point for point in table.registers.map.points.values() if point.name != "outlet_lift_measured_kpa"]
    half = RegisterMap("rig", "", 2, points, table.registers.map.list_lengths)
    with pytest.raises(PlanError, match="outlet_lift_measured_kpa"):
        ModbusRig(table.line, half, 2)


def test_a_map_may_have_the_lift_alone(table: Table) -> None:
    of_the_others = ("mid_catheter_valve", "mid_catheter_valve_open", "sensor_relay", "sensor_line_open")
    points = [point for point in table.registers.map.points.values() if point.name not in of_the_others]
    rig = ModbusRig(table.line, RegisterMap("rig", "", 2, points, table.registers.map.list_lengths), 2)
    able = rig.abilities()
    assert (able.outlet_lift, able.mid_catheter_valve, able.sensor_relay) == (True, False, False)
    with pytest.raises(BenchFault, match="this rig has no mid-catheter valve"):
        TORN_CATHETER.require(rig)
    with pytest.raises(BenchFault, match="this rig has no sensor relay"):
        FAILED_SENSOR.require(rig)


def test_one_injector_of_the_line_leaves_the_others_where_they_are(bench: Bench) -> None:
    line = catheter_line_of(bench.rig)
    for fault, state in (
        (FAILED_SENSOR, CatheterLineState(sensor_line_open=True)),
        (TORN_CATHETER, CatheterLineState(sensor_line_open=True, mid_valve_open=True)),
        (OUTLET_LOWERED, CatheterLineState(OUTLET_LOWERED.whole_kpa, mid_valve_open=True, sensor_line_open=True)),
    ):
        fault.order(bench.rig, 100.0)
        assert line.ordered_catheter_line().outlet_lift_kpa == pytest.approx(state.outlet_lift_kpa, abs=0.01)
        assert replace(line.ordered_catheter_line(), outlet_lift_kpa=state.outlet_lift_kpa) == state
    bench.scheduler.pass_for(TRAVEL_S)
    assert FAILED_SENSOR.observed_percent_of(bench.rig) == 100.0


def test_the_outlet_moves_and_two_sensors_tell_it(bench: Bench) -> None:
    line, before_kpa = catheter_line_of(bench.rig), bench.rig.read().outlet_pressure_kpa
    line.order_catheter_line(MOVED)
    bench.scheduler.pass_for(TRAVEL_S)
    assert line.observed_catheter_line() == MOVED
    assert bench.rig.read().outlet_pressure_kpa - before_kpa == pytest.approx(-3.5, abs=0.1)


def test_a_stale_token_moves_nothing(bench: Bench) -> None:
    line = catheter_line_of(bench.rig)
    bench.rig.fencing_token -= 1
    with pytest.raises(BenchFault):
        line.order_catheter_line(MOVED)
    bench.rig.fencing_token += 1
    assert line.ordered_catheter_line() == CatheterLineState()


def test_the_rigs_own_safe_state_brings_both_to_rest_and_holds_them_there(bench: Bench) -> None:
    line = catheter_line_of(bench.rig)
    line.order_catheter_line(MOVED)
    bench.scheduler.pass_for(TRAVEL_S)
    bench.rig.go_safe()
    bench.scheduler.pass_for(TRAVEL_S)
    assert line.observed_catheter_line() == CatheterLineState()
    with pytest.raises(BenchFault):
        line.order_catheter_line(MOVED)


def test_the_benchs_way_to_the_safe_state_brings_both_to_rest(bench: Bench) -> None:
    line = catheter_line_of(bench.rig)
    line.order_catheter_line(MOVED)
    bench.scheduler.pass_for(TRAVEL_S)
    bench.enter_safe_state()
    assert line.ordered_catheter_line() == CatheterLineState()
    bench.scheduler.pass_for(TRAVEL_S)
    assert line.observed_catheter_line() == CatheterLineState()


def test_a_lift_whose_sensor_echoes_is_told_by_the_pressure_at_the_outlet(bench: Bench) -> None:
    before = bench.rig.read()
    stays, moves = before, replace(before, outlet_pressure_kpa=before.outlet_pressure_kpa + 2.9)
    fault, percent = outlet_moved_by(3.0)
    assert fault is OUTLET_RAISED
    assert fault.contradicted(before, moves, percent) == ""
    assert "the pressure at the outlet moved by +0.00 kPa" in fault.contradicted(before, stays, percent)
    assert OUTLET_LOWERED.contradicted(before, moves, OUTLET_LOWERED.percent_of(-3.0))


def test_a_dead_lift_is_the_rigs_trouble() -> None:
    with twin(TwinOptions(defects=("dead_outlet_lift",))) as file, Bench.open(file) as bench:
        bench.rig.arm_watchdog(60)
        OUTLET_RAISED.order(bench.rig, 50.0)
        bench.scheduler.pass_for(TRAVEL_S)
        assert OUTLET_RAISED.observed_percent_of(bench.rig) == 0.0


def test_a_bench_without_them_says_so_by_name() -> None:
    with twin(program=FIRST_KIND_PROGRAM) as served:
        file: BenchFile = served.model_copy(update={"rig": served.rig.model_copy(update={"map": "rig-1"})})
        with Bench.open(file) as bench:
            with pytest.raises(BenchFault, match="this rig has no outlet lift"):
                OUTLET_RAISED.require(bench.rig)
            with pytest.raises(BenchFault, match="this rig has no mid-catheter valve"):
                TORN_CATHETER.require(bench.rig)
            with pytest.raises(BenchFault, match="this rig has no sensor relay"):
                FAILED_SENSOR.require(bench.rig)
            bench.enter_safe_state()
