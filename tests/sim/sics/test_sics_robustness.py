# SPDX-License-Identifier: Apache-2.0
"""The ten points of a robust balance driver (each a test by its number), and what no driver can see."""

import threading
import time
from contextlib import closing

import pytest

from groundfloor.errors import BenchFault
from instruments.balance import (
    BalanceBusy,
    BalanceOverload,
    BalanceRefused,
    BalanceRestarted,
    BalanceUnderload,
    MassReading,
)
from instruments.sics.balance import SicsBalance
from tests.sim.scripted_balance import GREETING, SERIAL_NUMBER, ScriptedBalance, drip
from tests.sim.sics.open_balance import PRINT_KEY, TIMEOUT_S, assert_answered, both_lines, open_balance
from tests.sim.stopwatch import Stopwatch


@both_lines
def test_point_1_a_dripped_answer_ends_at_the_total_deadline(device: ScriptedBalance, tared: SicsBalance) -> None:
    for _ in range(3):
        device.script(b"SI", *drip(PRINT_KEY, 0.05))
    watch = Stopwatch()
    with pytest.raises(BenchFault):
        tared.read_mass_g()
    assert watch.own_s < 4.0


@both_lines
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


@both_lines
def test_point_3_a_print_key_line_beside_the_answer_is_never_the_answer(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    for place, lines in enumerate(([PRINT_KEY, b"S S    14.2560 g\r\n"], [b"S S    14.2560 g\r\n", PRINT_KEY])):
        device.script(b"SI", b"".join(lines))
        reading = tared.read_mass_g()
        assert_answered(reading, device)
        assert reading.mass_g not in (14.256, 55.5555)
        assert tared.unsolicited_count > place


@both_lines
def test_point_3_a_line_that_came_before_the_request_is_never_the_answer(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.send(PRINT_KEY)
    time.sleep(0.05)
    assert_answered(tared.read_mass_g(), device)
    assert tared.unsolicited_count == 1
    assert device.commands.count(b"@") == 1


def test_point_3_a_repeat_of_the_last_fence_does_not_close_the_exchange(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    last_fence = device.replies[device.commands[-1]]
    device.script(b"SI", PRINT_KEY + last_fence, 0.03, b"S S    14.2560 g\r\n")
    reading = tared.read_mass_g()
    assert_answered(reading, device)
    assert reading.mass_g not in (14.256, 55.5555)


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


@pytest.mark.parametrize("reply", [b"ES\r\n", b"ET\r\n"])
def test_point_5_a_command_that_arrived_damaged_is_asked_again_at_most_twice(
    device: ScriptedBalance, balance: SicsBalance, reply: bytes
) -> None:
    device.script(b"SI", reply)
    assert_answered(balance.read_mass_g(), device)
    for _ in range(3):
        device.script(b"SI", reply)
    with pytest.raises(BalanceRefused, match=reply[:2].decode()):
        balance.read_mass_g()
    assert device.commands.count(b"SI") == 5
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


@both_lines
@pytest.mark.parametrize("delay_s", [1.2 * TIMEOUT_S, 2.5 * TIMEOUT_S])
def test_point_6_a_late_answer_is_not_paired_with_the_next_request(
    device: ScriptedBalance, tared: SicsBalance, delay_s: float
) -> None:
    device.script(b"SI", delay_s, b"S S    14.2560 g\r\n")
    for _ in range(3):
        assert_answered(tared.read_mass_g(), device)


@both_lines
def test_point_6_half_a_line_before_a_time_out_does_not_become_the_next_value(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"SI", b"S S   1", 1.3 * TIMEOUT_S, b"00.0000 g\r\n")
    for _ in range(3):
        assert_answered(tared.read_mass_g(), device)


def test_point_7_the_flag_of_the_balance_stays_with_the_value(device: ScriptedBalance, balance: SicsBalance) -> None:
    device.script(b"SI", b"S D    14.2560 g\r\n")
    assert balance.read_mass_g() == MassReading(14.256, stable=False)


@both_lines
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


@both_lines
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
    device.restart()
    with pytest.raises(BalanceRestarted, match=r"tare was .* and is now 0\.0000 g"):
        tared.read_mass_g()


def test_point_8_an_answer_that_came_twice_while_resynchronising_is_no_restart(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"SI")
    device.script(b"@", GREETING + GREETING)
    assert_answered(tared.read_mass_g(), device)


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


@both_lines
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


def test_an_interrupted_reading_does_not_leave_its_answer_to_the_next(
    device: ScriptedBalance, tared: SicsBalance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tared._line, "receive", interrupt)  # Ctrl-C between request and answer
        with pytest.raises(KeyboardInterrupt):
            tared.read_mass_g()
    assert_answered(tared.read_mass_g(), device)
    assert device.commands.count(b"@") == 2


def test_known_limit_a_foreign_weight_line_in_place_of_a_lost_answer_cannot_be_told_apart(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"SI", PRINT_KEY)
    assert tared.read_mass_g().mass_g == 55.5555
