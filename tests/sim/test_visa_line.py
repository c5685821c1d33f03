# SPDX-License-Identifier: Apache-2.0
"""What goes wrong below a PyVISA session: one test per pitfall of pyvisa-py 0.8.1, over real sockets and ptys."""

import os
import resource as limits
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from groundfloor.errors import PlanError
from groundfloor.wall_clock import Deadline
from instruments.visa.line import LineLost, LineSilent, VisaLine
from instruments.visa.port import SerialSettings
from tests.sim.reserved_port import ReservedPort
from tests.sim.scripted_balance import CLOSE, RESET, Action, ScriptedBalance, drip
from tests.sim.stopwatch import Stopwatch


@pytest.fixture(params=["tcp", "pty"])
def balance(request: pytest.FixtureRequest) -> Iterator[ScriptedBalance]:
    with ScriptedBalance(pty=request.param == "pty") as served:
        yield served


@pytest.fixture
def line(balance: ScriptedBalance) -> Iterator[VisaLine]:
    with closing(VisaLine(balance.resource, asset="balance", open_timeout_s=0.5)) as opened:
        yield opened


def ask(line: VisaLine, command: bytes, limit_s: float = 1.0) -> bytes:
    line.send(command)
    return line.receive(Deadline(limit_s))


def test_a_line_comes_back_whole(line: VisaLine) -> None:
    assert ask(line, b"M03") == b"M03 A 0\r\n"


def test_two_lines_in_one_piece_come_one_by_one(line: VisaLine, balance: ScriptedBalance) -> None:
    balance.script(b"X", b"one\r\ntwo\r\n")
    assert ask(line, b"X") == b"one\r\n"
    assert line.pending()
    assert line.receive(Deadline(1.0)) == b"two\r\n"
    assert not line.pending()


def test_a_closed_port_is_reported_at_the_first_command() -> None:
    port = ReservedPort()
    with (
        closing(VisaLine(f"TCPIP::127.0.0.1::{port.number}::SOCKET", asset="balance")) as line,
        pytest.raises(LineLost, match="refused"),
    ):
        line.send(b"@")


def test_a_closed_connection_is_lost_at_once_and_not_spun_upon_until_the_deadline() -> None:
    with ScriptedBalance() as balance, closing(VisaLine(balance.resource, asset="balance")) as line:
        balance.script(b"SI", CLOSE)
        watch, cpu = Stopwatch(), time.thread_time()
        with pytest.raises(LineLost, match="closed"):
            ask(line, b"SI", limit_s=5.0)
        assert watch.own_s < 1.0
        assert time.thread_time() - cpu < 0.2
        assert not line.is_open


def test_a_reset_connection_is_a_lost_line_and_not_an_oserror() -> None:
    with ScriptedBalance() as balance, closing(VisaLine(balance.resource, asset="balance")) as line:
        balance.script(b"SI", RESET)
        with pytest.raises(LineLost):
            ask(line, b"SI")
        with pytest.raises(LineLost, match="not connected"):
            line.send(b"SI")
        line.reconnect()
        assert ask(line, b"M03") == b"M03 A 0\r\n"


def test_a_half_line_at_the_deadline_is_neither_lost_nor_taken_for_the_next_answer(
    line: VisaLine, balance: ScriptedBalance
) -> None:
    balance.script(b"SI", b"S S     14.2", 0.25, b"56 g\r\n")
    with pytest.raises(LineSilent, match=r"S S     14\.2"):
        ask(line, b"SI", limit_s=0.1)
    assert line.pending()
    assert line.receive(Deadline(1.0)) == b"S S     14.256 g\r\n"


def test_what_is_drained_is_told(line: VisaLine, balance: ScriptedBalance) -> None:
    balance.script(b"SI", b"S S     14.256 g\r\nS S  ", 0.02, b"half")
    line.send(b"SI")
    assert line.drain(0.1, 1.0) == [b"S S     14.256 g\r\n", b"S S  half"]
    assert not line.pending()


def test_draining_a_stream_without_end_is_bounded(line: VisaLine, balance: ScriptedBalance) -> None:
    stream: list[Action] = [b"S S     14.256 g\r\n", 0.01]
    balance.script(b"SIR", *(60 * stream))
    line.send(b"SIR")
    watch = Stopwatch()
    assert len(line.drain(0.05, 0.2)) > 5
    assert watch.own_s < 0.4


def test_a_dripping_instrument_does_not_hold_the_line_beyond_the_deadline(
    line: VisaLine, balance: ScriptedBalance
) -> None:
    balance.script(b"SI", *drip(b"S S     14.256 g\r\n", 0.03))
    watch = Stopwatch()
    with pytest.raises(LineSilent, match=r"within 0\.2 s, only"):
        ask(line, b"SI", limit_s=0.2)
    assert watch.wall_s >= 0.2
    assert watch.own_s < 0.3


def test_a_fast_drip_without_a_line_end_does_not_hold_the_line_either(balance: ScriptedBalance, line: VisaLine) -> None:
    balance.script(b"SI", *drip(b"x" * 80, 0.004))
    watch = Stopwatch()
    with pytest.raises(LineSilent):
        ask(line, b"SI", limit_s=0.1)
    assert watch.own_s < 0.2


def test_a_flood_without_a_line_end_is_refused(line: VisaLine, balance: ScriptedBalance) -> None:
    balance.script(b"SI", b"x" * 2000)
    with pytest.raises(LineLost, match="bytes without a line end"):
        ask(line, b"SI")


def test_bytes_that_are_not_ascii_come_through_unchanged(line: VisaLine, balance: ScriptedBalance) -> None:
    balance.script(b"SI", b"S S   14.\xb2\xff6 g\r\n")
    assert ask(line, b"SI") == b"S S   14.\xb2\xff6 g\r\n"


def test_a_missing_carriage_return_is_left_for_the_parser_to_refuse(line: VisaLine, balance: ScriptedBalance) -> None:
    balance.script(b"SI", b"S S     14.256 g\n")
    assert ask(line, b"SI") == b"S S     14.256 g\n"


def test_draining_a_quiet_socket_costs_the_quiet_time_and_not_the_100_ms_of_clear() -> None:
    with ScriptedBalance() as balance, closing(VisaLine(balance.resource, asset="balance")) as line:
        watch = Stopwatch()
        assert line.drain(0.01, 1.0) == []
        assert watch.own_s < 0.06


def test_pending_bytes_are_seen_on_either_transport(line: VisaLine, balance: ScriptedBalance) -> None:
    assert ask(line, b"M03") == b"M03 A 0\r\n"
    assert not line.pending()
    balance.send(b"S S     14.256 g\r\n")
    time.sleep(0.05)
    assert line.pending()


def test_nagle_is_off() -> None:
    with ScriptedBalance() as balance, closing(VisaLine(balance.resource, asset="balance")) as line:
        port = line._port  # no other way to see the socket
        assert port._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1  # type: ignore[union-attr]  # of either kind


def test_the_serial_settings_reach_the_port() -> None:
    with (
        ScriptedBalance(pty=True) as balance,
        closing(VisaLine(balance.resource, asset="balance", serial=SerialSettings(baud_rate=19200))) as line,
    ):
        assert line._port._port.baudrate == 19200  # type: ignore[union-attr]  # of either kind
        assert ask(line, b"M03") == b"M03 A 0\r\n"


def test_a_pseudo_terminal_whose_other_end_is_gone_is_a_lost_line() -> None:
    with ScriptedBalance(pty=True) as balance, closing(VisaLine(balance.resource, asset="balance")) as line:
        assert ask(line, b"M03") == b"M03 A 0\r\n"
        balance.script(b"SI", CLOSE)
        with pytest.raises(LineLost):
            ask(line, b"SI", limit_s=2.0)
        with pytest.raises(LineLost):
            line.reconnect()


def test_too_many_open_files_for_select_are_told_at_open() -> None:
    soft, hard = limits.getrlimit(limits.RLIMIT_NOFILE)
    if hard != limits.RLIM_INFINITY and hard < 1100:
        pytest.skip("the machine allows fewer than 1100 open files")
    limits.setrlimit(limits.RLIMIT_NOFILE, (max(soft, 1100), hard))
    try:
        with ScriptedBalance() as balance, ExitStack() as opened:
            while (descriptor := os.open(os.devnull, os.O_RDONLY)) < 1030:
                opened.callback(os.close, descriptor)
            opened.callback(os.close, descriptor)
            with pytest.raises(LineLost, match=r"select\(\) takes none"):
                VisaLine(balance.resource, asset="balance")
    finally:
        limits.setrlimit(limits.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.filterwarnings("ignore:unclosed <socket")  # pyvisa-py leaves the socket that did not connect
def test_an_address_that_does_not_answer_is_given_up_after_the_open_timeout() -> None:
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(3):
            peer = waiting.enter_context(socket.socket())
            peer.setblocking(False)
            peer.connect_ex(full.getsockname())
        watch = Stopwatch()
        with pytest.raises(LineLost, match="could not connect"):
            VisaLine(f"TCPIP::127.0.0.1::{full.getsockname()[1]}::SOCKET", asset="balance", open_timeout_s=0.3)
        assert watch.own_s < 1.0


@pytest.mark.parametrize("name", ["balance", "TCPIP::127.0.0.1::INSTR", "GPIB::3::INSTR", "TCPIP::127.0.0.1::SOCKET"])
def test_a_name_that_is_no_socket_and_no_serial_line_is_a_wrong_plan(name: str) -> None:
    with pytest.raises(PlanError, match="write TCPIP::host::port::SOCKET"):
        VisaLine(name, asset="balance")


def test_no_exchange_waits_for_another_line() -> None:
    """VISA locks are not supported; two lines in two threads do not hold each other."""
    with ScriptedBalance() as slow, ScriptedBalance() as fast:
        slow.script(b"SI", 0.5, b"late\r\n")
        with (
            closing(VisaLine(slow.resource, asset="slow")) as slow_line,
            closing(VisaLine(fast.resource, asset="fast")) as fast_line,
        ):
            waiting = threading.Thread(target=ask, args=(slow_line, b"SI", 2.0))
            waiting.start()
            watch = Stopwatch()
            assert ask(fast_line, b"M03") == b"M03 A 0\r\n"
            assert watch.own_s < 0.3
            waiting.join()
