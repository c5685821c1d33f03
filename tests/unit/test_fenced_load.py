# SPDX-License-Identifier: Apache-2.0
"""A program may set a pump going that was started: then it is loaded only while the rig's watchdog stands behind it."""

import pytest

from bench.lease import FencedPump
from groundfloor.errors import BenchFault
from instruments.command_frames import SendsFrames
from instruments.modbus.pump import ModbusPump
from instruments.program import Mode, Program, Step
from instruments.programming_session import SendsSessions, SessionMessage, SessionPart
from instruments.pump import Command, CommandResult

PROGRAM = Program(Mode.CONTINUOUS, (Step(0, 50.0),))


class NotingPump:
    """What was sent, in order."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def load(self, _program: Program) -> CommandResult:
        self.sent.append("load")
        return CommandResult.ACCEPTED

    def command(self, command: Command, _argument: float = 0.0) -> CommandResult:
        self.sent.append(str(command))
        return CommandResult.ACCEPTED

    def session(self, _program: Program, *, checksum_error: bool = False) -> tuple[SessionMessage, ...]:
        assert not checksum_error
        return tuple(SessionMessage(part, lambda part=part: self.note(part)) for part in SessionPart)  # type: ignore[misc]  # mypy cannot infer the default's type

    def note(self, part: SessionPart) -> CommandResult | None:
        self.sent.append(part.name)
        return None


class Rig:
    """Whether its watchdog stands behind the pump."""

    guards = True

    def refuse_unguarded(self, operation: str) -> None:
        if not self.guards:
            raise BenchFault("rig", operation, "its watchdog has tripped", "find out why")


def fenced() -> tuple[FencedPump, NotingPump, Rig]:
    pump, rig = NotingPump(), Rig()
    return FencedPump(pump, lambda: None, rig.refuse_unguarded), pump, rig  # type: ignore[arg-type]  # it has the verbs that are asked for


def test_a_pump_that_was_not_started_takes_a_program_without_a_watchdog() -> None:
    bench, pump, rig = fenced()
    rig.guards = False
    assert bench.load(PROGRAM) is CommandResult.ACCEPTED
    assert pump.sent == ["load"]


def test_a_pump_that_was_started_takes_none_once_the_watchdog_has_tripped() -> None:
    bench, pump, rig = fenced()
    bench.command(Command.START)
    rig.guards = False
    with pytest.raises(BenchFault, match="load_program: its watchdog has tripped"):
        bench.load(PROGRAM)
    assert pump.sent == ["start"]
    bench.command(Command.STOP)
    bench.load(PROGRAM)
    assert pump.sent == ["start", "stop", "load"]


def test_of_a_session_only_the_loading_needs_the_watchdog() -> None:
    bench, pump, rig = fenced()
    bench.command(Command.START)
    rig.guards = False
    messages = {one.part: one for one in bench.session(PROGRAM)}
    for part in (SessionPart.READ, SessionPart.STAGE_FIRST, SessionPart.STAGE_REST):
        messages[part].send()
    with pytest.raises(BenchFault, match="load_program"):
        messages[SessionPart.LOAD].send()
    assert pump.sent == ["start", "READ", "STAGE_FIRST", "STAGE_REST"]


def test_a_frame_out_of_order_needs_the_watchdog_and_a_driver_that_can_send_it() -> None:
    bench, _, rig = fenced()
    with pytest.raises(BenchFault, match="its driver sends nothing but what is due"):
        bench.send_again(Command.START)
    rig.guards = False
    with pytest.raises(BenchFault, match="its watchdog has tripped"):
        bench.send_unread(Command.START)


def test_the_driver_for_register_maps_can_do_both() -> None:
    assert issubclass(ModbusPump, SendsSessions)
    assert issubclass(ModbusPump, SendsFrames)
