# SPDX-License-Identifier: Apache-2.0
"""A balance that is closed, silent, no balance at all, cut off, or in the midst of a stream."""

import time
from contextlib import closing

import pytest

from groundfloor.errors import BenchFault
from instruments.balance_access import BalanceAccess
from instruments.sics.balance import SicsBalance
from tests.sim.scripted_balance import CLOSE, GREETING, RESET, Action, ScriptedBalance
from tests.sim.sics.open_balance import PRINT_KEY, TIMEOUT_S, assert_answered, both_lines, open_balance
from tests.sim.stopwatch import Stopwatch


def test_a_closed_port_is_told_at_open() -> None:
    with ScriptedBalance() as device:
        gone = device.resource
    with pytest.raises(BenchFault, match="refused") as told:
        SicsBalance.open(BalanceAccess(gone, TIMEOUT_S))
    assert gone in str(told.value)


def test_a_silent_balance_is_told_at_open_within_a_bounded_time(device: ScriptedBalance) -> None:
    device.wire = lambda _, __: []
    watch = Stopwatch()
    with pytest.raises(BenchFault, match="no whole line"):
        open_balance(device)
    assert watch.own_s < 1.5


def test_something_that_is_no_balance_is_refused_at_open(device: ScriptedBalance) -> None:
    device.wire = lambda _, __: [b"HTTP/1.1 400 Bad Request\r\n"]
    with pytest.raises(BenchFault):
        open_balance(device)


@both_lines
def test_a_balance_that_falls_silent_is_a_fault_within_a_bounded_time(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.wire = lambda _, __: []
    watch = Stopwatch()
    with pytest.raises(BenchFault, match="no whole line"):
        tared.read_mass_g()
    assert watch.own_s < 6 * TIMEOUT_S + 1.0
    device.wire = lambda _, reply: [reply]
    assert_answered(tared.read_mass_g(), device)


@pytest.mark.parametrize("how", [CLOSE, RESET])
def test_after_a_broken_connection_the_reading_is_taken_over_a_new_one(how: str) -> None:
    with ScriptedBalance() as device, closing(open_balance(device)) as balance:
        balance.tare()
        device.script(b"SI", how)
        assert_answered(balance.read_mass_g(), device)
        assert device.connections == 2


def test_an_idle_connection_that_broke_between_readings_is_renewed() -> None:
    with ScriptedBalance() as device, closing(open_balance(device)) as balance:
        balance.tare()
        device.reset_connection()
        time.sleep(0.05)
        assert_answered(balance.read_mass_g(), device)


def test_a_pulled_serial_adapter_is_a_fault() -> None:
    with ScriptedBalance(pty=True) as device, closing(open_balance(device)) as balance:
        balance.tare()
        device.script(b"SI", CLOSE)
        with pytest.raises(BenchFault):
            balance.read_mass_g()


@both_lines
def test_a_stream_left_running_is_ended_at_open(device: ScriptedBalance) -> None:
    stream: list[Action] = [PRINT_KEY, 0.002]
    device.script(b"@", *(5 * stream), GREETING)
    with closing(open_balance(device)) as balance:
        assert_answered(balance.read_mass_g(), device)
        assert balance.unsolicited_count >= 5
