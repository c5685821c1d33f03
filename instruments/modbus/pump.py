# SPDX-License-Identifier: Apache-2.0
"""A pump behind a register map, over Modbus.

Nothing that moves fluid is ever sent twice blindly. Each command carries a sequence number, and the pump says which
number it carried out last: when a write is not confirmed, that number tells whether it arrived. Writing the staging
registers moves nothing, so that may be repeated; so may a stop, under its old number.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar, cast

from groundfloor.errors import BenchFault, PlanError, PumpFailure
from groundfloor.wall_clock import Deadline, sleep_s
from instruments.calibration_constant import no_calibration
from instruments.firmware_update import UpdateMessage
from instruments.modbus.firmware_update import CRC, FirmwareUpdatePoints
from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.modbus.programming_session import session_messages
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.staged_differences import staged_differences
from instruments.modbus.staged_program import StagedProgram
from instruments.named_session import no_name
from instruments.program import Program
from instruments.programming_session import SessionMessage
from instruments.pump import (
    Alarm,
    AlarmEntry,
    BolusEntry,
    Command,
    CommandResult,
    CommandUnknown,
    PumpIdentity,
    PumpReading,
)
from instruments.register_map.block import Block
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.session_code import ShownCode, no_session_code
from instruments.write_unknown import WriteUnknown

TUBING, REFILL_DUE = "tubing_volume_ul", "refill_due_s"
NAMED = "session_serial_number"
ENTERED, IN_FORCE = "calibration_percent", "active_calibration_percent"
CODE = "session_code"
_SEQUENCE_NUMBERS = 65536
_MOST_LOG_READS = 3
_ASK_AGAIN_S = 0.005
Entry = TypeVar("Entry")


class ModbusPump:
    """The pump under test, as `instruments.pump.Pump` describes it."""

    def __init__(
        self,
        line: ModbusLine,
        register_map: RegisterMap,
        unit_id: int,
        asset: str = "pump",
        session_code: int | None = None,
    ) -> None:
        """Check the map and ask the pump which command it carried out last.

        Raises:
            PlanError: the map lacks points or names codes that the bench does not know.
            BenchFault: the pump does not answer.
        """
        self._points = PumpPoints(register_map)
        self._map = register_map
        self._line = line
        self._unit_id = unit_id
        self._asset = asset
        singly = register_map.limits.writes_singly
        line.call_unit(unit_id, asset, register_map.requests_at_once, writes_singly=singly)
        tells = TUBING in register_map.points
        self._tubing = register_map.blocks(TUBING) if tells else None
        self._named = register_map.block(NAMED) if NAMED in register_map.points else None
        has_constant = {ENTERED, IN_FORCE} <= set(register_map.points)
        self._constant = (register_map.block(ENTERED), register_map.block(IN_FORCE)) if has_constant else None
        self._code_place = register_map.block(CODE) if CODE in register_map.points else None
        self._code = session_code
        self._sequence = self._last_sequence()

    def identify(self) -> PumpIdentity:
        """Ask the pump who it is."""
        values = self._read(self._points.identity)
        model, serial_number, firmware = (
            str(values.get(name, "")) for name in ("model", "serial_number", "firmware_version")
        )
        return PumpIdentity(model, serial_number, firmware)

    def read(self) -> PumpReading:
        """Return one snapshot; read in one request, if the device takes it in one."""
        return self._points.reading.reading(self._read(self._points.snapshot), self._asset)

    def ask_ahead(self) -> Callable[[], PumpReading]:
        """Send the request of a snapshot; return what takes it. See `instruments.asks_ahead`."""
        first, *others = self._points.snapshot
        values, reading = self._line.ask_ahead(self._unit_id, first), self._points.reading
        if not others:
            return lambda: reading.reading(values(), self._asset)
        return lambda: reading.reading({**values(), **self._read(others)}, self._asset)

    def load(self, program: Program) -> CommandResult:
        """Stage `program` and load it by checksum; `differences` tells whether it is in force then.

        Raises:
            PlanError: a value cannot stand in its register.
            BenchFault: the wire failed, and the program could not be staged.
        """
        self._stage(StagedProgram(program, self._points))
        return self.command(Command.LOAD_PROGRAM)

    def session(self, program: Program, *, checksum_error: bool = False) -> tuple[SessionMessage, ...]:
        """Return the messages that program the pump, see `instruments.programming_session`."""
        load = partial(self.command, Command.LOAD_PROGRAM)
        points, line = self._points, self._line
        return session_messages(program, points, line, self._unit_id, load, checksum_error=checksum_error)

    def name_pump(self, serial_number: str) -> None:
        """Write the serial number of the pump that the next program is for, see `instruments.named_session`."""
        if self._named is None:
            raise no_name(self._asset)
        self._line.write(self._unit_id, self._named, {NAMED: serial_number})

    def calibration_percent(self) -> float:
        """Return the calibration constant in force, see `instruments.calibration_constant`."""
        if self._constant is None:
            raise no_calibration(self._asset)
        return cast(float, self._read([self._constant[1]])[IN_FORCE])

    def enter_calibration(self, percent: float) -> None:
        """Enter the calibration constant of the next program, see `instruments.calibration_constant`."""
        if self._constant is None:
            raise no_calibration(self._asset)
        self._line.write(self._unit_id, self._constant[0], {ENTERED: percent})

    def send_unread(self, command: Command) -> None:
        """Send a command that is due and ask for nothing, see `instruments.command_frames`."""
        self._sequence = _after(self._sequence)
        self._show(self._code)
        self._send_frame(command, 0.0, self._sequence)

    def send_again(self, command: Command, argument: float = 0.0, behind: int = 0) -> None:
        """Send a command under a number that was used, see `instruments.command_frames`."""
        self._send_frame(command, argument, (self._sequence - behind) % _SEQUENCE_NUMBERS or _SEQUENCE_NUMBERS - 1)

    def send_unproven(self, command: Command, shown: ShownCode, argument: float = 0.0) -> None:
        """Send a command that is due without its code, see `instruments.session_code`."""
        if self._code_place is None or self._code is None:
            raise no_session_code(self._asset)
        self._show(0 if shown is ShownCode.NONE else self._code ^ 1)
        self._send_frame(command, argument, _after(self._sequence))

    def _show(self, code: int | None) -> None:
        """Write the code that the next command shows; where there is none, nothing is written."""
        if self._code_place is not None and code is not None:
            self._line.write(self._unit_id, self._code_place, {CODE: code})

    def _send_frame(self, command: Command, argument: float, number: int) -> None:
        values: dict[str, Value] = {"command": str(command), "command_argument": argument, "command_sequence": number}
        self._line.write(self._unit_id, self._points.command, values)

    def differences(self, program: Program) -> tuple[str, ...]:
        """Read the program in force and return what differs from `program`, a phrase each.

        What differs is read once more, because a wire may change one answer: the same words seen twice are the
        pump's own.

        Raises:
            PlanError: a value cannot stand in its register.
            BenchFault: the wire failed, or the two readings are not the same.
        """
        staged = StagedProgram(program, self._points)
        first = self._active_differences(staged)
        if first and (second := self._active_differences(staged)) != first:
            seen = f"read twice, it differs: first {'; '.join(first)}; then {'; '.join(second) or 'nothing differs'}"
            raise self._fault("read the program back", seen, "look at the wire: it changes what the pump answers")
        return first

    def command(self, command: Command, argument: float = 0.0) -> CommandResult:
        """Send one command once and return what became of it.

        Raises:
            PlanError: the argument cannot stand in its register.
            CommandUnknown: neither an answer nor a read-back tells whether it was carried out.
            WriteRefused: the pump refused the write itself, and did not carry it out.

        A command that the map has no code for is not sent: the pump does not know it.
        """
        if command not in self._points.commands:
            return CommandResult.UNKNOWN_COMMAND
        if not math.isfinite(argument):
            raise PlanError(self._asset, f"command {command}", f"its argument is {argument}", "give a finite number")
        self._sequence = _after(self._sequence)
        try:
            return self._carry_out(command, argument)
        except CommandUnknown:
            if command is not Command.STOP:
                raise
            return self._carry_out(command, argument)  # under its old number a stop that did arrive is not repeated

    def alarm_log(self, since: int = 0) -> tuple[AlarmEntry, ...]:
        """Return the alarms logged from number `since` on, oldest first, as far back as the ring reaches."""
        points = self._points
        return self._log("alarm_log", points.alarm_log, points.alarm_log_length, since, self._alarm_entry)

    def bolus_log(self, since: int = 0) -> tuple[BolusEntry, ...]:
        """Return the bolus requests logged from number `since` on, oldest first, as far back as the ring reaches."""
        points = self._points
        return self._log("bolus_log", points.bolus_log, points.bolus_log_length, since, self._bolus_entry)

    def tubing_volume_ul(self) -> float | None:
        """Return what its programmer takes its tubing for; None where its map does not tell."""
        return None if self._tubing is None else cast(float, self._read(self._tubing)[TUBING])

    def refill_due_s(self) -> float:
        """Return when its refill is due, see `instruments.refill_date`."""
        if REFILL_DUE not in self._map.points:
            seen, next_step = f"the register map has no {REFILL_DUE}", "add it, see docs/register-maps.md"
            raise self._fault("ask for the refill date", seen, next_step)
        return cast(float, self._read(self._map.blocks(REFILL_DUE))[REFILL_DUE])

    def update(self, image: bytes, *, authorised: bool = False) -> tuple[UpdateMessage, ...]:
        """Return the messages that carry a firmware image over, see `instruments.firmware_update`."""
        points = FirmwareUpdatePoints(self._map, self._asset)
        write = partial(self._line.write, self._unit_id)
        return points.messages(image, write, self.command, authorised=authorised)

    def firmware_crc(self) -> int:
        """Return the CRC-32 of the image that runs, see `instruments.firmware_update`."""
        return cast(int, self._read(FirmwareUpdatePoints(self._map, self._asset).crc)[CRC])

    # --- reading ----------------------------------------------------------------------------------------------------
    def _read(self, blocks: Sequence[Block]) -> dict[str, Value]:
        """Return the values of all blocks, one request after the other."""
        if len(blocks) == 1:
            return self._line.read(self._unit_id, blocks[0])
        return {name: value for block in blocks for name, value in self._line.read(self._unit_id, block).items()}

    def _snapshot(self) -> dict[str, Value]:
        values = self._read(self._points.snapshot)
        self._points.reading.check_finite(values, self._asset)
        return values

    def _log(
        self,
        log: str,
        ring: Sequence[Block],
        length: int,
        since: int,
        entry: Callable[[dict[str, Value], int, str], Entry],
    ) -> tuple[Entry, ...]:
        """Read a log; what is wrong with it has to show twice to be the pump's own, as a wire may change one answer.

        A pump that keeps none has nothing in it.
        """
        if not ring:
            return ()
        try:
            return self._entries(log, ring, length, since, entry)
        except PumpFailure:
            return self._entries(log, ring, length, since, entry)

    def _entries(
        self,
        log: str,
        ring: Sequence[Block],
        length: int,
        since: int,
        entry: Callable[[dict[str, Value], int, str], Entry],
    ) -> tuple[Entry, ...]:
        values, count = self._steady_ring(log, ring)
        if since > count:
            seen = f"it holds {count} entries, {since} were there before"
            raise PumpFailure(self._asset, f"read {log}", seen, "the pump lost its log or restarted: find out why")
        first = max(since, count - length)
        return tuple(entry(values, number, f"{log}[{number % length}]") for number in range(first, count))

    def _steady_ring(self, log: str, ring: Sequence[Block]) -> tuple[dict[str, Value], int]:
        """Return ring and count of one moment: the count has to be the same before and after."""
        before = self._snapshot()[f"{log}_count"]
        for _ in range(_MOST_LOG_READS):
            values = self._read(ring)
            after = self._snapshot()[f"{log}_count"]
            if after == before:
                return values, cast(int, after)
            before = after
        raise self._fault(f"read {log}", "it grew during each of the reads", "see what makes the pump log so fast")

    def _alarm_entry(self, values: dict[str, Value], number: int, at: str) -> AlarmEntry:
        code, onset_s, cleared_s = (values[f"{at}.{member}"] for member in ("code", "onset_s", "cleared_s"))
        if code == "none":
            seen = f"entry {number} is empty"
            raise PumpFailure(self._asset, "read alarm_log", seen, "find out why the pump's log has a hole")
        return AlarmEntry(number, Alarm(cast(str, code)), cast(float, onset_s), cast(float, cleared_s) or None)

    def _bolus_entry(self, values: dict[str, Value], number: int, at: str) -> BolusEntry:
        requested_s, outcome, volume_ul = (
            values[f"{at}.{member}"] for member in ("requested_s", "outcome", "volume_ul")
        )
        if outcome == CommandResult.NONE:
            seen = f"entry {number} is empty"
            raise PumpFailure(self._asset, "read bolus_log", seen, "find out why the pump's log has a hole")
        return BolusEntry(number, cast(float, requested_s), CommandResult(cast(str, outcome)), cast(float, volume_ul))

    # --- writing ----------------------------------------------------------------------------------------------------
    def _stage(self, staged: StagedProgram) -> None:
        points = self._points
        for block, values in staged.more.parts if staged.more is not None else ():
            self._stage_part([block], [block], values, is_checked=True)
        self._stage_part(points.staged, points.staging, staged.values, is_checked=points.has_checksum)

    def _stage_part(
        self, written: Sequence[Block], read: Sequence[Block], values: Mapping[str, Value], *, is_checked: bool
    ) -> None:
        """Write a part of a program, and make sure that it is there where no checksum does."""
        seen = "neither of two writes was confirmed"
        for _ in range(2):  # staging moves no fluid: what did not arrive may be written once more
            try:
                for block in written:
                    self._line.write(self._unit_id, block, {point.name: values[point.name] for point in block.points})
            except WriteUnknown:
                if not staged_differences(values, self._read(read)):
                    return
            else:
                if is_checked:
                    return
                seen = "each write was confirmed"
                break
        if differences := staged_differences(values, self._read(read)):
            seen = f"{seen}, and read-back differs: {'; '.join(differences)}"
            raise self._fault("stage the program", seen, "look at the wire; check the map and the firmware")

    def _active_differences(self, staged: StagedProgram) -> tuple[str, ...]:
        found = staged_differences(staged.values, self._read(self._points.active), "active_")
        if staged.more is not None:
            observed = self._read(staged.more.active)
            found += staged_differences(staged.more.values, observed, "active_")
        return tuple(found)

    def _last_sequence(self) -> int:
        """Return the number to go on from, so that neither the last command's nor a waiting one's comes again."""
        done = cast(int, self._snapshot()["command_done_sequence"])
        waiting = cast(int, self._read([self._points.command])["command_sequence"])
        return waiting if waiting == _after(done) else done

    def _carry_out(self, command: Command, argument: float) -> CommandResult:
        answer = self._sent(command, argument)
        if answer is CommandResult.NOT_AUTHENTICATED:
            code = "its session code is not the one of the bench file" if self._code else "the bench file has none"
            seen = f"the pump asks for a session code, and {code}"
            raise self._fault(f"command {command}", seen, "write the code of this pump into [pump] session_code")
        return answer

    def _sent(self, command: Command, argument: float) -> CommandResult:
        values: dict[str, Value] = {"command": str(command), "command_argument": argument}
        try:
            self._show(self._code)
            self._line.write(self._unit_id, self._points.command, {**values, "command_sequence": self._sequence})
        except WriteUnknown as unknown:
            return self._result(command, unknown.seen)
        except WriteRefused:
            if answer := self._answer(command)[0]:
                return answer
            raise
        return self._result(command, "confirmed")

    def _result(self, command: Command, write: str) -> CommandResult:
        deadline = Deadline(self._line.timeout_s)
        while True:
            answer, last = self._answer(command)
            if answer:
                return answer
            if deadline.passed():
                seen = f"number {self._sequence} was {write}, but the pump says that it carried out number {last} last"
                raise self._unknown(command, seen)
            sleep_s(_ASK_AGAIN_S)

    def _answer(self, command: Command) -> tuple[CommandResult | None, Value]:
        """Return what became of the command, None if it is not carried out, and the number of the last one that was."""
        try:
            values = self._snapshot()
        except BenchFault as silent:
            raise self._unknown(command, f"the read-back failed: {silent}") from silent
        last, result = values["command_done_sequence"], cast(str, values["command_result"])
        carried_out = last == self._sequence and result != CommandResult.NONE
        return (CommandResult(result) if carried_out else None), last

    def _unknown(self, command: Command, seen: str) -> CommandUnknown:
        next_step = "stop the pump and look at it; the command is not sent again"
        return CommandUnknown(self._asset, f"command {command}", seen, next_step)

    def _fault(self, operation: str, seen: str, next_step: str) -> BenchFault:
        return BenchFault(self._asset, operation, seen, next_step)


def _after(sequence: int) -> int:
    return (sequence + 1) % _SEQUENCE_NUMBERS or 1
