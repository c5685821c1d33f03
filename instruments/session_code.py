# SPDX-License-Identifier: Apache-2.0
"""The code that a programmer shows with each command, where a pump asks for one: without it nothing is carried out.

A checksum tells that a frame is whole, not who sent it. Not every pump asks; what does not ask is none whose commands
can be unproven. A stop is taken from whoever gives it.
"""

from enum import StrEnum
from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault
from instruments.pump import Command


class ShownCode(StrEnum):
    """What a sender shows that has no right to command."""

    NONE = "no code"
    """None at all."""
    WRONG = "a wrong code"
    """One that is not the pump's."""


@runtime_checkable
class SendsUnproven(Protocol):
    """A driver that can send a command that is due without the code that proves its sender."""

    def send_unproven(self, command: Command, shown: ShownCode, argument: float = 0.0) -> None:
        """Send a command under a number that is due, and do not ask what became of it; the number counts as unused.

        Args:
            command: which.
            shown: what stands in place of the code.
            argument: of the command.

        Raises:
            BenchFault: the pump asks for no code, or the wire failed.
        """
        ...


def sends_unproven(pump: object) -> SendsUnproven:
    """Return what sends such commands.

    Raises:
        BenchFault: this driver cannot.
    """
    if isinstance(pump, SendsUnproven):
        return pump
    raise no_session_code("pump")


def no_session_code(asset: str) -> BenchFault:
    """Return the fault of a bench that shows no code."""
    seen = "driver, register map or bench file knows no session code"
    next_step = "add `session_code` to the pump's map, and `session_code` to [pump] of the bench file"
    return BenchFault(asset, "send a command without its session code", seen, next_step)
