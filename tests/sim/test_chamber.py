# SPDX-License-Identifier: Apache-2.0
"""The chamber over the wire: ordered by the holder alone, shown by its own sensors, off in the safe state."""

from collections.abc import Iterator

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from groundfloor.errors import BenchFault, PlanError
from instruments.chamber import OFF, chamber_of
from instruments.modbus.rig import ModbusRig
from instruments.register_map.map import RegisterMap
from tests.sim.conformance_trial import twin
from tests.sim.first_kind_twin import FIRST_KIND_PROGRAM
from tests.sim.register_devices import Fate
from tests.sim.scripted_modbus import ScriptedTcp
from tests.sim.test_modbus_rig import Table, a_table

ROOM_C, SETTLED_S = 21.0, 1000.0


@pytest.fixture
def table() -> Iterator[Table]:
    with a_table(ScriptedTcp) as one:
        one.rig.fencing_token = 3
        yield one


@pytest.fixture
def bench() -> Iterator[Bench]:
    with twin() as file, Bench.open(file) as one:
        yield one


@pytest.mark.parametrize("fate", [Fate.SILENT, Fate.LOST, Fate.UNCONFIRMED])
def test_an_order_carries_its_token_and_is_sent_again_until_it_is_taken(table: Table, fate: Fate) -> None:
    table.served.fates = [fate]
    table.rig.order_chamber(37.0, OFF)
    names = ("chamber_token", "chamber_temperature_c", "chamber_pressure_hpa")
    assert [table.registers.get(name) for name in names] == [3, 37.0, 0.0]


def test_a_map_with_a_part_of_the_chamber_is_refused(table: Table) -> None:
    points = [one for one in table.registers.map.points.values() if one.name != "chamber_pressure_measured_hpa"]
    half = RegisterMap("rig", "", 2, points, table.registers.map.list_lengths)
    with pytest.raises(PlanError, match="chamber_pressure_measured_hpa"):
        ModbusRig(table.line, half, 2)


def test_its_sensors_show_what_was_ordered_and_the_safe_state_leaves_the_pump_to_the_room(bench: Bench) -> None:
    chamber = chamber_of(bench.rig)
    chamber.order_chamber(40.0, 760.0)
    bench.scheduler.pass_for(SETTLED_S)
    reading = chamber.read_chamber()
    assert (reading.temperature_c, reading.air_pressure_hpa) == pytest.approx((40.0, 760.0), abs=0.1)
    bench.enter_safe_state()
    bench.scheduler.pass_for(SETTLED_S)
    assert chamber.read_chamber().temperature_c == pytest.approx(ROOM_C, abs=2.0)


def test_a_climate_out_of_its_range_changes_nothing_and_a_stale_token_is_refused(bench: Bench) -> None:
    chamber, rig = chamber_of(bench.rig), bench.rig
    with pytest.raises(BenchFault):
        chamber.order_chamber(90.0, OFF)
    bench.scheduler.pass_for(SETTLED_S)
    assert chamber.read_chamber().temperature_c == pytest.approx(ROOM_C, abs=2.0)
    rig.fencing_token -= 1
    with pytest.raises(BenchFault, match="fencing token"):
        chamber.order_chamber(40.0, OFF)


def test_a_bench_without_a_chamber_says_so_by_name() -> None:
    with twin(program=FIRST_KIND_PROGRAM) as served:
        file: BenchFile = served.model_copy(update={"rig": served.rig.model_copy(update={"map": "rig-1"})})
        with Bench.open(file) as bench:
            assert not bench.rig.abilities().chamber
            with pytest.raises(BenchFault, match="this rig has no chamber"):
                chamber_of(bench.rig).order_chamber(40.0, OFF)
