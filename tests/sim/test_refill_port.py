# SPDX-License-Identifier: Apache-2.0
"""The refill port over the wire: an order moves once whatever the wire does, by the holder alone, and is measured."""

from collections.abc import Iterator

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.rig import ModbusRig
from instruments.refill_port import RefillPort, RefillReading, port_of
from instruments.register_map.map import RegisterMap
from tests.sim.conformance_trial import twin
from tests.sim.first_kind_twin import FIRST_KIND_PROGRAM
from tests.sim.register_devices import Fate
from tests.sim.scripted_modbus import ScriptedTcp
from tests.sim.test_modbus_rig import Table, a_table

FULL_UL = 20_000.0
LEFT_UL = 20.0


@pytest.fixture
def table() -> Iterator[Table]:
    with a_table(ScriptedTcp) as one:
        one.rig.fencing_token = 3
        yield one


@pytest.fixture
def bench() -> Iterator[Bench]:
    with twin() as file, Bench.open(file) as one:
        yield one


def moved(bench: Bench, volume_ul: float) -> RefillReading:
    port = port_of(bench.rig)
    port.order_refill(needle_in=True, volume_ul=0.0)
    settled(bench, port)
    port.order_refill(needle_in=True, volume_ul=volume_ul)
    return settled(bench, port)


def settled(bench: Bench, port: RefillPort) -> RefillReading:
    while (reading := port.read_refill_port()).busy:
        bench.scheduler.pass_for(1.0)
    return reading


def test_an_order_carries_token_number_needle_and_volume_in_one_request(table: Table) -> None:
    table.registers.put({"refill_number": 65535})
    table.rig.order_refill(needle_in=True, volume_ul=-50.0)
    assert len(table.served.writes) == 1
    names = ("refill_token", "refill_number", "refill_needle", "refill_volume_ul")
    assert [table.registers.get(name) for name in names] == [3, 1, True, -50.0]


@pytest.mark.parametrize("fate", [Fate.SILENT, Fate.LOST, Fate.UNCONFIRMED])
def test_an_order_that_was_not_confirmed_keeps_its_number(table: Table, fate: Fate) -> None:
    table.served.fates = [fate]
    table.rig.order_refill(needle_in=True, volume_ul=0.0)
    assert table.registers.get("refill_number") == 1
    assert len({one.pdu for one in table.served.writes}) == 1


def test_a_map_with_a_part_of_the_port_is_refused(table: Table) -> None:
    points = [point for point in table.registers.map.points.values() if point.name != "refill_busy"]
    half = RegisterMap("rig", "", 2, points, table.registers.map.list_lengths)
    with pytest.raises(PlanError, match="refill_busy"):
        ModbusRig(table.line, half, 2)


def test_all_that_comes_out_is_measured_and_what_goes_in_as_well(bench: Bench) -> None:
    assert moved(bench, -1e6).moved_ul == pytest.approx(-(FULL_UL - LEFT_UL))
    assert moved(bench, 500.0).moved_ul == pytest.approx(500.0)
    assert moved(bench, -1e6).moved_ul == pytest.approx(-500.0)


def test_the_safe_state_stops_the_drive_and_takes_the_needle_out(bench: Bench) -> None:
    port = port_of(bench.rig)
    moved(bench, 0.0)
    port.order_refill(needle_in=True, volume_ul=-9000.0)
    bench.scheduler.pass_for(10.0)
    bench.enter_safe_state()
    reading = settled(bench, port)
    assert not reading.needle_in
    assert moved(bench, -1e6).moved_ul == pytest.approx(-(FULL_UL - LEFT_UL - 3000.0))


def test_nothing_moves_without_the_needle_nor_with_a_stale_token(bench: Bench) -> None:
    port, rig = port_of(bench.rig), bench.rig
    with pytest.raises(BenchFault):
        port.order_refill(needle_in=True, volume_ul=100.0)
    rig.fencing_token -= 1
    with pytest.raises(BenchFault):
        port.order_refill(needle_in=True, volume_ul=0.0)
    rig.fencing_token += 1
    assert port.read_refill_port() == RefillReading(needle_in=False, moved_ul=0.0, busy=False)


def test_a_bench_without_a_port_says_so_by_name() -> None:
    with twin(program=FIRST_KIND_PROGRAM) as served:
        file: BenchFile = served.model_copy(update={"rig": served.rig.model_copy(update={"map": "rig-1"})})
        with Bench.open(file) as bench:
            assert not bench.rig.abilities().refill_port
            with pytest.raises(BenchFault, match="this rig has no refill port"):
                port_of(bench.rig).order_refill(needle_in=True, volume_ul=0.0)
