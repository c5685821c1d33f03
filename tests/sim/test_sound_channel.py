# SPDX-License-Identifier: Apache-2.0
"""The sound channel over the wire: what a pump's alarm sounds like, and a bench that does not hear it."""

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.rig import ModbusRig
from instruments.program import Mode, Program, Step
from instruments.pump import Command
from instruments.register_map.map import RegisterMap
from instruments.rig import RigOutputs
from instruments.sound_channel import sound_channel_of
from tests.sim.conformance_trial import twin
from tests.sim.first_kind_twin import FIRST_KIND_PROGRAM
from tests.sim.scripted_modbus import ScriptedTcp
from tests.sim.test_modbus_rig import a_table

PROGRAM = Program(Mode.CONTINUOUS, (Step(0, 1000.0),))


def test_what_the_microphone_keeps_is_read_from_the_number_on_that_is_asked_for() -> None:
    with twin() as file, Bench.open(file) as bench:
        assert bench.rig.abilities().sound
        channel = sound_channel_of(bench.rig)
        assert channel.read_sounds(0).bursts == ()
        assert channel.read_sounds(0).level_db == pytest.approx(38, abs=5)
        bench.pump.load(PROGRAM)
        bench.rig.arm_watchdog(7200)
        bench.pump.command(Command.START)
        bench.rig.write(RigOutputs(kink_clamp_percent=100.0))
        bench.scheduler.pass_for(300.0)
        reading = channel.read_sounds(0)
        (first,) = reading.bursts
        assert (first.number, reading.count) == (0, 1)
        assert first.duration_s == pytest.approx(3.0, abs=0.1)
        assert (first.low_hz, first.high_hz) == pytest.approx((750.0, 1000.0), rel=0.02)
        assert channel.read_sounds(1).bursts == ()
        bench.scheduler.pass_for(3600.0)
        assert [one.number for one in channel.read_sounds(0).bursts] == [3, 4, 5, 6]


def test_a_map_with_a_part_of_the_channel_is_refused() -> None:
    with a_table(ScriptedTcp) as table:
        points = [point for point in table.registers.map.points.values() if point.name != "sound_clock_s"]
        half = RegisterMap("rig", "", 2, points, table.registers.map.list_lengths)
        with pytest.raises(PlanError, match="sound_clock_s"):
            ModbusRig(table.line, half, 2)


def test_a_bench_that_does_not_hear_says_so_by_name() -> None:
    with twin(program=FIRST_KIND_PROGRAM) as served:
        file: BenchFile = served.model_copy(update={"rig": served.rig.model_copy(update={"map": "rig-1"})})
        with Bench.open(file) as bench:
            assert not bench.rig.abilities().sound
            with pytest.raises(BenchFault, match="this rig has no sound channel"):
                sound_channel_of(bench.rig).read_sounds(0)
