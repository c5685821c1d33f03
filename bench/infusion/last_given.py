# SPDX-License-Identifier: Apache-2.0
"""The last of a command as a cause: an alarm that was acknowledged too early has to come again after it."""

from collections.abc import Sequence

from bench.account import GivenCommand
from bench.alarms.begun import Begun
from groundfloor.errors import PlanError
from instruments.pump import Command
from metrology.latency.bracket import Bracket


def last_given(command: Command, given: Sequence[GivenCommand], infusion: str) -> Begun:
    """Return the last accepted `command` of those that were given.

    Args:
        command: which.
        given: all of the infusion, in order.
        infusion: its name, for the error.

    Raises:
        PlanError: there is none.
    """
    accepted = [one for one in given if one.command is command and one.accepted]
    if not accepted:
        raise PlanError(infusion, f"take the last {command} as a cause", "there was none", "give it before")
    return Begun(f"last {command}", Bracket(accepted[-1].sent_s, accepted[-1].answered_s))
