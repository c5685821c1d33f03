# SPDX-License-Identifier: Apache-2.0
"""A program in force that is not the one that was loaded is the pump's failure, at the beginning and at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from groundfloor.errors import PumpFailure
from tests.unit.scripted_bench import Scene, scene


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as made:
        yield made


def test_a_read_back_that_differs_is_the_pumps_failure_with_what_differs(at: Scene) -> None:
    at.bench.pump.reads_back_else = ("active_mode is flex, staged was constant",)
    control = PumpControl(at.setting, Judging(at.setting.run))
    with pytest.raises(PumpFailure, match=r"pump: load the program: its read-back differs: active_mode is flex"):
        control.program()
    assert at.verdicts == {"the pump takes the program and reads it back": "FAIL"}


def test_a_program_that_is_another_one_at_the_end_fails(at: Scene) -> None:
    control = PumpControl(at.setting, Judging(at.setting.run))
    control.program()
    control.judge_program_again()
    at.bench.pump.reads_back_else = ("active_mode is flex, staged was constant",)
    control.judge_program_again()
    first, good, bad = at.setting.run.assessment.judgements
    assert [str(one.verdict) for one in (first, good, bad)] == ["PASS", "PASS", "FAIL"]
    assert "active_mode is flex" in bad.reason
