# SPDX-License-Identifier: Apache-2.0
"""Frames as a bad link makes them: a command whose answer is lost, one that comes again, one that comes too late.

Not every driver can send them; what cannot is a bench that does not test what such a frame does.
"""

from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault
from instruments.pump import Command


@runtime_checkable
class SendsFrames(Protocol):
    """A driver that can send a command without what makes it safe."""

    def send_unread(self, command: Command) -> None:
        """Send a command that is due, and do not ask what became of it.

        Raises:
            BenchFault: the wire failed.
        """
        ...

    def send_again(self, command: Command, argument: float = 0.0, behind: int = 0) -> None:
        """Send a command under a number that was used already, as a link does that repeats or reorders.

        Args:
            command: which.
            argument: of the command.
            behind: so many commands before the last one; 0 for the number of the last.

        Raises:
            BenchFault: the wire failed.
        """
        ...


def frames_of(pump: object) -> SendsFrames:
    """Return what sends such frames.

    Raises:
        BenchFault: this driver cannot.
    """
    if isinstance(pump, SendsFrames):
        return pump
    seen, next_step = "its driver sends nothing but what is due", "give the driver the verbs of `SendsFrames`"
    raise BenchFault("pump", "send a frame as a bad link makes it", seen, next_step)
