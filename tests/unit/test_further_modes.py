# SPDX-License-Identifier: Apache-2.0
"""A therapy mode and a sampled value that pumpbench does not list: what they take, and what they cannot get past."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import instruments
from groundfloor.errors import PlanError
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.reading_points import ReadingPoints
from instruments.program import Mode, Program, Step
from instruments.pump import CommandResult
from instruments.register_map.map import RegisterMap
from instruments.simulated.pump.program_staging import ProgramStaging
from instruments.simulated.specimen.pump_model import PumpModel

FURTHER = "alternating"


def with_mode(folder: Path, name: str) -> RegisterMap:
    """Return the shipped map with one more mode."""
    shipped = (Path(instruments.__file__).parent / "maps" / "pump.toml").read_text(encoding="utf-8")
    assert shipped.count("minimum_rate = 6 }") == 2
    (folder / "pump.toml").write_text(shipped.replace("= 6 }", f"= 6, {name} = 7 }}"), encoding="utf-8")
    return RegisterMap.load(folder / "pump.toml")


def test_a_mode_that_is_not_listed_is_one_and_the_same_wherever_it_is_said() -> None:
    mode = Mode(FURTHER)
    assert mode is Mode(FURTHER)
    assert pickle.loads(pickle.dumps(mode)) is mode
    assert mode == FURTHER
    assert mode not in list(Mode)
    assert Mode("flex") is Mode.FLEX
    assert Program(mode, (Step(0, 1.0),)) == Program(Mode(FURTHER), (Step(0, 1.0),))


@pytest.mark.parametrize("word", ["", "Two Words", 7, None, "a-b"])
def test_what_is_no_word_is_no_mode(word: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid Mode"):
        Mode(word)


def test_a_map_may_name_a_mode_of_its_own_and_no_slip_of_the_pen(tmp_path: Path) -> None:
    PumpPoints(with_mode(tmp_path, FURTHER))
    with pytest.raises(PlanError, match=r"mode names 'minimum_rat', .*did you mean 'minimum_rate'\?"):
        PumpPoints(with_mode(tmp_path, "minimum_rat"))


def test_the_twin_refuses_a_mode_that_its_firmware_cannot_carry_out(tmp_path: Path) -> None:
    register_map = with_mode(tmp_path, FURTHER)
    staging = ProgramStaging(register_map)
    staging.write({"mode": FURTHER, "step_count": 1})
    staging.write({"program_crc": staging.crc()})
    assert staging.program().mode is Mode(FURTHER)
    assert staging.refusal(PumpModel.named("implantable-20ml").limits) is CommandResult.BAD_SCHEDULE


@dataclass(frozen=True)
class Reading:
    rate: float
    motor_steps: int = -1


@pytest.mark.parametrize("points", [{"rate": 2.0, "motor_steps": 40}, {"rate": 2.0}])
def test_a_value_with_a_default_is_read_where_the_map_has_it(points: Mapping[str, float]) -> None:
    reading = ReadingPoints(Reading).of(points)
    assert reading.names == tuple(points)
    assert reading.reading(points, "pump") == Reading(**points)
