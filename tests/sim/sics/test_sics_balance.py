# SPDX-License-Identifier: Apache-2.0
"""The balance driver against a balance whose every byte is scripted: what it does, over real sockets and ptys."""

from contextlib import closing

import pytest

from groundfloor.errors import BenchFault
from instruments.balance import (
    Balance,
    BalanceBusy,
    BalanceIdentity,
    BalanceOverload,
    BalanceRefused,
    BalanceUnderload,
    MassReading,
)
from instruments.sics.balance import SicsBalance
from tests.sim.scripted_balance import SERIAL_NUMBER, ScriptedBalance
from tests.sim.sics.open_balance import TIMEOUT_S, assert_answered, both_lines, open_balance


def test_a_balance_is_identified_at_open(balance: Balance) -> None:
    assert balance.identify() == BalanceIdentity("XSR205DU", SERIAL_NUMBER, "2.10 10.28.0.493.142", 220.0)


def test_a_model_name_with_blanks_and_a_capacity_in_kilograms_are_read_from_the_right() -> None:
    with ScriptedBalance() as device:
        device.replies[b"I2"] = b'I2 A "WMS204-L Standard 4.1 kg"\r\n'
        with closing(open_balance(device)) as balance:
            assert balance.identify().model == "WMS204-L Standard"
            assert balance.identify().capacity_g == 4100.0


@both_lines
def test_the_immediate_mass_carries_the_balances_own_flag(device: ScriptedBalance, balance: SicsBalance) -> None:
    assert balance.read_mass_g() == MassReading(float(device.weights[-1]), stable=True)
    device.status = "D"
    assert balance.read_mass_g() == MassReading(float(device.weights[-1]), stable=False)


def test_the_stable_mass_is_waited_for_longer_than_an_answer(device: ScriptedBalance, balance: SicsBalance) -> None:
    device.script(b"S", 2 * TIMEOUT_S, b"S S    14.2560 g\r\n")
    assert balance.read_stable_mass_g() == MassReading(14.256, stable=True)
    assert device.commands.count(b"S") == 1


@pytest.mark.parametrize(("unit", "mass_g"), [("mg", 0.1000001), ("kg", 100000.1)])
def test_milligrams_and_kilograms_are_converted_exactly(unit: str, mass_g: float) -> None:
    with ScriptedBalance(unit=unit) as device, closing(open_balance(device)) as balance:
        assert balance.read_mass_g().mass_g == mass_g


@both_lines
def test_tare_and_zero_are_sent_once_and_done(device: ScriptedBalance, balance: SicsBalance) -> None:
    balance.tare()
    balance.zero()
    assert device.commands.count(b"T") == device.commands.count(b"Z") == 1
    assert_answered(balance.read_mass_g(), device)


@both_lines
def test_two_opens_after_each_other_work(device: ScriptedBalance) -> None:
    for _ in range(2):
        with closing(open_balance(device)) as balance:
            assert_answered(balance.read_mass_g(), device)


def test_a_closed_balance_says_so(balance: SicsBalance) -> None:
    balance.close()
    balance.close()
    with pytest.raises(BenchFault, match="was closed"):
        balance.read_mass_g()


@pytest.mark.parametrize(
    ("command", "reply", "told"),
    [
        (b"M03", b"M03 A 1\r\n", "auto zero is on.*send M03 0"),
        (b"M17", b"M17 A 12 00 00 127\r\n", "by time.*is on.*send M17 00 00 00 0"),
        (b"M18", b"M18 A 2\r\n", "by temperature.*is on.*send M18 0"),
        (b"C0", b"C0 A 1 0\r\n", "automatic adjustment is on.*send C0 0 0"),
        (b"M21", b"M21 B 0 5\r\nM21 B 1 0\r\nM21 A 2 0\r\n", "host unit.*code 5.*send M21 0 0"),
    ],
)
def test_a_setting_that_falsifies_a_run_is_refused_and_the_error_says_how_to_change_it(
    command: bytes, reply: bytes, told: str
) -> None:
    with ScriptedBalance() as device:
        device.replies[command] = reply
        for accept in (False, True):
            with pytest.raises(BenchFault, match=told):
                open_balance(device, accept_unverified_settings=accept)


@pytest.mark.parametrize("command", [b"M03", b"M17", b"M18", b"M21"])
@pytest.mark.parametrize("says", [b"ES\r\n", b"%s I\r\n"])
def test_a_setting_that_the_balance_does_not_tell_is_refused_unless_accepted(command: bytes, says: bytes) -> None:
    with ScriptedBalance() as device:
        device.replies[command] = says % command if b"%" in says else says
        with pytest.raises(BenchFault, match="accept_unverified_settings = true in"):
            open_balance(device)
        with closing(open_balance(device, accept_unverified_settings=True)) as balance:
            assert_answered(balance.read_mass_g(), device)


def test_a_host_unit_told_on_one_line_will_do() -> None:
    with ScriptedBalance() as device:
        device.replies[b"M21"] = b"M21 A 0 0\r\n"
        with closing(open_balance(device)) as balance:
            assert_answered(balance.read_mass_g(), device)


def test_with_an_unknown_host_unit_a_unit_that_is_no_mass_unit_of_ours_is_refused_at_the_reading() -> None:
    with ScriptedBalance() as device:
        del device.replies[b"M21"]
        device.unit = "ct"
        device.knows_tare_memory = False
        with closing(open_balance(device, accept_unverified_settings=True)) as balance, pytest.raises(BenchFault):
            balance.read_mass_g()


@both_lines
def test_a_tare_whose_answer_was_lost_is_found_in_the_tare_memory(
    device: ScriptedBalance, balance: SicsBalance
) -> None:
    device.wire = lambda command, reply: [] if command == b"T" else [reply]
    balance.tare()
    assert device.commands.count(b"T") == 1
    assert_answered(balance.read_mass_g(), device)


def test_a_tare_that_was_not_carried_out_is_told_and_the_old_one_still_holds(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"T")
    kept = device.tare
    device.weigh = lambda: kept
    with pytest.raises(BenchFault, match="was not carried out"):
        tared.tare()
    assert device.commands.count(b"T") == 2
    assert_answered(tared.read_mass_g(), device)


def test_after_a_tare_of_unknown_outcome_readings_are_refused_until_the_next_one(device: ScriptedBalance) -> None:
    device.knows_tare_memory = False
    with closing(open_balance(device)) as balance:
        device.script(b"T")
        with pytest.raises(BenchFault, match="may or may not"):
            balance.tare()
        with pytest.raises(BenchFault, match="unknown whether"):
            balance.read_mass_g()
        balance.tare()
        assert_answered(balance.read_mass_g(), device)


@pytest.mark.parametrize("damaged", [b"ES\r\n", b"ET\r\n"])
def test_a_tare_that_arrived_damaged_was_not_carried_out_and_the_old_one_holds(
    device: ScriptedBalance, tared: SicsBalance, damaged: bytes
) -> None:
    kept = device.tare
    device.script(b"T", damaged)
    with pytest.raises(BalanceRefused):
        tared.tare()
    assert device.commands.count(b"T") == 2  # the first one made the tare that holds
    assert device.tare == kept
    assert_answered(tared.read_mass_g(), device)


def test_a_tare_memory_that_was_asked_for_in_damaged_words_is_asked_for_again(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"SI")  # silent: then the tare has to show that it has not restarted
    device.script(b"TA", b"ES\r\n")
    assert_answered(tared.read_mass_g(), device)


def test_a_zero_whose_answer_was_lost_is_not_repeated_and_readings_are_refused(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.wire = lambda command, reply: [] if command == b"Z" else [reply]
    with pytest.raises(BenchFault, match="may or may not"):
        tared.zero()
    assert device.commands.count(b"Z") == 1
    with pytest.raises(BenchFault, match="unknown whether"):
        tared.read_mass_g()


def test_a_zero_that_was_not_carried_out_is_told_and_the_old_zero_still_holds(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    kept = device.tare
    device.ignored = b"Z"
    with pytest.raises(BenchFault, match="was not carried out"):
        tared.zero()
    assert device.tare == kept
    assert_answered(tared.read_mass_g(), device)


@pytest.mark.parametrize(("command", "verb"), [(b"T", "tare"), (b"Z", "zero")])
@pytest.mark.parametrize(("status", "error"), [(b"I", BalanceBusy), (b"+", BalanceOverload), (b"-", BalanceUnderload)])
def test_a_refused_tare_or_zero_changes_nothing(
    device: ScriptedBalance, tared: SicsBalance, command: bytes, verb: str, status: bytes, error: type[BenchFault]
) -> None:
    device.script(command, command + b" " + status + b"\r\n")
    with pytest.raises(error):
        getattr(tared, verb)()
    assert_answered(tared.read_mass_g(), device)


def test_a_balance_that_offers_checksums_is_read_with_them() -> None:
    with ScriptedBalance(sic1=True) as device, closing(open_balance(device)) as balance:
        assert balance.checksummed
        assert_answered(balance.read_mass_g(), device)
        assert balance.read_stable_mass_g().stable
        assert b"SI" not in device.commands


def test_a_balance_without_checksums_is_read_plainly(balance: SicsBalance) -> None:
    assert not balance.checksummed


def test_a_changed_digit_does_not_pass_where_there_is_a_checksum() -> None:
    with ScriptedBalance(sic1=True) as device, closing(open_balance(device)) as balance:
        balance.tare()
        device.script(b"SIC1", b"SIC1 S   12325.01 g E603\r\n")
        assert_answered(balance.read_mass_g(), device)
        assert balance.unsolicited_count == 1


def test_another_wording_of_sic1_is_told_and_can_be_left_aside() -> None:
    with ScriptedBalance() as device:
        device.replies[b"SIC1"] = b"SIC1 A S   12325.00 g E603\r\n"
        with pytest.raises(BenchFault, match="use_checksum=False"):
            open_balance(device)
        with closing(open_balance(device, use_checksum=False)) as balance:
            assert_answered(balance.read_mass_g(), device)


@pytest.mark.parametrize("damaged", [b"ES\r\n", b"ET\r\n"])
@pytest.mark.parametrize("command", [b"M03", b"M21", b"M49", b"SIC1"])
def test_a_question_at_open_that_arrived_damaged_is_asked_again(
    device: ScriptedBalance, command: bytes, damaged: bytes
) -> None:
    device.script(command, damaged)
    with closing(open_balance(device)) as balance:
        balance.tare()
        assert_answered(balance.read_mass_g(), device)
    assert device.commands.count(command) >= 2


def test_a_doubt_while_opening_begins_anew(device: ScriptedBalance) -> None:
    device.script(b"M03")  # silent
    with closing(open_balance(device)) as balance:
        assert_answered(balance.read_mass_g(), device)
    assert device.commands.count(b"@") >= 2
