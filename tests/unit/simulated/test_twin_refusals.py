# SPDX-License-Identifier: Apache-2.0
"""What the simulated firmware refuses, and by which name."""

import math

import pytest

from instruments.program import Mode, Program, Step
from instruments.register_map.codec import Value
from tests.unit.simulated.operated_twin import PUMP_MAP, OperatedTwin, continuous

STEP = Step(0, 50.0)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        (continuous(1.9), "rate_out_of_range"),
        (continuous(1000.5), "rate_out_of_range"),
        (continuous(math.nan), "rate_out_of_range"),
        (Program(Mode.FLEX, (Step(0, 50.0), Step(60, 1.0))), "rate_out_of_range"),
        (Program(Mode.FLEX, ()), "bad_schedule"),
        (Program(Mode.FLEX, (Step(60, 50.0), Step(60, 60.0))), "bad_schedule"),
        (Program(Mode.FLEX, (Step(60, 50.0), Step(30, 60.0))), "bad_schedule"),
        (Program(Mode.FLEX, (Step(0, 50.0), Step(1440, 60.0))), "bad_schedule"),
        (Program(Mode.CONTINUOUS, ()), "bad_schedule"),
        (Program(Mode.CONTINUOUS, (STEP, Step(60, 60.0))), "bad_schedule"),
        (Program(Mode.SINGLE_BOLUS, (STEP,), 10.0, 60), "bad_schedule"),
        (continuous(50.0, low_reservoir_alarm_ul=math.nan), "bad_schedule"),
        (Program(Mode.SINGLE_BOLUS), "bad_bolus"),
        (Program(Mode.SINGLE_BOLUS, (), 10.0, 0), "bad_bolus"),
        (Program(Mode.SINGLE_BOLUS, (), 10.0, 17), "bad_bolus"),
        (continuous(50.0, ptm_volume_ul=-1.0, ptm_duration_s=60), "bad_bolus"),
        (continuous(50.0, ptm_volume_ul=math.nan, ptm_duration_s=60), "bad_bolus"),
        (Program(Mode.NONE), "no_program"),
    ],
)
def test_a_program_that_cannot_be_carried_out_is_refused_and_the_one_in_force_stays(
    program: Program, reason: str
) -> None:
    bench = OperatedTwin()
    assert bench.load(continuous(123.0)) == "accepted"
    assert bench.load(program) == reason
    assert bench.pump("active_mode") == "continuous"
    assert bench.pump("active_steps[0].rate_ul_per_h") == 123.0


@pytest.mark.parametrize("rate_ul_per_h", [2.0, 1000.0])
def test_the_limits_of_the_rate_are_inside_the_range(rate_ul_per_h: float) -> None:
    assert OperatedTwin().load(continuous(rate_ul_per_h)) == "accepted"


def test_more_than_thirteen_steps_are_refused() -> None:
    steps = tuple(Step(minute, 50.0) for minute in range(13))
    bench = OperatedTwin()
    assert bench.load(Program(Mode.FLEX, steps)) == "accepted"
    assert bench.load(Program(Mode.FLEX, steps), step_count=14) == "bad_schedule"


def test_a_program_whose_checksum_does_not_fit_is_refused() -> None:
    bench = OperatedTwin()
    bench.twin.pump.write({**bench.staged(continuous(50.0)), "program_crc": 12345})
    assert bench.command("load_program") == "bad_checksum"
    assert bench.command("start") == "no_program"


def test_one_changed_register_spoils_the_checksum() -> None:
    bench = OperatedTwin()
    assert bench.load(continuous(50.0)) == "accepted"
    bench.twin.pump.write({"steps[0].rate_ul_per_h": 50.5})
    assert bench.command("load_program") == "bad_checksum"


def test_a_running_pump_takes_no_second_start_and_no_prime() -> None:
    bench = OperatedTwin()
    bench.run(continuous(50.0))
    assert bench.command("start") == "wrong_state"
    assert bench.command("prime", 10.0) == "wrong_state"
    assert bench.pump("active_rate_ul_per_h") == 50.0


@pytest.mark.parametrize("volume_ul", [0.0, -1.0, 1001.0, math.nan])
def test_a_prime_out_of_range_is_refused(volume_ul: float) -> None:
    bench = OperatedTwin()
    assert bench.command("prime", volume_ul) == "bad_bolus"
    assert bench.pump("state") == "stopped"


@pytest.mark.parametrize("volume_ul", [0.0, -1.0, 20_001.0, math.nan])
def test_a_refill_that_the_reservoir_cannot_hold_is_refused(volume_ul: float) -> None:
    assert OperatedTwin().command("refill_done", volume_ul) == "bad_bolus"


def test_a_standing_alarm_refuses_start_load_prime_and_bolus_until_it_is_acknowledged() -> None:
    bench = OperatedTwin()
    bench.run(continuous(50.0, bolus_volume_ul=10.0, bolus_duration_s=60))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(4000.0)
    assert bench.command("start") == "alarm_standing"
    assert bench.load(continuous(60.0)) == "alarm_standing"
    assert bench.command("prime", 10.0) == "alarm_standing"
    assert bench.command("single_bolus") == "alarm_standing"
    assert bench.command("stop") == "accepted"
    assert bench.pump("state") == "alarm_stopped"
    assert bench.command("acknowledge") == "accepted"
    assert bench.command("start") == "accepted"


def test_a_bolus_is_refused_while_one_runs_while_priming_and_when_none_is_programmed() -> None:
    bench = OperatedTwin()
    bench.load(continuous(50.0))
    assert bench.command("single_bolus") == "bad_bolus"
    bench.load(continuous(50.0, bolus_volume_ul=10.0, bolus_duration_s=600))
    bench.command("prime", 10.0)
    assert bench.command("single_bolus") == "wrong_state"
    bench.go(600.0)
    assert bench.command("single_bolus") == "accepted"
    assert bench.command("single_bolus") == "wrong_state"


def test_a_repeated_sequence_number_is_not_carried_out_again() -> None:
    bench = OperatedTwin()
    bench.load(continuous(50.0))
    request: dict[str, Value] = {"command": "start", "command_argument": 0.0, "command_sequence": 77}
    bench.twin.pump.write(request)
    bench.twin.pump.write(request)
    assert (bench.pump("command_result"), bench.pump("command_done_sequence")) == ("accepted", 77)
    bench.twin.pump.write({**request, "command": "stop"})
    assert bench.pump("state") == "infusing"


@pytest.mark.parametrize(
    ("last", "number", "carried_out"), [(77, 76, False), (9, 65535, False), (65535, 1, True), (77, 78, True)]
)
def test_a_command_that_comes_late_behind_a_newer_one_is_not_carried_out(
    last: int, number: int, carried_out: bool
) -> None:
    bench = OperatedTwin()
    bench.load(continuous(50.0))
    for sequence in (last // 3, last // 3 * 2, last):  # no hop is longer than half the range
        bench.twin.pump.write({"command": "stop", "command_argument": 0.0, "command_sequence": sequence})
    bench.twin.pump.write({"command": "start", "command_argument": 0.0, "command_sequence": number})
    assert (bench.pump("state") == "infusing") is carried_out


def test_the_command_none_is_unknown() -> None:
    assert OperatedTwin().command("none") == "unknown_command"


@pytest.mark.parametrize("command", ["silence", "interrogate", "acknowledge", "stop"])
def test_commands_without_effect_on_a_resting_pump_are_accepted(command: str) -> None:
    bench = OperatedTwin()
    assert bench.command(command) == "accepted"
    assert bench.pump("state") == "stopped"


@pytest.mark.parametrize(
    "values", [{"state": "infusing"}, {"nothing": 1}, {"step_count": -1}, {"command": "dance"}, {"program_crc": -1}]
)
def test_a_write_that_cannot_be_taken_takes_nothing_of_the_request(values: dict[str, str | int]) -> None:
    bench = OperatedTwin()
    with pytest.raises(ValueError, match=next(iter(values))):
        bench.twin.pump.write({"ptm_lockout_s": 5, **values})
    assert bench.pump("ptm_lockout_s") == 0


def test_every_point_of_the_map_is_answered_with_a_value_that_fits_it() -> None:
    bench = OperatedTwin()
    bench.run(continuous(50.0))
    bench.go(1000.0)
    for name, value in bench.twin.pump.read(list(PUMP_MAP.points)).items():
        assert PUMP_MAP.point(name).encode(value) is not None


def test_identity_names_a_twin() -> None:
    serials = []
    for model in ("implantable-20ml", "implantable-40ml", "implantable-20ml-no-catheter-sensor"):
        bench = OperatedTwin(model)
        assert str(bench.pump("firmware_version")).endswith("-twin")
        serials.append(bench.pump("serial_number"))
    assert serials == ["SIM20-0001", "SIM40-0001", "SIM20N-0001"]
