# SPDX-License-Identifier: Apache-2.0
"""A programming session, message by message: so that a bench can break it off after any of them, or mix up two.

Not every driver can; what cannot is a bench that does not test what a broken session does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault
from instruments.program import Program
from instruments.pump import CommandResult


class SessionPart(StrEnum):
    """What a message of a session does; a driver sends them in this order, and may send several of one kind."""

    READ = "the program in force is read"
    STAGE_FIRST = "the first half of the program is written"
    STAGE_REST = "the rest of the program is written, with its checksum"
    LOAD = "the program is loaded"
    READ_BACK = "the program in force is read back"


@dataclass(frozen=True)
class SessionMessage:
    """One message.

    Attributes:
        part: what it does.
        send: sends it once, and returns what the pump answered to a command; None for a message without one.
    """

    part: SessionPart
    send: Callable[[], CommandResult | None]


@runtime_checkable
class SendsSessions(Protocol):
    """A driver that can send a session message by message."""

    def session(self, program: Program, *, checksum_error: bool = False) -> tuple[SessionMessage, ...]:
        """Return the messages that program a pump, in order; nothing is sent yet.

        Args:
            program: what is to be in force.
            checksum_error: whether its checksum is a wrong one.

        Raises:
            PlanError: a value cannot stand in its register.
        """
        ...


def session_of(pump: object, program: Program, *, checksum_error: bool = False) -> tuple[SessionMessage, ...]:
    """Return the messages of a session; arguments as `SendsSessions.session`.

    Raises:
        BenchFault: this driver cannot send one message by message.
    """
    if isinstance(pump, SendsSessions):
        return pump.session(program, checksum_error=checksum_error)
    seen, next_step = "its driver sends a program in one piece", "give the driver a `session`, see the contract"
    raise BenchFault("pump", "send a programming session message by message", seen, next_step)
