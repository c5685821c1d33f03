# SPDX-License-Identifier: Apache-2.0
"""The balance driver against a balance whose every byte is scripted, over real sockets and ptys."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

import pytest

from instruments.balance import (
    Balance,
    BalanceBusy,
    BalanceIdentity,
    BalanceOverload,
    BalanceRefused,
    BalanceRestarted,
    BalanceUnderload,
    MassReading,
)
from instruments.errors import BenchFault
from instruments.sics_balance import SicsBalance
from tests.sim.scripted_balance import CLOSE, GREETING, RESET, SERIAL_NUMBER, ScriptedBalance

TIMEOUT_S = 0.15
QUIET_S = 0.02
PRINT_KEY = b"S S    55.5555 g\r\n"


def open_balance(device: ScriptedBalance, **options: object) -> SicsBalance:
    defaults = {"timeout_s": TIMEOUT_S, "stable_timeout_s": 0.4, "quiet_s": QUIET_S}
    return SicsBalance.open(device.resource, **{**defaults, **options})  # type: ignore[arg-type]  # names of open()


@pytest.fixture(params=["tcp", "pty"])
def device(request: pytest.FixtureRequest) -> Iterator[ScriptedBalance]:
    with ScriptedBalance(pty=request.param == "pty") as served:
        yield served


@pytest.fixture
def balance(device: ScriptedBalance) -> Iterator[SicsBalance]:
    with closing(open_balance(device)) as opened:
        yield opened


@pytest.fixture
def tared(device: ScriptedBalance, balance: SicsBalance) -> SicsBalance:
    balance.tare()
    return balance


def assert_answered(reading: MassReading, device: ScriptedBalance) -> None:
    """The reading is what the device sent in answer to the last request, and nothing else."""
    assert Decimal(str(reading.mass_g)) == device.weights[-1]


# --- the ordinary path ------------------------------------------------------------------------------------------------


def test_a_balance_is_identified_at_open(balance: Balance) -> None:
    assert balance.identify() == BalanceIdentity("XSR205DU", SERIAL_NUMBER, "2.10 10.28.0.493.142", 220.0)


def test_a_model_name_with_blanks_and_a_capacity_in_kilograms_are_read_from_the_right() -> None:
    with ScriptedBalance() as device:
        device.replies[b"I2"] = b'I2 A "WMS204-L Standard 4.1 kg"\r\n'
        with closing(open_balance(device)) as balance:
            assert balance.identify().model == "WMS204-L Standard"
            assert balance.identify().capacity_g == 4100.0


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


def test_tare_and_zero_are_sent_once_and_done(device: ScriptedBalance, balance: SicsBalance) -> None:
    balance.tare()
    balance.zero()
    assert device.commands.count(b"T") == device.commands.count(b"Z") == 1
    assert_answered(balance.read_mass_g(), device)


def test_two_opens_after_each_other_work(device: ScriptedBalance) -> None:
    for _ in range(2):
        with closing(open_balance(device)) as balance:
            assert_answered(balance.read_mass_g(), device)


def test_a_closed_balance_says_so(balance: SicsBalance) -> None:
    balance.close()
    balance.close()
    with pytest.raises(BenchFault, match="was closed"):
        balance.read_mass_g()


# --- the ten points of a robust driver --------------------------------------------------------------------------------


def test_point_1_a_dripped_answer_ends_at_the_total_deadline(device: ScriptedBalance, tared: SicsBalance) -> None:
    for _ in range(3):
        device.script(b"SI", *[item for byte in PRINT_KEY for item in (bytes([byte]), 0.05)])
    began = time.monotonic()
    with pytest.raises(BenchFault):
        tared.read_mass_g()
    assert time.monotonic() - began < 4.0


def test_point_2_at_open_leftovers_are_drained_and_the_balance_is_reset_first(device: ScriptedBalance) -> None:
    device.script(b"@", PRINT_KEY, b"S S  ", b"garbage\r\n", GREETING)
    with closing(open_balance(device)) as balance:
        assert device.commands[0] == b"@"
        assert {b"I2", b"I3", b"I4", b"M03", b"M17", b"M18", b"M21"} <= set(device.commands)
        assert balance.identify().serial_number == SERIAL_NUMBER
        assert balance.unsolicited_count == 2


@pytest.mark.parametrize(
    "foreign", [b"T S    14.2560 g\r\n", b'I2 A "XSR205DU 220.0000 g"\r\n', b"Z A\r\n", b"K C 7\r\n", b"M03 A 0\r\n"]
)
def test_point_3_a_line_of_another_id_is_counted_and_never_the_answer(
    device: ScriptedBalance, tared: SicsBalance, foreign: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    device.script(b"SI", foreign)
    assert_answered(tared.read_mass_g(), device)
    assert tared.unsolicited_count == 1
    assert repr(foreign) in caplog.text


def test_point_3_a_print_key_line_beside_the_answer_is_never_the_answer(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    for place, lines in enumerate(([PRINT_KEY, b"S S    14.2560 g\r\n"], [b"S S    14.2560 g\r\n", PRINT_KEY])):
        device.script(b"SI", b"".join(lines))
        reading = tared.read_mass_g()
        assert_answered(reading, device)
        assert reading.mass_g not in (14.256, 55.5555)
        assert tared.unsolicited_count > place


def test_point_3_a_line_that_came_before_the_request_is_never_the_answer(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.send(PRINT_KEY)
    time.sleep(0.05)
    assert_answered(tared.read_mass_g(), device)
    assert tared.unsolicited_count == 1
    assert device.commands.count(b"@") == 1


@pytest.mark.parametrize(
    "damaged",
    [
        b"S S    100.00 g\r\n",
        b"S S    100\r\n",
        b"S S   100.0001 g\n",
        b"S S   100.\xb0001 g\r\n",
        b"S S   nan      g\r\n",
        b"\r\n",
    ],
)
def test_point_4_a_damaged_line_is_refused_and_asked_for_again(
    device: ScriptedBalance, tared: SicsBalance, damaged: bytes
) -> None:
    device.script(b"SI", damaged)
    assert_answered(tared.read_mass_g(), device)
    assert device.commands.count(b"SI") == 2


@pytest.mark.parametrize(
    ("reply", "error", "told"),
    [
        (b"S I\r\n", BalanceBusy, "not now"),
        (b"S L\r\n", BalanceRefused, "not accepted"),
        (b"S +\r\n", BalanceOverload, "overload"),
        (b"S -\r\n", BalanceUnderload, "underload"),
        (b"ES\r\n", BalanceRefused, "ES"),
        (b"ET\r\n", BalanceRefused, "ET"),
        (b"EL\r\n", BalanceRefused, "EL"),
        (b"S S      Error 10b\r\n", BenchFault, "Error 10b"),
        (b"S S    14.2560 ct\r\n", BenchFault, "unit was g and is now ct"),
        (b"S S    14.2560 mg\r\n", BenchFault, "unit was g and is now mg"),
    ],
)
def test_point_5_every_refusal_is_an_error_of_its_own_and_the_next_reading_works(
    device: ScriptedBalance, balance: SicsBalance, reply: bytes, error: type[BenchFault], told: str
) -> None:
    device.script(b"SI", reply)
    with pytest.raises(error, match=told):
        balance.read_mass_g()
    assert device.commands.count(b"SI") == 1
    assert_answered(balance.read_mass_g(), device)


def test_point_5_no_stability_is_busy(device: ScriptedBalance, balance: SicsBalance) -> None:
    device.script(b"S", b"S I\r\n")
    with pytest.raises(BalanceBusy):
        balance.read_stable_mass_g()


def test_point_5_a_dynamic_weight_is_never_given_out_as_the_stable_one(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"S", b"S D    14.2560 g\r\n")
    reading = tared.read_stable_mass_g()
    assert reading.stable
    assert_answered(reading, device)


@pytest.mark.parametrize("delay_s", [1.2 * TIMEOUT_S, 2.5 * TIMEOUT_S])
def test_point_6_a_late_answer_is_not_paired_with_the_next_request(
    device: ScriptedBalance, tared: SicsBalance, delay_s: float
) -> None:
    device.script(b"SI", delay_s, b"S S    14.2560 g\r\n")
    for _ in range(3):
        assert_answered(tared.read_mass_g(), device)


def test_point_6_half_a_line_before_a_time_out_does_not_become_the_next_value(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"SI", b"S S   1", 1.3 * TIMEOUT_S, b"00.0000 g\r\n")
    for _ in range(3):
        assert_answered(tared.read_mass_g(), device)


def test_point_7_the_flag_of_the_balance_stays_with_the_value(device: ScriptedBalance, balance: SicsBalance) -> None:
    device.script(b"SI", b"S D    14.2560 g\r\n")
    assert balance.read_mass_g() == MassReading(14.256, stable=False)


def test_point_8_a_power_up_line_makes_the_run_void(device: ScriptedBalance, tared: SicsBalance) -> None:
    device.restart()
    device.send(GREETING)
    time.sleep(0.05)
    with pytest.raises(BalanceRestarted):
        tared.read_mass_g()
    with pytest.raises(BalanceRestarted):
        tared.read_stable_mass_g()
    tared.tare()
    assert_answered(tared.read_mass_g(), device)


@pytest.mark.parametrize("when", ["in place of the answer", "before the answer", "after the answer"])
def test_point_8_a_power_up_line_within_an_exchange_makes_the_run_void(
    device: ScriptedBalance, tared: SicsBalance, when: str
) -> None:
    lines = {
        "in place of the answer": GREETING,
        "before the answer": GREETING + PRINT_KEY,
        "after the answer": PRINT_KEY + GREETING,
    }
    device.script(b"SI", lines[when])
    with pytest.raises(BalanceRestarted):
        tared.read_mass_g()


def test_point_8_a_restart_whose_power_up_line_was_lost_is_found_by_the_tare(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"SI")  # silent: it is down
    device.restart()
    with pytest.raises(BalanceRestarted, match=r"tare was .* and is now 0\.0000 g"):
        tared.read_mass_g()


def test_point_8_a_restart_while_resynchronising_is_noticed(device: ScriptedBalance, tared: SicsBalance) -> None:
    device.script(b"SI")
    device.script(b"@", GREETING + GREETING)
    with pytest.raises(BalanceRestarted):
        tared.read_mass_g()


def test_point_8_without_a_tare_memory_a_restart_cannot_be_excluded_after_a_doubt(device: ScriptedBalance) -> None:
    device.knows_tare_memory = False
    with closing(open_balance(device)) as balance:
        balance.tare()
        assert_answered(balance.read_mass_g(), device)
        device.script(b"SI")
        with pytest.raises(BalanceRestarted, match="no tare can show"):
            balance.read_mass_g()


def test_point_8_before_the_first_reading_a_doubt_is_only_a_doubt(
    device: ScriptedBalance, balance: SicsBalance
) -> None:
    device.script(b"SI")
    assert_answered(balance.read_mass_g(), device)


def test_point_8_another_balance_on_the_line_is_not_gone_on_with(device: ScriptedBalance, tared: SicsBalance) -> None:
    device.replies[b"@"] = b'I4 A "C999999999"\r\n'
    device.script(b"SI")
    with pytest.raises(BalanceRestarted, match="C999999999"):
        tared.read_mass_g()


def test_points_9_and_10_threads_never_have_two_commands_on_the_line(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    def slow(_: bytes, reply: bytes) -> list[bytes | float | str]:
        return [0.001, reply]

    device.wire = slow
    seen: list[float] = []
    threads = [
        threading.Thread(target=lambda: seen.extend(tared.read_mass_g().mass_g for _ in range(10))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == sorted(float(value) for value in device.weights)
    assert not device.overlapped


# --- settings ---------------------------------------------------------------------------------------------------------


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
        with pytest.raises(BenchFault, match="accept_unverified_settings=True"):
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


# --- nobody there -----------------------------------------------------------------------------------------------------


def test_a_closed_port_is_told_at_open() -> None:
    with ScriptedBalance() as device:
        gone = device.resource
    with pytest.raises(BenchFault, match="refused") as told:
        SicsBalance.open(gone, timeout_s=TIMEOUT_S)
    assert gone in str(told.value)


def test_a_silent_balance_is_told_at_open_within_a_bounded_time(device: ScriptedBalance) -> None:
    device.wire = lambda _, __: []
    began = time.monotonic()
    with pytest.raises(BenchFault, match="no whole line"):
        open_balance(device)
    assert time.monotonic() - began < 1.5


def test_something_that_is_no_balance_is_refused_at_open(device: ScriptedBalance) -> None:
    device.wire = lambda _, __: [b"HTTP/1.1 400 Bad Request\r\n"]
    with pytest.raises(BenchFault):
        open_balance(device)


def test_a_balance_that_falls_silent_is_a_fault_within_a_bounded_time(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.wire = lambda _, __: []
    began = time.monotonic()
    with pytest.raises(BenchFault, match="no whole line"):
        tared.read_mass_g()
    assert time.monotonic() - began < 6 * TIMEOUT_S + 1.0
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


def test_a_stream_left_running_is_ended_at_open(device: ScriptedBalance) -> None:
    device.script(b"@", *[PRINT_KEY, 0.005] * 10, GREETING)
    with closing(open_balance(device)) as balance:
        assert_answered(balance.read_mass_g(), device)
        assert balance.unsolicited_count == 10


def test_an_interrupted_reading_does_not_leave_its_answer_to_the_next(
    device: ScriptedBalance, tared: SicsBalance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tared._line, "receive", interrupt)  # noqa: SLF001 - Ctrl-C between request and answer
        with pytest.raises(KeyboardInterrupt):
            tared.read_mass_g()
    assert_answered(tared.read_mass_g(), device)
    assert device.commands.count(b"@") == 2


# --- tare and zero are never blindly repeated -------------------------------------------------------------------------


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


def test_after_a_tare_of_unknown_outcome_readings_are_refused_until_the_next_one(
    device: ScriptedBalance, balance: SicsBalance
) -> None:
    device.knows_tare_memory = False
    device.script(b"T")
    with pytest.raises(BenchFault, match="may or may not"):
        balance.tare()
    with pytest.raises(BenchFault, match="unknown whether"):
        balance.read_mass_g()
    balance.tare()
    assert_answered(balance.read_mass_g(), device)


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
    device.script(b"Z", b"garbage\r\n")
    kept = device.tare
    device._reply, original = (lambda c: b"" if c == b"Z" else original(c)), device._reply  # type: ignore[method-assign]
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


# --- SIC1 -------------------------------------------------------------------------------------------------------------


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


# --- the limits of a protocol without request numbers ------------------------------------------------------------------


def test_known_limit_a_foreign_weight_line_in_place_of_a_lost_answer_cannot_be_told_apart(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"SI", PRINT_KEY)
    assert tared.read_mass_g().mass_g == 55.5555
