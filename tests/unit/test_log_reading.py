# SPDX-License-Identifier: Apache-2.0
"""Both logs are read when an infusion is over, with the ends of alarms; one that the pump spoiled is kept as it is."""

from pathlib import Path

from bench.infusion.log_reading import LogReading
from instruments.pump import Alarm, AlarmEntry, BolusEntry, CommandResult
from tests.unit.scripted_bench import DEVICE_AHEAD_S, scene


def test_both_logs_are_read_whole_and_stand_in_the_journal(tmp_path: Path) -> None:
    with scene(tmp_path) as at:
        pump, reading = at.bench.pump, LogReading(at.setting)
        pump.alarms_at_s, pump.clears_after_s = [(1.0, Alarm.STALL), (2.0, Alarm.OCCLUSION)], 30.0
        pump.boluses = [BolusEntry(0, 5001.0, CommandResult.LOCKOUT, 0.0)]
        at.bench.clock.at_s = 60.0
        reading.read()
        logs = reading.logs
        assert logs is not None
        assert logs.alarms == (
            AlarmEntry(0, Alarm.STALL, 1.0 + DEVICE_AHEAD_S, 31.0 + DEVICE_AHEAD_S),
            AlarmEntry(1, Alarm.OCCLUSION, 2.0 + DEVICE_AHEAD_S, 32.0 + DEVICE_AHEAD_S),
        )
        assert logs.boluses == (BolusEntry(0, 5001.0, CommandResult.LOCKOUT, 0.0),)
        assert (logs.alarm_log_count, logs.bolus_log_count, logs.device_clock_s, logs.trouble) == (2, 1, 5060.0, "")
        (line,) = [one for one in at.lines() if one.data.get("what") == "logs read"]
        assert line.data["result"]["alarms"][0]["alarm"] == "stall"


def test_a_log_with_a_hole_is_the_pumps_trouble_and_hides_nothing_of_the_other(tmp_path: Path) -> None:
    with scene(tmp_path) as at:
        at.bench.pump.log_has_a_hole = True
        at.bench.pump.boluses = [BolusEntry(0, 5001.0, CommandResult.LOCKOUT, 0.0)]
        reading = LogReading(at.setting)
        reading.read()
        assert reading.logs is not None
        assert reading.logs.trouble == "pump: read alarm_log: entry 0 is empty"
        assert len(reading.logs.boluses) == 1
