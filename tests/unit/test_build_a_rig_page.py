# SPDX-License-Identifier: Apache-2.0
"""What *Build a rig* says is what the rules, the maps, the drivers and the twin say."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.clock.watchdog_time import LEAST_MACHINE_S
from bench.conformance import PAGE, RULES
from bench.conformance.trials.balance import OPTIONAL
from bench.conformance.trials.fencing import REFUSED
from bench.conformance.trials.registers import SUPPLY_SLACK_MV
from bench.infusion.setting import LEAST_WATCHDOG_S, MISSED_HEARTBEATS_ALLOWED
from bench.lease.lease import LEASE_S, MOST_RIG_S, RENEW_S
from bench.preflight.guarded import HEARTBEAT_S, WATCHDOG_S
from instruments.control_line_client import LONGEST_REPLY
from instruments.modbus import line, rtu_wire
from instruments.modbus.pump_points import READING
from instruments.modbus.reading_points import ReadingPoints
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, PumpState
from instruments.register_map.block import MOST_REGISTERS_IN_ONE_READ, MOST_REGISTERS_IN_ONE_WRITE
from instruments.register_map.map import RegisterMap
from instruments.rig import RigReading
from instruments.sics.reply import ReplyKind, parse_accepted, parse_weight
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.twin_time import ClockMode, TwinTime
from instruments.simulated.wires.control_line import ControlLineServer
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / PAGE).read_text(encoding="utf-8")
ENDINGS = ("_s", "_ul", "_ul_per_h", "_mv", "_kpa", "_hpa", "_c", "_percent", "_bits", "_count", "_open", "_present")
POINTS = {name for which in ("pump", "rig") for name in RegisterMap.named(which).points}
WITH_BOLUSES = continuous(
    50.0,
    bolus_volume_ul=10.0,
    bolus_duration_s=600,
    ptm_volume_ul=5.0,
    ptm_duration_s=60,
    ptm_lockout_s=3600,
    ptm_max_per_day=1,
)
FALLING = Program(Mode.FLEX, (Step(60, 1e6), Step(30, 1e6)))


def section(title: str) -> str:
    return TEXT.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


def rows(text: str) -> Iterator[list[str]]:
    for row in re.findall(r"^\| (.*) \|$", text, re.MULTILINE):
        cells = [cell.strip() for cell in row.split(" | ")]
        yield cells


def test_page_and_command_have_the_same_rules() -> None:
    told = re.findall(r'^\| <a id="(r-\d\d)"></a>(R-\d\d) \| (.*) \| (moves)? ?\|$', TEXT, re.MULTILINE)
    ours = [(rule.number.lower(), rule.number, rule.text, "moves" if rule.moves else "") for rule in RULES]
    assert told == ours
    assert [rule.number for rule in RULES] == [f"R-{number:02}" for number in range(1, len(RULES) + 1)]


def test_a_rule_rests_on_rules_that_are_tried_before_it() -> None:
    numbers = [rule.number for moves in (False, True) for rule in RULES if rule.moves is moves]
    for rule in RULES:
        for need in rule.needs:
            assert numbers.index(need) < numbers.index(rule.number), (rule.number, need)


def test_every_register_that_the_page_names_is_in_a_map() -> None:
    named = {name for name in re.findall(r"`([a-z_]+)`", TEXT) if name.endswith(ENDINGS)}
    assert len(named) > 20
    of_the_bench_file = {
        "refill_expanded_uncertainty_percent",
        "limit_s",
        "patience_s",
        "stable_timeout_s",
        "timeout_s",
    }
    assert named - POINTS == of_the_bench_file


def test_every_register_of_a_sample_is_named_among_those_that_are_judged() -> None:
    judged = section("Which registers are judged")
    for name in (*READING.names, *ReadingPoints(RigReading).names):
        assert f"`{name}`" in judged, name


def test_the_exceptions_are_those_of_the_drivers_and_the_twin() -> None:
    told = {cells[0]: cells[1] for cells in rows(section("Which exception"))}
    numbers = {what: {int(digit) for digit in re.findall(r"\b\d+\b", codes)} for what, codes in told.items()}
    assert numbers["a read now impossible"] == line._PASSING
    assert numbers["a write, answer open"] == line._UNDECIDED
    refused = [codes for what, codes in numbers.items() if "token" in what]
    assert refused == [{REFUSED}, {REFUSED}]
    assert "three times in all" in TEXT
    assert line._MOST_READS == 3


def test_the_figures_are_those_of_the_code() -> None:
    figures = (
        f"{MOST_REGISTERS_IN_ONE_READ} registers to read, {MOST_REGISTERS_IN_ONE_WRITE} to write",
        f"up to {rtu_wire._MOST_EXTRA_REGISTERS} registers more than the block has",
        f"More than {SUPPLY_SLACK_MV} mV ends every infusion",
        f"At most {MOST_RIG_S // LEASE_S}: a lease of {LEASE_S} s",
        f"enough up to {int(MOST_RIG_S / RENEW_S)}",
        f"bites before {LEAST_MACHINE_S:g} s of the machine",
        f"the {RENEW_S:g} s between two renewals",
        f"arms the watchdog with {LEAST_WATCHDOG_S} s, or four sampling intervals",
        f"arms it with {WATCHDOG_S} s and gives one every {HEARTBEAT_S:g} s",
        f"stepped twin for {MOST_RIG_S:,} s",
        f"at most {LONGEST_REPLY} bytes",
    )
    whole = " ".join(TEXT.split())
    assert [figure for figure in figures if figure not in whole] == []
    assert MISSED_HEARTBEATS_ALLOWED == 4
    assert BenchFile.model_fields["preflight"].default.leak_kpa == 0.3


def test_the_commands_that_may_be_unknown_are_those_of_the_rules() -> None:
    table = list(rows(section("Which balance commands")))
    assert tuple(cells[0].strip("`") for cells in table if cells[2] == "yes") == OPTIONAL


# --- what the pump answers, row by row --------------------------------------------------------------------------------
def in_state(state: str) -> OperatedTwin:
    bench = OperatedTwin()
    if state == PumpState.ALARM_STOPPED:
        bench.run(WITH_BOLUSES)
        bench.set_rig(kink_clamp_percent=100.0)
        bench.go(4000.0)
    elif state == PumpState.INFUSING:
        bench.run(WITH_BOLUSES)
    else:
        bench.load(WITH_BOLUSES)
        if state == PumpState.PRIMING:
            bench.command("prime", 10.0)
    assert bench.pump("state") == state
    return bench


ANSWERS = [cells for cells in rows(section("What the pump answers")) if cells[0].strip("`") in set(Command)]
STATES = ("stopped", "infusing", "priming", "alarm_stopped")


def test_the_page_tells_of_every_command() -> None:
    assert [cells[0].strip("`") for cells in ANSWERS] == [str(command) for command in Command]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("cells", ANSWERS, ids=lambda cells: cells[0].strip("`"))
def test_the_twin_answers_in_each_state_as_the_page_says(cells: list[str], state: str) -> None:
    command, wanted = cells[0].strip("`"), cells[1 + STATES.index(state)]
    bench = in_state(state)
    with_argument = ("prime", "refill_done", "update_begin", "update_begin_authorised")
    assert bench.command(command, 10.0 if command in with_argument else 0.0) == wanted


def empty() -> OperatedTwin:
    bench = OperatedTwin()
    bench.refill(5.0)
    bench.run(continuous(1000.0))
    bench.go(600.0)
    assert bench.pump("alarm_bits") == {"reservoir_empty"}
    return bench


def priming_without_program() -> OperatedTwin:
    bench = OperatedTwin()
    bench.command("prime", 10.0)
    return bench


def loaded_with_a_wrong_checksum(bench: OperatedTwin, program: Program) -> str:
    bench.twin.pump.write({**bench.staged(program), "program_crc": 12345})
    return bench.command("load_program")


def without_boluses(state: str) -> OperatedTwin:
    bench = OperatedTwin()
    bench.load(continuous(50.0))
    if state == PumpState.ALARM_STOPPED:
        bench.command("start")
        bench.set_rig(kink_clamp_percent=100.0)
        bench.go(4000.0)
    return bench


def twice_too_early() -> str:
    bench = in_state("infusing")
    bench.command("patient_bolus")
    bench.go(120.0)
    return bench.command("patient_bolus")


def once_too_often_at_the_greatest_rate() -> str:
    bench = in_state("infusing")
    bench.command("patient_bolus")
    bench.go(3700.0)
    bench.command("stop")
    bench.run(replace(WITH_BOLUSES, steps=(Step(0, 1000.0),)))
    return bench.command("patient_bolus")


WRONG_SUM = loaded_with_a_wrong_checksum
FIRST: dict[str, Callable[[], str]] = {
    "start: reservoir empty, alarm stands": lambda: empty().command("start"),
    "start: no program, priming": lambda: priming_without_program().command("start"),
    "acknowledge: reservoir empty, alarm stands": lambda: empty().command("acknowledge"),
    "load_program: alarm stands, checksum wrong": lambda: WRONG_SUM(in_state("alarm_stopped"), continuous(60.0)),
    "load_program: infusing, checksum wrong": lambda: WRONG_SUM(in_state("infusing"), continuous(60.0)),
    "load_program: priming, checksum wrong": lambda: WRONG_SUM(in_state("priming"), continuous(60.0)),
    "load_program: checksum wrong, rate out of range": lambda: WRONG_SUM(OperatedTwin(), continuous(1e6)),
    "load_program: steps do not rise, rate out of range": lambda: OperatedTwin().load(FALLING),
    "prime: alarm stands, volume wrong": lambda: in_state("alarm_stopped").command("prime", 0.0),
    "prime: infusing, volume wrong": lambda: in_state("infusing").command("prime", 0.0),
    "single_bolus: alarm stands, no volume": lambda: without_boluses("alarm_stopped").command("single_bolus"),
    "patient_bolus: stopped, no volume": lambda: without_boluses("stopped").command("patient_bolus"),
    "patient_bolus: lockout, daily maximum reached": twice_too_early,
    "patient_bolus: daily maximum reached, no room under the greatest rate": once_too_often_at_the_greatest_rate,
}


def test_of_two_refusals_the_one_that_the_page_tells_comes_first() -> None:
    told = [cells for cells in rows(section("What the pump answers")) if len(cells) == 2 and ":" in cells[0]]
    assert {cells[0]: cells[1] for cells in told} == {what: answer() for what, answer in FIRST.items()}
    assert {cells[1] for cells in told} <= set(CommandResult)


# --- what stands on the lines -----------------------------------------------------------------------------------------
def test_the_control_line_of_the_twin_answers_as_the_page_says() -> None:
    time = TwinTime(Timeline(), ClockMode.STEPPED)
    server = ControlLineServer(time, {"mode": "stepped", "speed": "1", "seed": "1", "model": "implantable-20ml"})
    told = re.findall(r"^\| `((?:HELLO|NOW|ADV)[^`]*)`[^|]*\| `([^`]*)`", section("Whose seconds"), re.MULTILINE)
    assert [request.split()[0] for request, _ in told] == ["HELLO", "NOW", "ADV", "ADV"]
    for request, reply in told:
        answer = server.answer(request.encode())
        assert answer == reply or (reply == "E" and answer.startswith("E "))
    assert time.now_us() == 30_000_000


@pytest.mark.parametrize("cells", list(rows(section("Which balance commands")))[1:], ids=lambda cells: cells[0])
def test_the_driver_takes_the_balances_answers_that_the_page_shows(cells: list[str]) -> None:
    command = cells[0].strip("`")
    reply_id = {"@": "I4", "SI": "S"}.get(command, command)
    shown = re.findall(r"`([^`]+)`", cells[1])
    for answer in shown:
        if " " not in answer or answer.endswith("…"):  # the name of a command; an answer that is cut short
            continue
        line_of_it = answer.encode() + b"\r\n"
        if command in ("TA", "T", "S", "SI", "SIC1"):
            assert parse_weight(line_of_it, reply_id, *ReplyKind).kind in (*"ASDI",)
        else:
            assert parse_accepted(line_of_it, reply_id)
