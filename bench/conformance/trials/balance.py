# SPDX-License-Identifier: Apache-2.0
"""What a balance answers, line by line, on a line of its own; the driver is opened after that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal

from bench.conformance.outcome import Differs
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import TrialBench
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline
from instruments.sics.reply import (
    NotAReply,
    ReplyKind,
    WeightReply,
    in_grams,
    is_unknown_command,
    parse_accepted,
    parse_weight,
)
from instruments.visa.line import VisaLine

ASSET = "balance"
QUIET_S = 0.05
OPTIONAL = ("I5", "I11", "C0", "M49")
"""Commands that a balance may not know (`ES`)."""
SWITCHES = {"M03": 0, "M17": -1, "M18": 0, "C0": 0}
"""Where in its answer a setting says by 0 that it is off."""
UNITS = ("0", "1", "3")
_READY = (ReplyKind.STABLE, ReplyKind.DYNAMIC)


class BalanceLine:
    """One line to the balance."""

    def __init__(self, line: VisaLine, timeout_s: float, stable_timeout_s: float) -> None:
        self._line = line
        self._timeout_s = timeout_s
        self._stable_timeout_s = stable_timeout_s

    def ask(self, command: str, *, waits: bool = False) -> list[bytes]:
        """Return the lines that answer a command: those of status `B`, then the last."""
        deadline = Deadline(self._stable_timeout_s if waits else self._timeout_s)
        if self._line.pending():
            self.unasked()
        self._line.send(command.encode())
        lines = [self._line.receive(deadline)]
        while lines[-1].split(b" ", 2)[1:2] == [b"B"]:
            lines.append(self._line.receive(deadline))
        return lines

    def unasked(self) -> list[bytes]:
        """Return what comes although nothing is asked."""
        return self._line.drain(QUIET_S, 5 * QUIET_S)


@contextmanager
def open_line(bench: TrialBench) -> Iterator[BalanceLine]:
    """Open the line to the balance for one trial."""
    section = bench.file.balance
    line = VisaLine(section.resource, asset=ASSET, open_timeout_s=2 * section.timeout_s, serial=section.access.serial)
    try:
        yield BalanceLine(line, section.timeout_s, section.stable_timeout_s)
    finally:
        line.close()


def reset_tells_the_serial_number(bench: TrialBench) -> str:
    """Send `@`."""
    with open_line(bench) as balance:
        serial_number = text_of(balance.ask("@"), "I4")
    if serial_number != bench.file.balance.serial_number:
        raise Differs(f"it says {serial_number!r}, the bench file {bench.file.balance.serial_number!r}")
    return serial_number


def tells_model_and_version(bench: TrialBench) -> str:
    """Ask `I2`, `I3` and `I4`, twice each: their answers are what the driver knows its own line by."""
    with open_line(bench) as balance:
        told = {command: _twice_alike(balance, command) for command in ("I2", "I3", "I4")}
    try:
        _, capacity, unit = told["I2"].rsplit(" ", 2)
        fits = Decimal(capacity) > 0 and unit in ("g", "kg", "mg")
    except (ValueError, ArithmeticError) as odd:
        raise Differs(f"I2 is {told['I2']!r}, not model, capacity, unit") from odd
    if not fits:
        raise Differs(f"I2 is {told['I2']!r}, not model, capacity, unit")
    return ", ".join(told.values())


def tells_more_or_says_es(command: str) -> Callable[[TrialBench], str]:
    """Return the trial of an inquiry that a balance may not know."""

    def trial(bench: TrialBench) -> str:
        with open_line(bench) as balance:
            if is_unknown_command(balance.ask(command)[-1]):
                return "ES: not known"
            return _twice_alike(balance, command)

    return trial


def setting_is_off(command: str) -> Callable[[TrialBench], str]:
    """Return the trial of a setting that would falsify a slow infusion."""

    def trial(bench: TrialBench) -> str:
        with open_line(bench) as balance:
            lines = balance.ask(command)
        if is_unknown_command(lines[-1]):
            if command in OPTIONAL:
                return "ES: not known"
            if bench.file.balance.accept_unverified_settings:
                return "ES: not known, and accepted by the bench file"
        parameters = _parameters(lines, command)[-1]
        if not parameters or parameters[SWITCHES[command]] != "0":
            raise Differs(_shown(lines))
        return _shown(lines)

    return trial


def tare_is_volatile(bench: TrialBench) -> str:
    """Ask `M49`."""
    with open_line(bench) as balance:
        lines = balance.ask("M49")
    if is_unknown_command(lines[-1]):
        return "ES: not known"
    if _parameters(lines, "M49")[-1][:1] != ("0",):
        raise Differs(f"{_shown(lines)}: the tare outlives a power failure, so it is no witness of one")
    return _shown(lines)


def unit_is_a_mass(bench: TrialBench) -> str:
    """Ask `M21`."""
    with open_line(bench) as balance:
        lines = balance.ask("M21")
    codes = [line[1] for line in _parameters(lines, "M21") if len(line) > 1 and line[0] == "0"]
    if len(codes) != 1 or codes[0] not in UNITS:
        raise Differs(_shown(lines))
    return _shown(lines)


def tells_its_tare(bench: TrialBench) -> str:
    """Ask `TA`."""
    with open_line(bench) as balance:
        return _weight(balance.ask("TA"), "TA", ReplyKind.DONE)


def weighs_at_once(bench: TrialBench) -> str:
    """Ask `SI`."""
    with open_line(bench) as balance:
        return _weight(balance.ask("SI"), "S", *_READY)


def waits_for_a_stable_load(bench: TrialBench) -> str:
    """Ask `S`."""
    with open_line(bench) as balance:
        return _weight(balance.ask("S", waits=True), "S", ReplyKind.STABLE, ReplyKind.BUSY)


def weighs_with_a_checksum(bench: TrialBench) -> str:
    """Ask `SIC1`."""
    with open_line(bench) as balance:
        lines = balance.ask("SIC1")
    if is_unknown_command(lines[-1]):
        raise Differs("ES: not known; nothing would guard the digits of a weight")
    return _weight(lines, "SIC1", *_READY)


def sends_nothing_unasked(bench: TrialBench) -> str:
    """Ask once and listen."""
    with open_line(bench) as balance:
        balance.ask("SI")
        more = balance.unasked()
    if more:
        raise Differs(f"unasked came {more!r}")
    return f"nothing for {QUIET_S:g} s"


def driver_opens(bench: TrialBench) -> str:
    """Open the driver."""
    try:
        with bench.open_balance() as devices:
            return f"it weighs {devices.balance.read_mass_g().mass_g:.5f} g"
    except BenchFault as fault:
        raise Differs(fault.finding) from fault


def tares(bench: TrialBench) -> str:
    """Send `T` and compare the memory of the tare."""
    with open_line(bench) as balance:
        taken = parse(balance.ask("T", waits=True), "T", ReplyKind.STABLE)
        if taken.value is None:
            raise Differs(f"T is answered by {taken.kind}")
        memory = parse(balance.ask("TA"), "TA", ReplyKind.DONE)
    if memory.value is None or in_grams(memory) != in_grams(taken):
        raise Differs(f"T took {taken.value} {taken.unit}, TA tells {memory.value} {memory.unit}")
    return f"{taken.value} {taken.unit}"


def parse(lines: list[bytes], reply_id: str, *expected: ReplyKind) -> WeightReply:
    """Return the weight that a line holds.

    Raises:
        Differs: it holds none of that kind.
    """
    try:
        return parse_weight(lines[-1], reply_id, *expected)
    except NotAReply as odd:
        raise Differs(_shown(lines)) from odd


def _weight(lines: list[bytes], reply_id: str, *expected: ReplyKind) -> str:
    reply = parse(lines, reply_id, *expected)
    if reply.kind not in expected:
        raise Differs(_shown(lines))
    if reply.value is not None:
        with suppress(NotAReply):
            in_grams(reply)
            return _shown(lines)
        raise Differs(_shown(lines))
    return _shown(lines)


def _twice_alike(balance: BalanceLine, command: str) -> str:
    first, second = balance.ask(command), balance.ask(command)
    if first != second:
        raise Differs(f"{command} is answered by {_shown(first)}, then by {_shown(second)}")
    return text_of(first, command)


def text_of(lines: list[bytes], reply_id: str) -> str:
    """Return the text that an inquiry is answered by.

    Raises:
        Differs: it is no such answer.
    """
    return " ".join(_parameters(lines, reply_id)[-1])


def _parameters(lines: list[bytes], reply_id: str) -> list[tuple[str, ...]]:
    try:
        return [parse_accepted(line, reply_id)[1] for line in lines]
    except NotAReply as odd:
        raise Differs(_shown(lines)) from odd


def _shown(lines: list[bytes]) -> str:
    return " / ".join(line.decode("latin-1").strip("\r\n") for line in lines)


RULES = (
    Rule("R-14", "`@` is answered by I4 with the serial number", reset_tells_the_serial_number),
    Rule("R-15", "`I2` `I3` `I4` tell model and capacity, version, serial number", tells_model_and_version),
    Rule("R-16", "`I5` tells something that stays, or ES", tells_more_or_says_es("I5")),
    Rule("R-17", "`I11` tells something that stays, or ES", tells_more_or_says_es("I11")),
    Rule("R-18", "`M03` says that auto zero is off", setting_is_off("M03")),
    Rule("R-19", "`M17` says that no adjustment comes by time", setting_is_off("M17")),
    Rule("R-20", "`M18` says that no adjustment comes by temperature", setting_is_off("M18")),
    Rule("R-21", "`C0` says that no adjustment comes by itself, or ES", setting_is_off("C0")),
    Rule("R-22", "`M49` says that the tare ends with the power, or ES", tare_is_volatile),
    Rule("R-23", "`M21` says that the host unit is g, kg or mg", unit_is_a_mass),
    Rule("R-24", "`TA` tells the tare", tells_its_tare),
    Rule("R-25", "`SI` weighs at once", weighs_at_once),
    Rule("R-26", "`S` weighs when the load is stable", waits_for_a_stable_load),
    Rule("R-27", "`SIC1` weighs with a checksum", weighs_with_a_checksum),
    Rule("R-28", "the balance sends nothing unasked", sends_nothing_unasked),
    Rule(
        "R-29",
        "the driver opens the balance",
        driver_opens,
        needs=tuple(f"R-{number}" for number in range(14, 29)),
    ),
    Rule("R-30", "`T` takes the tare and `TA` tells it", tares, moves=True, needs=("R-24",)),
)
