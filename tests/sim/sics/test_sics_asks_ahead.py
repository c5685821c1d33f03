# SPDX-License-Identifier: Apache-2.0
"""The mass that is asked for ahead: it is the answer to that question, or it is asked for anew."""

import pytest

from groundfloor.errors import BenchFault
from instruments.balance import BalanceRestarted, MassReading
from instruments.sics.balance import SicsBalance
from tests.sim.scripted_balance import CLOSE, GREETING, RESET, Action, ScriptedBalance
from tests.sim.sics.open_balance import both_lines


@both_lines
def test_the_mass_is_that_of_the_question_and_one_question_is_asked(
    device: ScriptedBalance, balance: SicsBalance
) -> None:
    take = balance.ask_ahead()
    asked = device.commands.count(b"SI")
    assert take() == MassReading(float(device.weights[-1]), stable=True)
    assert device.commands.count(b"SI") == max(asked, 1) == 1
    assert not device.overlapped


@both_lines
def test_what_is_done_in_between_throws_the_answer_away(device: ScriptedBalance, balance: SicsBalance) -> None:
    take = balance.ask_ahead()
    balance.tare()
    assert take() == MassReading(float(device.weights[-1]), stable=True)
    assert device.commands.index(b"T") < len(device.commands) - 1 - device.commands[::-1].index(b"SI")


def test_what_nobody_took_is_no_answer_to_the_next_question(device: ScriptedBalance, tared: SicsBalance) -> None:
    tared.ask_ahead()
    assert tared.ask_ahead()() == MassReading(float(device.weights[-1]), stable=True)
    tared.ask_ahead()
    assert tared.read_mass_g() == MassReading(float(device.weights[-1]), stable=True)


@pytest.mark.parametrize(
    "actions",
    [[], [CLOSE], [RESET], [b"S S     1.2345"], [b"ES\r\n"], [b"S S     1.2345 g\r\nS S     1.2345 g\r\n"], [b"\r\n"]],
    ids=["silent", "closed", "reset", "half", "damaged command", "twice", "empty"],
)
def test_a_fault_is_asked_again_and_no_wrong_mass_is_given(
    device: ScriptedBalance, balance: SicsBalance, actions: list[Action]
) -> None:
    device.script(b"SI", *actions)
    assert balance.ask_ahead()() == MassReading(float(device.weights[-1]), stable=True)


def test_a_balance_that_has_restarted_gives_no_mass(device: ScriptedBalance, balance: SicsBalance) -> None:
    device.script(b"SI", GREETING)
    with pytest.raises(BalanceRestarted):
        balance.ask_ahead()()
    with pytest.raises(BenchFault):
        balance.ask_ahead()()


def test_a_closed_balance_is_not_asked(device: ScriptedBalance, balance: SicsBalance) -> None:
    balance.close()
    asked = len(device.commands)
    with pytest.raises(BenchFault, match="closed"):
        balance.ask_ahead()()
    assert len(device.commands) == asked
