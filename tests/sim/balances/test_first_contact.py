# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a balance is said in words, with the line that came, within five seconds."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import Decimal

import pytest

from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline
from instruments.balance_access import BalanceAccess
from instruments.balances.dialogue import FIRST_WAIT, LISTEN
from instruments.balances.first_contact import MOST_S, SICS_VOICE, FirstContact, Voice
from instruments.drivers.table import BALANCE_DIALECTS, PLAIN_DIALECTS
from instruments.sics.identity import read_identity
from tests.sim.balances.wordings import WORDINGS, line_balance
from tests.sim.scripted_balance import ScriptedBalance

LIMIT_S = 5.0
BUSY = 3.0
"""A machine that does other work may take this many times as long; `test_all_waits` counts instead."""
WORDS = [wording.word for wording in WORDINGS]
VOICES = [SICS_VOICE, *(Voice.of(dialect) for dialect in PLAIN_DIALECTS)]


def reached(resource: str) -> BalanceAccess:
    """As a bench file that says nothing of time reaches it."""
    return BalanceAccess(resource, timeout_s=2.0, accept_unverified_settings=True, capacity_g=220.0)


def told_in_time(dialect: str, device: ScriptedBalance) -> str:
    limit = Deadline(BUSY * LIMIT_S)
    with pytest.raises(BenchFault) as told:
        BALANCE_DIALECTS[dialect](reached(device.resource))
    assert not limit.passed()
    return str(told.value)


@contextmanager
def speaking(word: str) -> Iterator[ScriptedBalance]:
    if word == "mt-sics":
        with ScriptedBalance() as device:
            yield device
    else:
        with line_balance(WORDINGS[WORDS.index(word)]) as balance:
            yield balance.device


# one right word beside five wrong ones; the others are in the unit test, by their lines
@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        ("sbi", "mt-sics"),
        ("mt-sics", "a-and-d"),
        ("a-and-d", "ohaus"),
        ("ohaus", "radwag"),
        ("radwag", "kcp"),
        ("mt-sics", "sbi"),
    ],
)
def test_another_dialect_is_named(spoken: str, said: str) -> None:
    with speaking(spoken) as device:
        told = told_in_time(said, device)
    assert f"not a balance of dialect {said}" in told
    assert re.search(f"""say .*dialect = "{spoken}" """.strip(), told)
    assert re.search(r"b'[^']+'", told)


def ending_in(device: ScriptedBalance, end: bytes) -> None:
    device.wire = lambda _, reply: [reply.replace(b"\r\n", end)] if reply else []


@pytest.mark.parametrize(("end", "named"), [(b"\n", "LF alone"), (b"\r", "CR alone")])
@pytest.mark.parametrize("dialect", ["mt-sics", "sbi", "a-and-d"])
def test_other_line_ends_are_named(dialect: str, end: bytes, named: str) -> None:
    with speaking(dialect) as device:
        ending_in(device, end)
        told = told_in_time(dialect, device)
    assert f"{named}" in told
    assert "where CR LF should be: b'" in told


@pytest.mark.parametrize("said", ["sbi", "mt-sics"])
def test_standby_is_named(said: str) -> None:
    with line_balance(WORDINGS[0]) as balance:
        balance.says = b"Stat       OFF      \r\n"
        told = told_in_time(said, balance.device)
    assert "it is in standby" in told
    assert "switch it on" in told


def test_an_empty_serial_number_is_named() -> None:
    with ScriptedBalance() as device:
        device.replies[b"@"] = device.replies[b"I4"] = b'I4 A ""\r\n'
        told = told_in_time("mt-sics", device)
    assert """serial number is empty: b'I4 A ""\\r\\n'""" in told


@pytest.mark.parametrize("dialect", ["mt-sics", "kcp"])
def test_a_capacity_that_is_not_told_is_that_of_the_bench_file_or_is_asked_for(dialect: str) -> None:
    with ScriptedBalance() as device:
        device.replies[b"I2"] = b'I2 A "PCB 1000-2"\r\n'
        with closing(BALANCE_DIALECTS[dialect](reached(device.resource))) as balance:
            assert (balance.identify().model, balance.identify().capacity_g) == ("PCB 1000-2", 220.0)
        with pytest.raises(BenchFault, match=r"I2 tells no capacity: b'I2 A \"PCB 1000-2\".*capacity_g"):
            BALANCE_DIALECTS[dialect](BalanceAccess(device.resource))


def test_garbled_characters_are_named() -> None:
    with ScriptedBalance() as device:
        device.wire = lambda _, reply: [bytes(byte | 0x80 for byte in reply)]
        assert "another baud rate, data bits or parity" in told_in_time("mt-sics", device)


@pytest.mark.parametrize("dialect", ["mt-sics", "sbi", "a-and-d"])
def test_a_silent_balance_may_be_in_standby(dialect: str) -> None:
    with ScriptedBalance() as device:
        device.speak = lambda _: b""
        told = told_in_time(dialect, device)
    assert "nothing comes, whatever is asked" in told
    assert "standby" in told


def test_after_a_refusal_the_line_is_free_for_the_right_dialect() -> None:
    with line_balance(WORDINGS[0]) as balance:
        device = balance.device
        told_in_time("mt-sics", device)
        with closing(BALANCE_DIALECTS["sbi"](reached(device.resource))) as opened:
            assert Decimal(str(opened.read_mass_g().mass_g)) == device.weights[-1]


def test_all_waits_of_a_refusal_together_are_less_than_five_seconds() -> None:
    """Counted, because a busy machine adds to them whatever it likes; the usual time-out is 2 s."""
    questions = {question for voice in VOICES for question in voice.questions}
    search_s = MOST_S * (1 + len(questions))
    first_s = {"mt-sics": 5 * 0.05 + 2.0, "plain": LISTEN * 0.05 + FIRST_WAIT * 2.0}
    assert max(first_s.values()) + search_s < LIMIT_S


WHO = FirstContact(VOICES)


@pytest.mark.parametrize("said", [*WORDS, "mt-sics", "kcp"])
@pytest.mark.parametrize("spoken", [*WORDS, "mt-sics"])
def test_the_lines_of_a_dialect_name_it_wherever_another_one_should_be_spoken(spoken: str, said: str) -> None:
    lines: dict[str, Callable[[], bytes]] = {
        one.word: lambda one=one: one.weight(Decimal("12.3456"), stable=True)
        for one in WORDINGS  # type: ignore[misc]
    }
    lines["mt-sics"] = lambda: b"S S    12.3456 g\r\n"
    explanation = WHO.explanation(b"ES\r\n" + lines[spoken](), said)
    if spoken == said or {spoken, said} == {"mt-sics", "kcp"}:
        assert explanation == ""
    else:
        assert f'dialect = "{spoken}"' in explanation
        assert repr(lines[spoken]()) in explanation


def test_a_capacity_of_another_unit_or_of_nothing_is_no_capacity() -> None:
    for told in (b'I2 A "XS 220.0 ct"\r\n', b'I2 A "XS 0.0 g"\r\n', b'I2 A "XS"\r\n'):
        inquiries = {b"I2": told, b"I3": b'I3 A "1"\r\n', b"I4": b'I4 A "7"\r\n'}
        with pytest.raises(BenchFault, match="tells no capacity"):
            read_identity(inquiries, "balance")
        assert read_identity(inquiries, "balance", 100.0).capacity_g == 100.0


def test_one_odd_byte_of_a_bad_wire_is_no_wrong_setting() -> None:
    assert WHO.explanation(b"S S    12.3\xff56 g\r\nS S    12.3456 g\r\n", "mt-sics") == ""
