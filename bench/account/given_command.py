# SPDX-License-Identifier: Apache-2.0
"""A command that the bench gave to the pump, between two instants, and what the pump said to it."""

from dataclasses import dataclass

from instruments.pump import Command, CommandResult


@dataclass(frozen=True)
class GivenCommand:
    """One command.

    Attributes:
        command: which.
        answer: accepted, or why not.
        sent_s: bench time just before it was sent.
        answered_s: bench time just after the answer.
        device_clock_s: the pump's clock just after the answer.
    """

    command: Command
    answer: CommandResult
    sent_s: float
    answered_s: float
    device_clock_s: float

    @property
    def accepted(self) -> bool:
        """Tell whether the pump took it."""
        return self.answer is CommandResult.ACCEPTED
