# SPDX-License-Identifier: Apache-2.0
"""The patient's button over the wire: pressed once whatever the wire does, by the holder alone, and felt."""

from collections.abc import Iterator

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.infusion.button_press import AskedBy, ButtonPress, ask
from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.rig import ModbusRig
from instruments.patient_button import button_of
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult
from instruments.register_map.map import RegisterMap
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.conformance_trial import twin
from tests.sim.first_kind_twin import FIRST_KIND_PROGRAM
from tests.sim.register_devices import Fate
from tests.sim.scripted_modbus import ScriptedTcp
from tests.sim.test_modbus_rig import Table, a_table

WITHIN_S = 60.0
PROGRAM = Program(
    Mode.CONTINUOUS, (Step(0, 40.0),), ptm_volume_ul=2.0, ptm_duration_s=60, ptm_lockout_s=3600, ptm_max_per_day=4
)


@pytest.fixture
def table() -> Iterator[Table]:
    with a_table(ScriptedTcp) as one:
        one.rig.fencing_token = 3
        yield one


@pytest.fixture
def bench() -> Iterator[Bench]:
    with twin() as file, Bench.open(file) as one:
        one.pump.load(PROGRAM)
        one.rig.arm_watchdog(60)
        one.pump.command(Command.START)
        yield one


def test_a_press_carries_token_and_the_next_number_in_one_request(table: Table) -> None:
    table.registers.put({"press_number": 65535})
    table.rig.press_patient_button()
    assert len(table.served.writes) == 1
    assert (table.registers.get("press_token"), table.registers.get("press_number")) == (3, 1)


@pytest.mark.parametrize("fate", [Fate.SILENT, Fate.LOST, Fate.UNCONFIRMED])
def test_a_press_that_was_not_confirmed_keeps_its_number(table: Table, fate: Fate) -> None:
    table.served.fates = [fate]
    table.rig.press_patient_button()
    assert table.registers.get("press_number") == 1
    assert len({one.pdu for one in table.served.writes}) == 1


def test_a_map_with_a_part_of_the_button_is_refused(table: Table) -> None:
    points = [point for point in table.registers.map.points.values() if point.name != "button_presses"]
    half = RegisterMap("rig", "", 2, points, table.registers.map.list_lengths)
    with pytest.raises(PlanError, match="button_presses"):
        ModbusRig(table.line, half, 2)


def test_a_press_is_felt_and_its_outcome_is_what_the_pump_logs(bench: Bench) -> None:
    before = bench.pump.read()
    assert ask(bench, AskedBy.BUTTON, before, WITHIN_S) is CommandResult.ACCEPTED
    assert button_of(bench.rig).patient_button_presses() == 1
    assert ask(bench, AskedBy.BUTTON, bench.pump.read(), WITHIN_S) is CommandResult.LOCKOUT
    assert [one.outcome for one in bench.pump.bolus_log(before.bolus_log_count)] == ["accepted", "lockout"]


def test_a_press_with_a_stale_token_presses_nothing(bench: Bench) -> None:
    rig = bench.rig
    rig.fencing_token -= 1
    with pytest.raises(BenchFault):
        button_of(rig).press_patient_button()
    rig.fencing_token += 1
    assert button_of(rig).patient_button_presses() == 0


def test_a_button_that_does_not_move_is_the_rigs_trouble() -> None:
    with twin(TwinOptions(defects=("dead_patient_button",))) as file, Bench.open(file) as bench:
        with pytest.raises(BenchFault, match="its sensor has felt 0 presses"):
            ask(bench, AskedBy.BUTTON, bench.pump.read(), WITHIN_S)
        assert bench.pump.read().bolus_log_count == 0


def test_a_bench_without_a_button_says_so_by_name() -> None:
    with twin(program=FIRST_KIND_PROGRAM) as served:
        file: BenchFile = served.model_copy(update={"rig": served.rig.model_copy(update={"map": "rig-1"})})
        with Bench.open(file) as bench:
            with pytest.raises(BenchFault, match="this rig has no patient button"):
                ButtonPress(bench).require()
            with pytest.raises(BenchFault, match="this rig has no patient button"):
                button_of(bench.rig).press_patient_button()
