# SPDX-License-Identifier: Apache-2.0
"""The last accepted command is the cause that an alarm has to answer again; one that was refused is none."""

import pytest

from bench.account import GivenCommand
from bench.infusion.last_given import last_given
from groundfloor.errors import PlanError
from instruments.pump import Command, CommandResult

GIVEN = [
    GivenCommand(Command.START, CommandResult.ACCEPTED, 10.0, 11.0, 0.0),
    GivenCommand(Command.ACKNOWLEDGE, CommandResult.ACCEPTED, 20.0, 21.0, 0.0),
    GivenCommand(Command.ACKNOWLEDGE, CommandResult.ACCEPTED, 30.0, 31.5, 0.0),
    GivenCommand(Command.ACKNOWLEDGE, CommandResult.RESERVOIR_EMPTY, 40.0, 41.0, 0.0),
]


def test_the_last_accepted_one_is_the_cause() -> None:
    began = last_given(Command.ACKNOWLEDGE, GIVEN, "day 1").began
    assert (began.after_s, began.before_s) == (30.0, 31.5)


def test_what_was_never_given_is_no_cause() -> None:
    with pytest.raises(PlanError, match="day 1: take the last stop as a cause: there was none"):
        last_given(Command.STOP, GIVEN, "day 1")
