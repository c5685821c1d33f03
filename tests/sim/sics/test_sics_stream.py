# SPDX-License-Identifier: Apache-2.0
"""A balance that sends weights unasked, as in its streaming mode, is told of and counted, and drowns nobody."""

import logging
from contextlib import closing

import pytest

from groundfloor.errors import BenchFault
from instruments.sics import unsolicited_lines
from instruments.sics.unsolicited_lines import UnsolicitedLines
from tests.sim.scripted_balance import ScriptedBalance
from tests.sim.sics.open_balance import PRINT_KEY, open_balance

STREAM = 500
"""Lines between a command and its answer."""


def test_a_stream_of_thousands_of_lines_is_told_in_a_few_and_counted_to_the_last(
    device: ScriptedBalance, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), closing(open_balance(device)) as balance:
        device.wire = lambda _, reply: [PRINT_KEY * STREAM, reply]
        for _ in range(5):
            with pytest.raises(BenchFault) as told:
                balance.read_mass_g()
            assert len(str(told.value)) < 1000
        device.wire = lambda _, reply: [reply]
        balance.read_mass_g()
        seen = balance.unsolicited_count
        assert seen >= 5 * STREAM
    assert len(caplog.text) < 2000
    assert len(caplog.messages) == 2
    assert caplog.messages[0] == f"balance: unsolicited line {PRINT_KEY!r}"
    assert caplog.messages[1].startswith(f"balance: {seen - 1} more unsolicited lines, {seen} in all, the newest ")


@pytest.fixture
def at_s(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(unsolicited_lines, "monotonic_s", lambda: now[0])
    return now


def test_each_minute_of_a_stream_is_told_with_its_number_and_none_of_them_is_lost(
    at_s: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    lines = UnsolicitedLines("balance")
    for number in range(2401):  # twenty a second for two minutes
        at_s[0] = number / 20
        lines.take(b"S D %d g\r\n" % number)
    lines.take(b"S D 0 g\r\n")
    lines.tell_the_rest()
    lines.tell_the_rest()
    assert caplog.messages == [
        "balance: unsolicited line b'S D 0 g\\r\\n'",
        "balance: 1200 more unsolicited lines, 1201 in all, the newest b'S D 1200 g\\r\\n'",
        "balance: 1200 more unsolicited lines, 2401 in all, the newest b'S D 2400 g\\r\\n'",
        "balance: 1 more unsolicited lines, 2402 in all, the newest b'S D 0 g\\r\\n'",
    ]


def test_single_lines_minutes_apart_are_told_one_by_one(at_s: list[float], caplog: pytest.LogCaptureFixture) -> None:
    lines = UnsolicitedLines("balance")
    for number in range(3):
        at_s[0] = 100.0 * number
        lines.take(b"%d\r\n" % number)
    assert caplog.messages == [f"balance: unsolicited line b'{number}\\r\\n'" for number in range(3)]


def test_a_line_without_an_end_is_shown_by_its_beginning(caplog: pytest.LogCaptureFixture) -> None:
    UnsolicitedLines("balance").take(b"S" * 100_000)
    assert len(caplog.messages[0]) < 200
