# SPDX-License-Identifier: Apache-2.0
"""A rig that was built before it could hold the pump, number orders and limit tokens works, and says what it lacks."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.conformance import Outcome, try_rules
from bench.preflight.check_state import CheckState
from bench.preflight.registers_check import RegistersCheck
from groundfloor.errors import BenchFault
from groundfloor.exit_code import ExitCode
from instruments.modbus.line import ModbusLine
from instruments.modbus.registers import TAKEN, Registers
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, PumpState
from instruments.register_map.map import RegisterMap
from instruments.rig import RigOutputs
from instruments.rig_abilities import RigAbilities
from instruments.rig_lease import HIGHEST_TOKEN
from tests.sim.conformance_trial import EMPTY, SCALED, differing, not_ok, twin
from tests.sim.first_kind_twin import FIRST_KIND_PROGRAM
from tests.sim.second_terminal import pumpbench


@pytest.fixture
def file(tmp_path: Path) -> Iterator[BenchFile]:
    with twin(program=FIRST_KIND_PROGRAM) as served:
        yield served.model_copy(update={"rig": served.rig.model_copy(update={"map": "rig-1"})})


def test_it_is_opened_moved_and_made_safe_as_ever_with_a_keeper_beside_it(file: BenchFile, tmp_path: Path) -> None:
    with Bench.open(file, folder=tmp_path) as bench:
        assert bench.rig.abilities() == RigAbilities()
        assert (tmp_path / "keeper.jsonl").exists()
        bench.pump.load(Program(Mode.CONTINUOUS, (Step(0, 500.0),)))
        bench.rig.arm_watchdog(60)
        assert bench.pump.command(Command.START) is CommandResult.ACCEPTED
        bench.rig.write(RigOutputs(kink_clamp_percent=100.0))
        bench.enter_safe_state()
        assert bench.rig.outputs() == RigOutputs()
        assert bench.pump.read().state is PumpState.STOPPED


def test_the_pre_flight_warns_of_what_it_lacks(file: BenchFile) -> None:
    with Bench.open(file) as bench:
        told = RegistersCheck(bench.pump, bench.rig).run()
    assert told.state is CheckState.WARN
    assert told.seen.count(";") == 3


def test_the_rules_that_it_cannot_keep_are_not_tried_and_say_what_follows(file: BenchFile) -> None:
    findings = try_rules(file, move=True)
    assert not differing(findings), not_ok(findings)
    assert set(not_ok(findings)) == {SCALED, EMPTY, *(f"R-{number}" for number in range(84, 95))}
    seen = {finding.rule.number: finding.seen for finding in findings if finding.outcome is Outcome.NOT_TRIED}
    assert "a keeper has to watch the pump" in seen["R-84"]


def test_a_rig_of_the_first_kind_under_the_map_of_another_is_refused_before_anything_is_written(
    file: BenchFile,
) -> None:
    other = file.model_copy(update={"rig": file.rig.model_copy(update={"map": "rig"})})
    with pytest.raises(BenchFault, match="most_token_step is 0, which no rig of this map says"):
        Bench.open(other)


def test_a_rig_whose_tokens_one_write_used_up_is_told_so_by_name(file: BenchFile, tmp_path: Path) -> None:
    with closing(ModbusLine.open(file.rig.address, 10.0)) as line:
        assert Registers(line, RegisterMap.named("rig-1"), 2).write({"fencing_token": HIGHEST_TOKEN}) == TAKEN
    with pytest.raises(BenchFault, match=r"none comes after 4294967295: no session can take .*set the token back at"):
        Bench.open(file)
    path = tmp_path / "bench.toml"
    file.write(path)
    doctor = pumpbench("doctor", str(path))
    assert doctor.returncode == ExitCode.NOT_TESTED
    assert "no session can take this rig" in " ".join(doctor.stdout.split())
