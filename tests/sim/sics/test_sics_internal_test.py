# SPDX-License-Identifier: Apache-2.0
"""The internal test over the wire: answered twice, never fenced in between, and told as nothing but what it was."""

from contextlib import closing

import pytest

from groundfloor.errors import BenchFault
from instruments.balance import BalanceBusy, BalanceRestarted
from instruments.internal_test import InternalTest, SelfTestingBalance
from instruments.sics.balance import SicsBalance
from tests.sim.scripted_balance import CLOSE, GREETING, Action, ScriptedBalance
from tests.sim.sics.open_balance import TIMEOUT_S, assert_answered, both_lines, open_balance

BEGUN = b"TST3 B\r\n"
LONG_S = 3 * TIMEOUT_S


class Patience:
    """Waits as long as it is told to, and counts; what passes the time is the line's own silence."""

    def __init__(self, device: ScriptedBalance, most: int = 1_000_000) -> None:
        self._device, self.count, self._most = device, 0, most

    def __call__(self) -> bool:
        self.count += 1
        return self.count < self._most


def tested(device: ScriptedBalance, balance: SicsBalance, *answer: Action) -> InternalTest | None:
    device.script(b"TST3", *answer)
    device.replies[b"M19"] = b"M19 A    100.0000 g\r\n"
    return balance.test_internally(Patience(device))


@both_lines
def test_the_deviation_comes_with_the_second_answer_however_long_that_takes(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    found = tested(device, tared, BEGUN, LONG_S, b"TST3 A     -0.0123 g\r\n")
    assert found == InternalTest(-0.0123, 100.0)
    begun = device.commands.index(b"TST3")
    assert device.commands[begun + 1] in (b"I2", b"I3", b"I5", b"I11")  # the fence, and only when it was over
    assert not device.overlapped
    assert_answered(tared.read_mass_g(), device)


@pytest.mark.parametrize(
    ("line", "deviation_g"),
    [(b"TST3 A 0.0002 g", 0.0002), (b"TST3 A     20.00000 g", 20.0), (b"TST3 A     -12.5000 mg", -0.0125)],
)
def test_blanks_and_units_are_taken_as_they_come(
    device: ScriptedBalance, tared: SicsBalance, line: bytes, deviation_g: float
) -> None:
    found = tested(device, tared, BEGUN, line + b"\r\n")
    assert found is not None
    assert found.deviation_g == pytest.approx(deviation_g)


@pytest.mark.parametrize("line", [b"ES\r\n", b"TST3 L\r\n"])
def test_a_balance_without_an_internal_weight_has_no_test(
    device: ScriptedBalance, tared: SicsBalance, line: bytes
) -> None:
    device.replies[b"TST3"] = line
    assert tared.test_internally(Patience(device)) is None


def test_a_command_that_was_damaged_on_its_way_is_sent_again(device: ScriptedBalance, tared: SicsBalance) -> None:
    device.script(b"TST3", b"ES\r\n")
    assert tested(device, tared, BEGUN, b"TST3 A 0.0001 g\r\n") == InternalTest(0.0001, 100.0)
    assert device.commands.count(b"TST3") == 2


@pytest.mark.parametrize(("line", "seen"), [(b"TST3 N\r\n", "broken off"), (b"TST3 I\r\n", "cannot be made now")])
def test_a_test_that_was_broken_off_is_no_deviation(
    device: ScriptedBalance, tared: SicsBalance, line: bytes, seen: str
) -> None:
    with pytest.raises(BalanceBusy, match=seen):
        tested(device, tared, BEGUN, line)
    assert_answered(tared.read_mass_g(), device)


def test_a_test_that_does_not_end_is_a_fault_and_the_balance_reads_again(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    for _ in range(3):
        device.script(b"TST3", BEGUN)
    with pytest.raises(BenchFault, match="not over in time"):
        tared.test_internally(Patience(device, most=20))
    assert_answered(tared.read_mass_g(), device)


@pytest.mark.parametrize(
    "line", [b"TST3 A\r\n", b"TST3 A 0.0001\r\n", b"TST2 A 0.0001 g\r\n", b"S S    0.0001 g\r\n", b"TST3 A 1e-4 g\r\n"]
)
def test_a_line_that_is_not_the_answer_is_never_a_deviation(
    device: ScriptedBalance, tared: SicsBalance, line: bytes
) -> None:
    for _ in range(3):
        device.script(b"TST3", BEGUN, line)
    with pytest.raises(BenchFault):
        tared.test_internally(Patience(device))


def test_a_line_too_many_makes_the_answer_doubtful_and_the_test_is_made_again(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"TST3", BEGUN, b"TST3 A 7.0000 g\r\nTST3 A 0.0001 g\r\n")
    assert tested(device, tared, BEGUN, b"TST3 A 0.0001 g\r\n") == InternalTest(0.0001, 100.0)


def test_a_connection_that_breaks_in_the_middle_begins_the_test_anew(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"TST3", BEGUN, CLOSE)
    assert tested(device, tared, BEGUN, b"TST3 A 0.0001 g\r\n") == InternalTest(0.0001, 100.0)


def test_a_balance_that_restarts_meanwhile_is_told(device: ScriptedBalance, tared: SicsBalance) -> None:
    with pytest.raises(BalanceRestarted):
        tested(device, tared, BEGUN, GREETING)


def test_a_tare_that_did_not_survive_is_a_fault_and_no_mass_is_given_out_after_it(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    before = device.tare

    def lose_the_tare() -> bool:
        device.restart()
        return True

    device.script(b"TST3", BEGUN, LONG_S, b"TST3 A 0.0001 g\r\n")
    with pytest.raises(BenchFault, match=f"the tare was {before} g and is 0.0000 g afterwards"):
        tared.test_internally(lose_the_tare)
    with pytest.raises(BenchFault, match="the tare was"):
        tared.read_mass_g()


def test_a_balance_that_does_not_tell_its_weight_leaves_that_to_the_bench_file(
    device: ScriptedBalance, tared: SicsBalance
) -> None:
    device.script(b"TST3", BEGUN, b"TST3 A 0.0001 g\r\n")
    assert tared.test_internally(Patience(device)) == InternalTest(0.0001, None)


def test_the_driver_can_be_asked_whether_it_knows_such_a_test() -> None:
    with ScriptedBalance() as device, closing(open_balance(device)) as balance:
        assert isinstance(balance, SelfTestingBalance)
