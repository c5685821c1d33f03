# SPDX-License-Identifier: Apache-2.0
"""The pump driver over real sockets and ptys, against a pump of bare registers."""

import dataclasses
import math
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from groundfloor.errors import BenchFault, PlanError, PumpFailure
from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.modbus.pump import ModbusPump
from instruments.modbus.staged_program import StagedProgram
from instruments.program import Mode, Program, Step
from instruments.pump import (
    Alarm,
    AlarmEntry,
    BolusEntry,
    Command,
    CommandResult,
    CommandUnknown,
    PumpIdentity,
    PumpState,
)
from instruments.register_map.map import RegisterMap
from tests.readings import pump_reading
from tests.sim.register_devices import Fate, PumpRegisters, Refused, RegisterDevice, Served
from tests.sim.scripted_modbus import ScriptedRtu, ScriptedTcp, running

TIMEOUT_S = 0.08
COMMAND_REGISTERS = 64
FLEX = Program(
    mode=Mode.FLEX,
    steps=(Step(0, 41.7), Step(480, 20.1), Step(1320, 62.3)),
    ptm_volume_ul=12.5,
    ptm_duration_s=600,
    ptm_lockout_s=100_000,
    ptm_max_per_day=4,
    low_reservoir_alarm_ul=2000.0,
)


over_tcp = pytest.mark.parametrize("table", [ScriptedTcp], indirect=True, ids=["tcp"])
"""For tests in which the wire plays no part."""


@dataclass
class Table:
    """What stands on this test's table."""

    served: Served
    registers: PumpRegisters
    line: ModbusLine
    pump: ModbusPump

    def commands(self) -> list[int]:
        """Return the sequence number of every command that was sent."""
        return [request.words[3] for request in self.served.writes if request.address == COMMAND_REGISTERS]


@pytest.fixture(params=[ScriptedTcp, ScriptedRtu], ids=["tcp", "rtu"])
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    registers = PumpRegisters()
    registers.put({"command_done_sequence": 41})
    served = Served(registers)
    with running(request.param(served)) as device:
        line = ModbusLine.open(device.address, TIMEOUT_S)
        pump = ModbusPump(line, registers.map, registers.unit_id)
        served.reads.clear()
        yield Table(served, registers, line, pump)
        line.close()


def test_it_says_who_it_is(table: Table) -> None:
    assert table.pump.identify() == PumpIdentity("Twenty", "SN-1", "1.0-twin")


def test_a_snapshot_is_one_request_and_holds_every_value_scaled(table: Table) -> None:
    table.registers.put({"alarm_bits": frozenset({"occlusion", "stall"}), "alarm_log_count": 3, "bolus_log_count": 5})
    assert table.pump.read() == pump_reading(
        device_clock_s=12.34,
        state=PumpState.INFUSING,
        active_rate_ul_per_h=41.5,
        counter_ul=1234.567,
        reservoir_volume_ul=18765.433,
        battery_percent=87.5,
        catheter_pressure_kpa=1.25,
        alarms=frozenset({Alarm.OCCLUSION, Alarm.STALL}),
        alarm_log_count=3,
        bolus_log_count=5,
    )
    assert len(table.served.reads) == 1


@over_tcp
def test_a_pump_without_the_sensor_reads_no_pressure(table: Table) -> None:
    table.registers.put({"catheter_pressure_kpa": math.nan})
    assert math.isnan(table.pump.read().catheter_pressure_kpa)


@over_tcp
@pytest.mark.parametrize(
    ("point", "value"),
    [
        ("active_rate_ul_per_h", math.nan),
        ("active_rate_ul_per_h", math.inf),
        ("catheter_pressure_kpa", math.inf),
        ("catheter_pressure_kpa", -math.inf),
    ],
)
def test_a_number_that_is_none_is_a_bench_fault_that_names_the_point(table: Table, point: str, value: float) -> None:
    table.registers.put({point: value})
    with pytest.raises(BenchFault, match=f"pump: read: {point} is"):
        table.pump.read()


@over_tcp
@pytest.mark.parametrize(("point", "word"), [("state", 5), ("command_result", 99), ("alarm_bits", 0x100)])
def test_a_code_without_a_name_is_a_bench_fault_that_names_the_point(table: Table, point: str, word: int) -> None:
    table.registers.put_words(point, [word])
    with pytest.raises(BenchFault, match=rf"pump at .* unit 1: .*{point}: .* in the map"):
        table.pump.read()


def test_a_program_is_staged_in_one_request_with_its_checksum_then_loaded_and_read_back(table: Table) -> None:
    assert table.pump.load(FLEX) is CommandResult.ACCEPTED
    staging, command = table.served.writes
    assert (staging.address, staging.count) == (0, 56)
    assert (command.address, command.count) == (COMMAND_REGISTERS, 4)
    assert table.registers.get("active_mode") == "flex"
    assert table.registers.get("active_step_count") == 3
    assert table.registers.get("active_steps[2].start_minute") == 1320
    assert table.registers.get("active_ptm_lockout_s") == 100_000
    assert table.pump.differences(FLEX) == ()
    assert table.served.reads[-1].address == 256


@over_tcp
def test_a_refused_program_is_told_with_the_pumps_reason(table: Table) -> None:
    table.registers.answers["load_program"] = "rate_out_of_range"
    assert table.pump.load(FLEX) is CommandResult.RATE_OUT_OF_RANGE


@over_tcp
@pytest.mark.parametrize(
    "point",
    [
        "active_mode",
        "active_step_count",
        "active_steps[12].rate_ul_per_h",
        "active_ptm_max_per_day",
        "active_program_crc",
    ],
)
def test_a_program_in_force_that_is_not_the_loaded_one_is_told_point_by_point(table: Table, point: str) -> None:
    assert table.pump.load(FLEX) is CommandResult.ACCEPTED
    table.registers.put_words(point, [1])  # a pump that keeps something else than it was told
    (told,) = table.pump.differences(FLEX)
    assert told.startswith(f"{point} is ")
    assert ", staged was " in told


@over_tcp
def test_a_read_back_that_differs_once_and_then_does_not_is_the_wires_trouble(table: Table) -> None:
    assert table.pump.load(FLEX) is CommandResult.ACCEPTED
    honest_crc = table.registers.get("active_program_crc")
    table.registers.put_words("active_program_crc", [1])
    honest_read = table.pump._active_differences
    reads: list[tuple[str, ...]] = []

    def read(staged: StagedProgram) -> tuple[str, ...]:
        reads.append(honest_read(staged))
        table.registers.put({"active_program_crc": honest_crc})
        return reads[-1]

    table.pump._active_differences = read  # type: ignore[method-assign]  # the register is right from then on
    with pytest.raises(BenchFault, match=r"it differs: first active_program_crc is .*; then nothing differs"):
        table.pump.differences(FLEX)
    assert len(reads) == 2


def test_a_staging_write_that_arrived_unconfirmed_is_not_repeated(table: Table) -> None:
    table.served.fates = [Fate.UNCONFIRMED]
    assert table.pump.load(FLEX) is CommandResult.ACCEPTED
    assert [request.address for request in table.served.writes] == [0, COMMAND_REGISTERS]


def test_a_staging_write_that_was_lost_is_repeated_once(table: Table) -> None:
    table.served.fates = [Fate.LOST]
    assert table.pump.load(FLEX) is CommandResult.ACCEPTED
    assert [request.address for request in table.served.writes] == [0, 0, COMMAND_REGISTERS]


def test_a_program_that_cannot_be_staged_is_never_loaded(table: Table) -> None:
    table.served.fates = [Fate.LOST, Fate.LOST]
    with pytest.raises(BenchFault, match="read-back differs"):
        table.pump.load(FLEX)
    assert table.commands() == []


@over_tcp
@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"steps": (Step(0, math.nan),)}, r"steps\[0\].rate_ul_per_h is nan"),
        ({"steps": (Step(0, 1e39),)}, r"steps\[0\].rate_ul_per_h"),
        ({"steps": (Step(-1, 1.0),)}, r"steps\[0\].start_minute"),
        ({"steps": (Step(0, 1.0),) * 14}, "it has 14 steps, the pump holds 13"),
        ({"ptm_lockout_s": 2**32}, "ptm_lockout_s"),
        ({"bolus_volume_ul": math.inf}, "bolus_volume_ul is inf"),
    ],
)
def test_a_program_that_no_register_holds_is_a_plan_error_and_nothing_is_sent(
    table: Table, change: dict[str, object], seen: str
) -> None:
    with pytest.raises(PlanError, match=seen):
        table.pump.load(dataclasses.replace(FLEX, **change))  # type: ignore[arg-type]  # wrong on purpose
    assert table.served.writes == []


def test_commands_count_on_from_the_last_one_that_was_carried_out(table: Table) -> None:
    assert table.pump.command(Command.START) is CommandResult.ACCEPTED
    assert table.pump.command(Command.PRIME, 12.5) is CommandResult.ACCEPTED
    assert table.commands() == [42, 43]
    assert table.registers.done == [("start", 0.0), ("prime", 12.5)]


@over_tcp
@pytest.mark.parametrize(("done", "waiting", "first"), [(65535, 65535, 1), (65534, 0, 65535), (7, 8, 9), (7, 3, 8)])
def test_the_first_number_is_neither_zero_nor_a_used_one(table: Table, done: int, waiting: int, first: int) -> None:
    table.registers.put({"command_done_sequence": done, "command_sequence": waiting})
    ModbusPump(table.line, table.registers.map, 1).command(Command.SILENCE)
    assert table.commands() == [first]


@over_tcp
def test_the_pumps_reason_for_a_refusal_is_returned(table: Table) -> None:
    table.registers.answers["patient_bolus"] = "lockout"
    assert table.pump.command(Command.PATIENT_BOLUS) is CommandResult.LOCKOUT


def test_an_unconfirmed_command_that_was_carried_out_has_its_answer_and_is_not_sent_again(table: Table) -> None:
    table.served.fates = [Fate.UNCONFIRMED]
    table.registers.answers["single_bolus"] = "wrong_state"
    assert table.pump.command(Command.SINGLE_BOLUS) is CommandResult.WRONG_STATE
    assert table.commands() == [42]


def test_a_command_that_was_carried_out_is_believed_over_an_exception_reply(table: Table) -> None:
    table.served.fates = [Fate.BELIED]
    assert table.pump.command(Command.START) is CommandResult.ACCEPTED
    assert table.commands() == [42]


def test_a_command_that_the_pump_will_not_take_is_refused_and_not_unknown(table: Table) -> None:
    def deaf(address: int, words: Sequence[int]) -> None:
        raise Refused

    table.registers.write = deaf  # type: ignore[method-assign]  # a pump that answers every write with exception 3
    with pytest.raises(WriteRefused, match=r"write command … command_sequence: exception 3"):
        table.pump.command(Command.START)


def test_a_lost_command_is_unknown_and_not_sent_again(table: Table) -> None:
    table.served.fates = [Fate.LOST]
    with pytest.raises(
        CommandUnknown, match=r"pump: command single_bolus: number 42 was not confirmed.*number 41 last"
    ):
        table.pump.command(Command.SINGLE_BOLUS)
    assert table.commands() == [42]
    assert table.registers.done == []


def test_a_lost_stop_is_sent_once_more_under_its_number(table: Table) -> None:
    table.served.fates = [Fate.LOST]
    assert table.pump.command(Command.STOP) is CommandResult.ACCEPTED
    assert table.commands() == [42, 42]
    assert table.registers.done == [("stop", 0.0)]


def test_a_stop_that_is_lost_twice_is_unknown(table: Table) -> None:
    table.served.fates = [Fate.LOST, Fate.LOST]
    with pytest.raises(CommandUnknown):
        table.pump.command(Command.STOP)
    assert table.commands() == [42, 42]


def test_after_an_unknown_command_the_next_one_has_another_number(table: Table) -> None:
    table.served.fates = [Fate.LOST]
    with pytest.raises(CommandUnknown):
        table.pump.command(Command.START)
    table.pump.command(Command.STOP)
    assert table.commands() == [42, 43]


def test_a_command_to_a_pump_that_falls_silent_is_unknown(table: Table) -> None:
    table.served.fates = [Fate.UNCONFIRMED]
    table.pump.read()
    table.served.mute = True
    with pytest.raises(CommandUnknown, match="the read-back failed: pump at"):
        table.pump.command(Command.START)
    assert table.commands() == [42]


def test_a_pump_that_takes_a_moment_is_waited_for(table: Table) -> None:
    later = threading.Timer(TIMEOUT_S / 2, table.registers.carry_out)

    def write(address: int, words: Sequence[int]) -> None:
        RegisterDevice.write(table.registers, address, words)
        later.start()

    table.registers.write = write  # type: ignore[method-assign]  # it confirms before it is done
    assert table.pump.command(Command.START) is CommandResult.ACCEPTED
    later.join()


@over_tcp
def test_an_argument_that_is_no_number_is_a_plan_error(table: Table) -> None:
    with pytest.raises(PlanError, match="its argument is nan"):
        table.pump.command(Command.PRIME, math.nan)
    assert table.commands() == []


def log_alarms(registers: PumpRegisters, count: int) -> None:
    for number in range(count):
        at = f"alarm_log[{number % 16}]"
        cleared_s = 0.0 if number == count - 1 else 10.0 * number + 5.25
        registers.put({f"{at}.code": "occlusion", f"{at}.onset_s": 10.0 * number, f"{at}.cleared_s": cleared_s})
    registers.put({"alarm_log_count": count})


@over_tcp
def test_the_alarm_log_tells_onset_and_clearing_and_what_still_stands(table: Table) -> None:
    log_alarms(table.registers, 2)
    assert table.pump.alarm_log() == (
        AlarmEntry(0, Alarm.OCCLUSION, 0.0, 5.25),
        AlarmEntry(1, Alarm.OCCLUSION, 10.0, None),
    )
    assert table.pump.alarm_log(since=2) == ()


def test_the_alarm_log_reaches_as_far_back_as_its_ring(table: Table) -> None:
    log_alarms(table.registers, 37)
    assert [entry.number for entry in table.pump.alarm_log()] == list(range(21, 37))
    assert [entry.number for entry in table.pump.alarm_log(since=30)] == list(range(30, 37))
    assert table.pump.alarm_log(since=30)[0].onset_s == 300.0


@over_tcp
def test_the_bolus_log_tells_refusals(table: Table) -> None:
    table.registers.put(
        {
            "bolus_log[0].requested_s": 60.5,
            "bolus_log[0].outcome": "accepted",
            "bolus_log[0].volume_ul": 12.345,
            "bolus_log[1].requested_s": 61.0,
            "bolus_log[1].outcome": "lockout",
            "bolus_log_count": 2,
        }
    )
    assert table.pump.bolus_log() == (
        BolusEntry(0, 60.5, CommandResult.ACCEPTED, 12.345),
        BolusEntry(1, 61.0, CommandResult.LOCKOUT, 0.0),
    )


@over_tcp
@pytest.mark.parametrize("log", ["alarm_log", "bolus_log"])
def test_a_log_that_became_shorter_or_has_a_hole_is_the_pumps_failure(table: Table, log: str) -> None:
    table.registers.put({f"{log}_count": 1})
    with pytest.raises(PumpFailure, match="entry 0 is empty"):
        getattr(table.pump, log)()
    with pytest.raises(PumpFailure, match="it holds 1 entries, 3 were there before"):
        getattr(table.pump, log)(since=3)


@over_tcp
@pytest.mark.parametrize("point", ["command_done_sequence", "active_steps[3].start_minute", "program_crc", "mode"])
def test_a_map_without_a_point_is_a_plan_error_that_names_it(table: Table, point: str) -> None:
    whole = table.registers.map
    points = [whole.points[name] for name in whole.points if name != point]
    lacking = RegisterMap("pump", "", 1, points, whole.list_lengths)
    with pytest.raises(PlanError, match=point.replace("[", r"\[")):
        ModbusPump(table.line, lacking, 1)


@over_tcp
def test_a_map_with_a_state_the_bench_does_not_know_is_a_plan_error(table: Table) -> None:
    whole = table.registers.map
    state = whole.point("state").model_copy(update={"values": {"stopped": 0, "resting": 9}})
    points = [state if point.name == "state" else point for point in whole.points.values()]
    with pytest.raises(PlanError, match="state names resting"):
        ModbusPump(table.line, RegisterMap("pump", "", 1, points, whole.list_lengths), 1)
