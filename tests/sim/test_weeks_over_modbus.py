# SPDX-License-Identifier: Apache-2.0
"""A week of day schedules over the wire: staged in parts, loaded by two checksums, and read back day by day."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from groundfloor.errors import PlanError
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.program import Mode, Program, Step
from instruments.pump import CommandResult
from instruments.register_map.map import RegisterMap
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.warm_twin import WarmTwin

DAYS = tuple(tuple(Step(60 * hour, 20.0 + day + hour) for hour in range(13)) for day in range(7))
WEEK = Program(Mode.WEEKLY_FLEX, week=DAYS)


@pytest.fixture
def line() -> Iterator[ModbusLine]:
    with ExitStack() as ends:
        addresses = ends.enter_context(WarmTwin(TwinOptions()))
        line = ModbusLine.open(addresses.pump, timeout_s=5.0)
        ends.callback(line.close)
        yield line


def test_a_full_week_is_staged_loaded_and_read_back_step_by_step(line: ModbusLine) -> None:
    pump = ModbusPump(line, RegisterMap.named("pump"), 1)
    assert pump.load(WEEK) is CommandResult.ACCEPTED
    assert pump.differences(WEEK) == ()
    later = (*DAYS[:6], (*DAYS[6][:12], Step(1400, 32.0)))
    told = pump.differences(replace(WEEK, week=later))
    assert len(told) == 3  # minute, rate, and the checksum that follows from them
    assert told[0] == "active_week_steps[90].start_minute is 720, staged was 1400"


def test_a_map_without_a_week_keeps_every_other_mode_and_says_what_it_lacks(line: ModbusLine) -> None:
    whole = RegisterMap.named("pump")
    kept = [point for name, point in whole.points.items() if not name.startswith(("week_", "active_week_"))]
    lists = {name: length for name, length in whole.list_lengths.items() if "week" not in name}
    pump = ModbusPump(line, RegisterMap("pump", whole.meaning, whole.unit_id, kept, lists), 1)
    flex = Program(Mode.FLEX, DAYS[0])
    assert pump.load(flex) is CommandResult.ACCEPTED
    assert pump.differences(flex) == ()
    with pytest.raises(PlanError, match=r"no points for the mode weekly_flex.*leave the mode out"):
        pump.load(WEEK)


def test_a_map_with_half_a_week_is_refused(line: ModbusLine) -> None:
    whole = RegisterMap.named("pump")
    kept = [point for name, point in whole.points.items() if not name.startswith("active_week_")]
    with pytest.raises(PlanError, match=r"points are missing: active_week_steps"):
        ModbusPump(line, RegisterMap("pump", whole.meaning, whole.unit_id, kept, whole.list_lengths), 1)
