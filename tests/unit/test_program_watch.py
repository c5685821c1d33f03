# SPDX-License-Identifier: Apache-2.0
"""The program in force is read back while the pump runs, and one that is another by then ends the infusion."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.infusion.judging import Judging
from bench.infusion.program_watch import NAME, ProgramWatch
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from groundfloor.errors import NoAnswer, PumpFailure
from instruments.program import Program
from tests.unit.scripted_bench import Scene, scene

HOUR_S = 3600.0
OTHER = ("active_steps[0].rate_ul_per_h is 50.0, staged was 41.6667",)


@dataclass
class Table:
    """A pump that was started at 0 s and is sampled every 30 s."""

    scene: Scene
    control: PumpControl
    watch: ProgramWatch

    def pass_until(self, instant_s: float) -> None:
        self.scene.bench.scheduler.pass_until(instant_s)

    @property
    def read_back_at_s(self) -> list[float]:
        return [line.t_s for line in self.scene.lines() if line.kind == "program-read-back"]


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with scene(tmp_path) as at:
        session, judging = SamplingSession(at.setting), Judging(at.setting.run)
        control = PumpControl(at.setting, judging)
        watch = ProgramWatch(at.setting, control, judging)
        session.sampling.samples.subscribe(watch.on_sample)
        session.begin()
        control.start()
        session.start()
        yield Table(at, control, watch)


def test_it_is_read_back_at_first_then_once_an_hour_and_after_each_command(table: Table) -> None:
    table.pass_until(1.5 * HOUR_S)
    assert table.read_back_at_s == [0.0, HOUR_S]
    table.control.stop()
    table.control.start()
    table.pass_until(2.4 * HOUR_S)
    assert table.read_back_at_s == [0.0, HOUR_S, 1.5 * HOUR_S + 30.0]
    table.pass_until(2.6 * HOUR_S)
    assert table.scene.bench.pump.times_read_back == table.watch.times == 4
    table.watch.judge()
    assert table.scene.verdicts[NAME] == "PASS"


def test_a_program_that_is_another_one_in_mid_run_fails_the_pump_and_ends_the_infusion(table: Table) -> None:
    table.pass_until(0.5 * HOUR_S)
    table.scene.bench.pump.reads_back_else = OTHER
    with pytest.raises(PumpFailure, match=r"keep its program: its read-back differs: active_steps\[0\]"):
        table.pass_until(HOUR_S)
    table.pass_until(3 * HOUR_S)
    table.watch.judge()
    assert table.scene.verdicts[NAME] == "FAIL"
    assert table.scene.bench.pump.times_read_back == 2  # the way to the safe state is free


def test_what_was_read_before_an_interruption_counts_and_one_that_differed_is_read_again_at_once(
    table: Table, tmp_path: Path
) -> None:
    table.pass_until(HOUR_S)
    lines = [line for line in table.scene.lines() if line.kind == "program-read-back"]
    (tmp_path / "resumed").mkdir()
    with scene(tmp_path / "resumed") as again:
        judging = Judging(again.setting.run)
        watch = ProgramWatch(again.setting, PumpControl(again.setting, judging), judging)
        for line in lines:
            assert (line.data["infusion"], line.data["differences"]) == ("I-0001", [])
            watch.recall(line)
        watch.judge()
        assert watch.times == 2
        assert again.verdicts == {NAME: "PASS"}


def test_a_pump_that_does_not_answer_is_asked_again_at_the_next_sample(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = [True]
    read = table.scene.bench.pump.differences

    def differences(program: Program) -> tuple[str, ...]:
        if silent:
            silent.pop()
            raise NoAnswer("pump", "read the program back", "nothing came")
        return read(program)

    monkeypatch.setattr(table.scene.bench.pump, "differences", differences)
    table.pass_until(100.0)
    assert table.read_back_at_s == [30.0]
