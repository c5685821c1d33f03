# SPDX-License-Identifier: Apache-2.0
"""What a pump answers to a command, in which state, and which of two refusals comes first."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import RATE_UL_PER_H, TrialBench, continuous
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.registers import TAKEN
from instruments.modbus.staged_program import StagedProgram
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, PumpState
from instruments.register_map.codec import Value

NO_RATE_UL_PER_H = 1e6
"""A rate that no implantable pump has."""
OTHER_UL_PER_H = 1.25 * RATE_UL_PER_H
BOLUS_UL = 10.0
BOLUS_S = 600
HALF_THE_RANGE = 32768
_ACCEPTED, _WRONG_STATE = CommandResult.ACCEPTED, CommandResult.WRONG_STATE
FLEX = Program(Mode.FLEX, (Step(0, RATE_UL_PER_H), Step(720, OTHER_UL_PER_H)), low_reservoir_alarm_ul=1000.0)


def with_bolus() -> Program:
    """Return the program of the trials with a single bolus."""
    return Program(Mode.CONTINUOUS, (Step(0, RATE_UL_PER_H),), bolus_volume_ul=BOLUS_UL, bolus_duration_s=BOLUS_S)


def answers(bench: TrialBench, command: Command, wanted: CommandResult, argument: float = 0.0, note: str = "") -> str:
    """Give a command and compare what becomes of it.

    Raises:
        Differs: it is answered otherwise.
    """
    observed = bench.pump.command(command, argument)
    where = f"{command}{f' {note}' if note else ''}"
    if observed is not wanted:
        raise Differs(f"{where}: {observed}, wanted is {wanted}")
    return f"{where}: {observed}"


def load_answers(bench: TrialBench, program: Program, wanted: CommandResult, note: str, *, crc_off: int = 0) -> str:
    """Stage a program, its checksum off by `crc_off`, load it and compare what becomes of it.

    Raises:
        Differs: it is answered otherwise.
    """
    points = PumpPoints(bench.pump_words.map)
    staged = StagedProgram(program, points).values
    crc = (int(str(staged["program_crc"])) + crc_off) % (1 << 32)
    code = bench.pump_words.write({**staged, "program_crc": crc})
    if code != TAKEN:
        raise Differs(f"staging is refused with exception {code} ({note})")
    return answers(bench, Command.LOAD_PROGRAM, wanted, note=note)


def a_number_is_carried_out_once(bench: TrialBench) -> str:
    """Write one command twice, and one under an older number: past the driver, which would never do that."""
    bench.at_rest()
    _require(bench.pump.load(continuous(RATE_UL_PER_H)))
    with _past_the_driver(bench) as number:
        first = _write(bench, Command.START, number)
        _write(bench, Command.STOP, number)
        state_after_repeat = bench.pump.read().state
        _write(bench, Command.STOP, _after(number))
        _write(bench, Command.START, number)
        state_after_late = bench.pump.read().state
    bench.at_rest()
    if first != _ACCEPTED:
        raise NotTried(f"start: {first}")
    if state_after_repeat is not PumpState.INFUSING:
        raise Differs(f"a stop under a number that was used is carried out: the pump is {state_after_repeat}")
    if state_after_late is not PumpState.STOPPED:
        raise Differs(f"a start under an older number is carried out: the pump is {state_after_late}")
    return "a repeated and an older number are not carried out"


def numbers_go_round(bench: TrialBench) -> str:
    """Go from the present number past 65535 to 1, by hops of less than half the range."""
    bench.at_rest()
    with _past_the_driver(bench) as number:
        while number < 65535:
            number = min(65535, number + HALF_THE_RANGE - 2)
            _write(bench, Command.STOP, number)
        _write(bench, Command.STOP, 1)
        done = int(bench.pump_words.number("command_done_sequence"))
    if done != 1:
        raise Differs(f"after 65535 the number 1 is not carried out: command_done_sequence reads {done}")
    return "after 65535 comes 1"


def a_program_is_loaded_and_read_back(bench: TrialBench) -> str:
    """Load a day schedule and compare what the pump says is in force, register by register."""
    bench.at_rest()
    seen = [answers_load(bench, FLEX), answers_load(bench, continuous(RATE_UL_PER_H))]
    return "; ".join(seen)


def answers_load(bench: TrialBench, program: Program) -> str:
    """Load what must be taken, and read it back.

    Raises:
        Differs: it is refused, or another one is in force.
    """
    observed = bench.pump.load(program)
    if observed is not _ACCEPTED:
        raise Differs(f"{program.mode}: {observed}")
    differences = bench.pump.differences(program)
    if differences:
        raise Differs(f"{program.mode}: {'; '.join(differences)}")
    return f"{program.mode} of {len(program.steps)} steps is in force as staged"


def a_wrong_checksum_is_refused(bench: TrialBench) -> str:
    """Load with a checksum that is one off; the program before must stay in force."""
    bench.at_rest()
    _require(bench.pump.load(continuous(RATE_UL_PER_H)))
    wrong = continuous(OTHER_UL_PER_H)
    seen = load_answers(bench, wrong, CommandResult.BAD_CHECKSUM, "one off", crc_off=1)
    if bench.pump.differences(continuous(RATE_UL_PER_H)):
        raise Differs("refused, and the program before is not in force any more")
    return seen


def programs_that_cannot_be_are_refused(bench: TrialBench) -> str:
    """Load what no pump can carry out."""
    bench.at_rest()
    bad_schedule, bad_bolus = CommandResult.BAD_SCHEDULE, CommandResult.BAD_BOLUS
    falling = Program(Mode.FLEX, (Step(60, RATE_UL_PER_H), Step(30, RATE_UL_PER_H)))
    no_time = Program(Mode.SINGLE_BOLUS, (), BOLUS_UL, 0)
    seen = [
        load_answers(bench, continuous(NO_RATE_UL_PER_H), CommandResult.RATE_OUT_OF_RANGE, "too fast"),
        load_answers(bench, falling, bad_schedule, "steps that fall"),
        load_answers(bench, Program(Mode.CONTINUOUS), bad_schedule, "no step"),
        load_answers(bench, no_time, bad_bolus, "a bolus in no time"),
        load_answers(bench, Program(Mode.NONE), CommandResult.NO_PROGRAM, "no mode"),
    ]
    return "; ".join(seen)


def start_runs_the_program(bench: TrialBench) -> str:
    """Start, look at state and rate, start again."""
    bench.at_rest()
    _require(bench.pump.load(continuous(RATE_UL_PER_H)))
    seen = [answers(bench, Command.START, _ACCEPTED, note="while stopped")]
    reading = bench.pump.read()
    if reading.state is not PumpState.INFUSING or abs(reading.active_rate_ul_per_h / RATE_UL_PER_H - 1.0) > 1e-3:
        raise Differs(f"started, it is {reading.state} at {reading.active_rate_ul_per_h:g} µL/h")
    seen.append(answers(bench, Command.START, _WRONG_STATE, note="while infusing"))
    bench.at_rest()
    return "; ".join(seen)


def a_program_loaded_while_infusing_runs_or_is_refused(bench: TrialBench) -> str:
    """Load while infusing, which a pump takes or refuses, and while priming, which every pump refuses."""
    old, new = continuous(RATE_UL_PER_H), continuous(OTHER_UL_PER_H)
    bench.infusing()
    in_force = new if (taken := _takes_while_infusing(bench, new)) else old
    answered = _ACCEPTED if taken else _WRONG_STATE
    _check_runs(bench, in_force, f"load_program while infusing: {answered}")
    bench.priming()
    refused = load_answers(bench, old if taken else new, _WRONG_STATE, "while priming")
    _check_in_force(bench, in_force, refused)
    bench.at_rest()
    return f"load_program while infusing: {answered}, and {in_force.steps[0].rate_ul_per_h:g} µL/h run; {refused}"


def _takes_while_infusing(bench: TrialBench, program: Program) -> bool:
    """Load a good program while the pump infuses, and tell whether it is taken.

    Raises:
        Differs: it is neither taken nor refused for the pump's state, or not as its profile promises.
    """
    observed = bench.pump.load(program)
    if observed not in (_ACCEPTED, _WRONG_STATE):
        raise Differs(f"load_program while infusing: {observed}, wanted is {_ACCEPTED} or {_WRONG_STATE}")
    taken, promised = observed is _ACCEPTED, bench.takes_while_infusing
    if promised is not None and promised is not taken:
        says = "promises that a program is taken" if promised else "has no [programming]: none is taken"
        raise Differs(f"load_program while infusing: {observed}, and its profile {says} while it infuses")
    return taken


def _check_runs(bench: TrialBench, program: Program, note: str) -> None:
    _check_in_force(bench, program, note)
    reading, rate_ul_per_h = bench.pump.read(), program.steps[0].rate_ul_per_h
    if reading.state is not PumpState.INFUSING or abs(reading.active_rate_ul_per_h / rate_ul_per_h - 1.0) > 1e-3:
        seen = f"{reading.state} at {reading.active_rate_ul_per_h:g} µL/h"
        raise Differs(f"{note}, and it is {seen}; wanted is {PumpState.INFUSING} at {rate_ul_per_h:g} µL/h")


def _check_in_force(bench: TrialBench, program: Program, note: str) -> None:
    if differences := bench.pump.differences(program):
        raise Differs(f"{note}, and another program is in force than that answer says: {'; '.join(differences)}")


def stop_is_taken_in_every_state(bench: TrialBench) -> str:
    """Stop a pump that stands, infuses, gives a bolus, and primes; one with an alarm is a rule of its own."""
    bench.at_rest()
    seen = [_stop(bench, "while stopped")]
    bench.infusing()
    seen.append(_stop(bench, "while infusing"))
    for note, begin in (("in a bolus", _give_bolus), ("while priming", _prime)):
        if begin(bench):
            seen.append(_stop(bench, note))
    bench.at_rest()
    return "; ".join(seen)


def prime_is_for_a_pump_that_stands(bench: TrialBench) -> str:
    """Prime while stopped, priming and infusing."""
    bench.at_rest()
    seen = [answers(bench, Command.PRIME, _ACCEPTED, bench.prime_ul, "while stopped")]
    state = bench.pump.read().state
    if state is not PumpState.PRIMING:
        raise Differs(f"priming, the pump says {state}")
    seen.append(answers(bench, Command.PRIME, _WRONG_STATE, bench.prime_ul, "while priming"))
    bench.infusing()
    seen.append(answers(bench, Command.PRIME, _WRONG_STATE, bench.prime_ul, "while infusing"))
    bench.at_rest()
    seen.append(answers(bench, Command.PRIME, CommandResult.BAD_BOLUS, 0.0, "of nothing"))
    return "; ".join(seen)


def refill_is_taken_in_every_state(bench: TrialBench) -> str:
    """Say that the reservoir holds what it holds, while stopped and while infusing; and what it cannot hold."""
    if bench.at_rest().alarms:
        raise NotTried("an alarm stands")
    seen = [_refill(bench, "while stopped")]
    bench.infusing()
    seen.append(_refill(bench, "while infusing"))
    bench.at_rest()
    seen.append(answers(bench, Command.REFILL_DONE, CommandResult.BAD_BOLUS, 0.0, "with nothing"))
    seen.append(answers(bench, Command.REFILL_DONE, CommandResult.BAD_BOLUS, 1e9, "with more than it holds"))
    return "; ".join(seen)


def boluses_need_a_volume(bench: TrialBench) -> str:
    """Ask for boluses that the program does not have."""
    bench.infusing()
    seen = [
        answers(bench, Command.SINGLE_BOLUS, CommandResult.BAD_BOLUS, note="without a volume"),
        answers(bench, Command.PATIENT_BOLUS, CommandResult.BAD_BOLUS, note="without a volume"),
    ]
    bench.at_rest()
    return "; ".join(seen)


def every_bolus_is_logged(bench: TrialBench) -> str:
    """Ask for a bolus that is given and one that is refused, and read both in the log."""
    bench.at_rest()
    _require(bench.pump.load(with_bolus()))
    _require(bench.pump.command(Command.START))
    count, clock_s = (reading := bench.pump.read()).bolus_log_count, reading.device_clock_s
    given, again = bench.pump.command(Command.SINGLE_BOLUS), bench.pump.command(Command.SINGLE_BOLUS)
    entries = bench.pump.bolus_log(count)
    state = bench.pump.read().state
    bench.at_rest()
    if (given, again) != (_ACCEPTED, _WRONG_STATE):
        raise Differs(f"the first bolus: {given}, one while it runs: {again}")
    if [entry.outcome for entry in entries] != [given, again] or state is not PumpState.BOLUS:
        raise Differs(f"asked for twice: {given}, {again}; logged {len(entries)}; the pump is {state}")
    if any(entry.requested_s < clock_s for entry in entries) or entries[1].volume_ul:
        raise Differs(f"logged {entries}, asked for at {clock_s:.2f} s of the device clock")
    return f"logged as answered: {given}, {again}"


def state_comes_before_what_was_staged(bench: TrialBench) -> str:
    """Do two wrong things at a time while the pump infuses and while it primes.

    A pump that takes a program while it infuses has no state to refuse it for: there the checksum comes first.
    """
    wrong, before = continuous(NO_RATE_UL_PER_H), continuous(OTHER_UL_PER_H)
    bench.infusing()
    seen = [answers(bench, Command.PRIME, _WRONG_STATE, 0.0, "infusing, volume wrong")]
    taken = _takes_while_infusing(bench, before)
    first = CommandResult.BAD_CHECKSUM if taken else _WRONG_STATE
    seen.append(load_answers(bench, wrong, first, "infusing, checksum and rate wrong", crc_off=1))
    _check_in_force(bench, before if taken else continuous(RATE_UL_PER_H), seen[-1])
    bench.priming()
    seen.append(load_answers(bench, wrong, _WRONG_STATE, "priming, checksum and rate wrong", crc_off=1))
    bench.at_rest()
    seen.append(load_answers(bench, wrong, CommandResult.BAD_CHECKSUM, "checksum and rate wrong", crc_off=1))
    return "; ".join(seen)


def silence_and_interrogate_change_nothing(bench: TrialBench) -> str:
    """Give both commands to a pump that stands and to one that infuses."""
    seen = []
    for state in (bench.at_rest, bench.infusing):
        before = state().state
        seen += [answers(bench, command, _ACCEPTED) for command in (Command.SILENCE, Command.INTERROGATE)]
        if (after := bench.pump.read().state) is not before:
            raise Differs(f"the pump was {before} and is {after}")
    bench.at_rest()
    return "; ".join(dict.fromkeys(seen))


def an_unknown_command_is_told_so(bench: TrialBench) -> str:
    """Give the command `none`."""
    bench.at_rest()
    with _past_the_driver(bench) as number:
        result = _write(bench, "none", number)
    if result != CommandResult.UNKNOWN_COMMAND:
        raise Differs(f"the command none: {result}")
    return str(result)


def _stop(bench: TrialBench, note: str) -> str:
    seen = answers(bench, Command.STOP, _ACCEPTED, note=note)
    reading = bench.pump.read()
    if reading.active_rate_ul_per_h or reading.state not in (PumpState.STOPPED, PumpState.ALARM_STOPPED):
        raise Differs(f"{note}: stopped, it is {reading.state} at {reading.active_rate_ul_per_h:g} µL/h")
    return seen


def _give_bolus(bench: TrialBench) -> bool:
    bench.at_rest()
    taken = (bench.pump.load(with_bolus()), bench.pump.command(Command.START), bench.pump.command(Command.SINGLE_BOLUS))
    return all(one is _ACCEPTED for one in taken)


def _prime(bench: TrialBench) -> bool:
    bench.at_rest()
    return bench.pump.command(Command.PRIME, bench.prime_ul) is _ACCEPTED


def _refill(bench: TrialBench, note: str) -> str:
    volume_ul = bench.pump.read().reservoir_volume_ul
    seen = answers(bench, Command.REFILL_DONE, _ACCEPTED, volume_ul, note)
    reading = bench.pump.read()
    if abs(reading.reservoir_volume_ul - volume_ul) > 0.01 * volume_ul:
        raise Differs(f"{note}: told {volume_ul:.1f} µL, reservoir_volume_ul reads {reading.reservoir_volume_ul:.1f}")
    return seen


def _require(observed: CommandResult) -> None:
    if observed is not _ACCEPTED:
        raise NotTried(f"the pump did not come into the state for it: it answered {observed}")


@contextmanager
def _past_the_driver(bench: TrialBench) -> Iterator[int]:
    """Give the next command number to who writes past the driver, and let the driver find its own after that."""
    try:
        yield _after(int(bench.pump_words.number("command_done_sequence")))
    finally:
        bench.pump.reopen()


def _after(number: int) -> int:
    return (number + 1) % 65536 or 1


def _write(bench: TrialBench, command: str, number: int) -> str:
    values: dict[str, Value] = {"command": str(command), "command_argument": 0.0, "command_sequence": number}
    if (session_code := bench.file.pump.session_code) is not None:
        bench.pump_words.write({"session_code": session_code})
    code = bench.pump_words.write(values)
    if code != TAKEN:
        raise Differs(f"the command block under number {number} is refused with exception {code}")
    return str(bench.pump_words.read("command_result")["command_result"])


RULES = (
    Rule("R-62", "a repeated or older command number is not carried out", a_number_is_carried_out_once, moves=True),
    Rule("R-63", "command numbers go from 65535 to 1", numbers_go_round, moves=True),
    Rule("R-64", "a program is in force as it was staged", a_program_is_loaded_and_read_back, moves=True),
    Rule(
        "R-65",
        "a wrong checksum is refused, the program before stays",
        a_wrong_checksum_is_refused,
        moves=True,
        needs=("R-64",),
    ),
    Rule("R-66", "programs that cannot be are refused by name", programs_that_cannot_be_are_refused, moves=True),
    Rule(
        "R-67",
        "a program loaded while infusing runs at once, or the old one runs on; none is taken while priming",
        a_program_loaded_while_infusing_runs_or_is_refused,
        moves=True,
        needs=("R-64",),
    ),
    Rule("R-68", "start runs the program, and is for a pump that stands", start_runs_the_program, moves=True),
    Rule("R-69", "stop is taken in every state", stop_is_taken_in_every_state, moves=True),
    Rule("R-70", "prime is for a pump that stands", prime_is_for_a_pump_that_stands, moves=True),
    Rule("R-71", "refill_done is taken in every state", refill_is_taken_in_every_state, moves=True),
    Rule("R-72", "a bolus without a volume is bad_bolus", boluses_need_a_volume, moves=True),
    Rule(
        "R-73",
        "every request for a bolus is logged as it was answered",
        every_bolus_is_logged,
        moves=True,
        needs=("R-01", "R-03", "R-31"),
    ),
    Rule(
        "R-74",
        "the state is refused before what was staged",
        state_comes_before_what_was_staged,
        moves=True,
        needs=("R-64", "R-65", "R-67"),
    ),
    Rule("R-75", "silence and interrogate change nothing", silence_and_interrogate_change_nothing, moves=True),
    Rule("R-76", "an unknown command is unknown_command", an_unknown_command_is_told_so, moves=True),
)
