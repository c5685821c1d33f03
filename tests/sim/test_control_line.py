# SPDX-License-Identifier: Apache-2.0
"""The control line: the server's answers, and a client that is not fooled by a twin in trouble."""

import asyncio
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from groundfloor.errors import BenchFault
from instruments.control_line_client import ControlLine, TwinHello
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.twin_time import CATCH_UP_INTERVAL_S, ClockMode, TimeRefused, TwinTime
from instruments.simulated.wires.control_line import ControlLineServer
from tests.sim.stopwatch import Stopwatch

GREETING = {"mode": "stepped", "speed": "1", "seed": "4", "model": "implantable-20ml"}
TIMEOUT_S = 0.2


def stepped() -> tuple[Timeline, TwinTime, ControlLineServer]:
    timeline = Timeline()
    twin_time = TwinTime(timeline, ClockMode.STEPPED)
    return timeline, twin_time, ControlLineServer(twin_time, GREETING)


@contextmanager
def rogue(*acts: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that does with each connection in turn what a sound twin would not."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            for act in acts:
                connection, _ = listener.accept()
                with connection, suppress(OSError):  # the client may hang up at any time
                    act(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}"
        finally:
            thread.join(5)


def answering(reply: bytes) -> Callable[[socket.socket], None]:
    def act(connection: socket.socket) -> None:
        while connection.recv(100):
            connection.sendall(reply)

    return act


def assert_released(release: threading.Event) -> None:
    assert release.wait(60)


def test_an_advance_runs_all_events_up_to_there_in_order() -> None:
    timeline, _, line = stepped()
    ran: list[str] = []
    timeline.at(2.0, lambda: ran.append("second"))
    timeline.at(1.0, lambda: ran.append("first"))
    timeline.at(2.0, lambda: ran.append("urgent second"), priority=-1)
    timeline.at(2.000001, lambda: ran.append("too late"))
    assert line.answer(b"ADV 2000000") == "T 2000000"
    assert ran == ["first", "urgent second", "second"]
    assert line.answer(b"NOW") == "T 2000000"


@pytest.mark.parametrize(
    "request_line",
    [
        b"",
        b"adv 5",
        b"ADV",
        b"ADV ",
        b"ADV x",
        b"ADV 5.0",
        b"ADV -5",
        b"ADV +5",
        b"ADV 5 6",
        b"ADV 1" + b"0" * 18,
        b"NOW 1",
        b"HELLO\r",
        b"ADV \xb2",
        b"\xff\x00",
        b"T 5",
    ],
    ids=repr,
)
def test_a_malformed_request_is_refused_and_moves_nothing(request_line: bytes) -> None:
    timeline, _, line = stepped()
    reply = line.answer(request_line)
    assert reply.startswith("E ")
    assert reply.isascii()
    assert reply.isprintable()
    assert timeline.now_s == 0.0


def test_time_does_not_go_back_but_may_stand_still() -> None:
    timeline, _, line = stepped()
    assert line.answer(b"ADV 3000000") == "T 3000000"
    assert line.answer(b"ADV 3000000") == "T 3000000"
    assert line.answer(b"ADV 2999999").startswith("E ADV 2999999: it is 3000000 already")
    assert timeline.now_s == 3.0


def test_microseconds_do_not_drift_over_many_steps() -> None:
    timeline, _, line = stepped()
    for step in range(1, 1001):
        instant_us = step * 333_333
        assert line.answer(b"ADV %d" % instant_us) == f"T {instant_us}"
    assert timeline.now_s == 333.333


@pytest.mark.parametrize("mode", [ClockMode.REAL, ClockMode.SCALED])
def test_time_that_runs_by_itself_cannot_be_moved(mode: ClockMode) -> None:
    twin_time = TwinTime(Timeline(), mode, 50.0)
    with pytest.raises(TimeRefused, match=f"time is {mode}"):
        twin_time.step_to_us(10**12)
    assert ControlLineServer(twin_time, {}).answer(b"ADV 1000000000000").startswith("E ")


@pytest.mark.parametrize(("mode", "speed"), [(ClockMode.REAL, 1.0), (ClockMode.SCALED, 200.0)])
def test_real_and_scaled_time_follow_the_machine_without_being_asked(mode: ClockMode, speed: float) -> None:
    timeline = Timeline()
    ran_at: list[float] = []
    timeline.at(0.05 * speed, lambda: ran_at.append(timeline.now_s))
    before = time.monotonic()
    twin_time = TwinTime(timeline, mode, speed)
    after = time.monotonic()

    async def wait_until_it_ran() -> None:
        scheduler = asyncio.ensure_future(twin_time.keep_up())
        while not ran_at:
            await asyncio.sleep(0.001)
        scheduler.cancel()

    asyncio.run(asyncio.wait_for(wait_until_it_ran(), 60))
    assert ran_at == [0.05 * speed]
    least_s = (time.monotonic() - after) * speed
    twin_time.catch_up()
    assert least_s <= twin_time.now_s() <= (time.monotonic() - before) * speed
    assert CATCH_UP_INTERVAL_S <= 0.05


def test_real_time_has_speed_one_whatever_was_asked() -> None:
    assert TwinTime(Timeline(), ClockMode.REAL, 50.0).speed == 1.0


def test_client_and_server_understand_each_other() -> None:
    timeline, _, server = stepped()

    async def play() -> tuple[TwinHello, int, int]:
        port = await server.listen("127.0.0.1", 0)
        line = await asyncio.to_thread(ControlLine.open, f"127.0.0.1:{port}")
        try:
            hello = await asyncio.to_thread(line.hello)
            stood_at = await asyncio.to_thread(line.advance_to_us, 30_000_000)
            with pytest.raises(BenchFault, match=r"advance to 5 us: refused: ADV 5: it is 30000000 already"):
                await asyncio.to_thread(line.advance_to_us, 5)
            return hello, stood_at, await asyncio.to_thread(line.now_us)  # a refusal leaves the line usable
        finally:
            line.close()
            line.close()
            await server.close()

    assert asyncio.run(play()) == (TwinHello("stepped", 1.0, 4, "implantable-20ml"), 30_000_000, 30_000_000)
    assert timeline.now_s == 30.0


def test_requests_that_arrive_in_pieces_or_together_are_answered_one_by_one() -> None:
    _, _, server = stepped()

    async def play() -> bytes:
        port = await server.listen("127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"NOW\nADV 1")
            await asyncio.sleep(0.01)
            writer.write(b"0\nADV 20\nNOW\n")
            return b"".join([await asyncio.wait_for(reader.readline(), 5) for _ in range(4)])
        finally:
            writer.close()
            await server.close()

    assert asyncio.run(play()) == b"T 0\nT 10\nT 20\nT 20\n"


def test_a_line_without_an_end_is_cut_off() -> None:
    _, _, server = stepped()

    async def play() -> bytes:
        port = await server.listen("127.0.0.1", 0)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(b"N" * 5000)
            return await asyncio.wait_for(reader.read(), 5)
        finally:
            writer.close()
            await server.close()

    assert asyncio.run(play()) == b"E the line has no end\n"


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:x", "127.0.0.1", "", "127.0.0.1:99999"])
def test_an_address_where_nobody_is_gives_a_bench_fault(address: str) -> None:
    with pytest.raises(BenchFault, match=r"twin control line .*: connect: "):
        ControlLine.open(address, TIMEOUT_S)


@pytest.mark.parametrize(
    "reply",
    [
        b"T 7\n",
        b"T 10",
        b"T 10\nT 10\n",
        b"E too late\nT 10\n",
        b"T\n",
        b"T 1O\n",
        b"\n",
        b"T 10\r\n",
        b"\xff\xfe\n",
        b"T 1" + b"0" * 2000 + b"\n",
    ],
    ids=lambda reply: repr(reply[:12]),
)
def test_an_answer_to_anything_else_is_a_bench_fault_and_closes_the_line(reply: bytes) -> None:
    with rogue(answering(reply)) as address:
        line = ControlLine.open(address, TIMEOUT_S)
        with pytest.raises(BenchFault, match=r"twin control line 127\.0\.0\.1:"):
            line.advance_to_us(10)
        with pytest.raises(BenchFault, match="the line is closed"):
            line.now_us()


@pytest.mark.parametrize(
    "reply",
    [
        b"E no\n",
        b"T 5\n",
        b"PUMPBENCH-TWIN 2 mode=stepped speed=1 seed=1 model=x\n",
        b"PUMPBENCH-TWIN 1 mode=stepped speed=1\n",
        b"PUMPBENCH-TWIN 1 mode=stepped speed=e seed=1 model=x\n",
    ],
)
def test_a_stranger_is_not_taken_for_a_twin(reply: bytes) -> None:
    with rogue(answering(reply)) as address:
        line = ControlLine.open(address, TIMEOUT_S)
        with pytest.raises(BenchFault, match="HELLO"):
            line.hello()


def test_a_twin_that_dies_is_a_bench_fault_at_once() -> None:
    with rogue(lambda connection: connection.close()) as address:
        line = ControlLine.open(address, 30.0)
        watch = Stopwatch()
        with pytest.raises(BenchFault, match=r"hung up|reset|pipe"):
            line.now_us()
        assert watch.own_s < 5


def test_a_silent_twin_is_a_bench_fault_after_the_time_limit() -> None:
    release = threading.Event()
    with rogue(lambda _: assert_released(release)) as address:
        line = ControlLine.open(address, TIMEOUT_S)
        watch = Stopwatch()
        with pytest.raises(BenchFault, match=r"no answer within 0\.2 s"):
            line.now_us()
        assert watch.wall_s >= TIMEOUT_S
        assert watch.own_s < 10 * TIMEOUT_S
        release.set()


def test_the_time_limit_is_total_however_the_bytes_drip() -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(100)
        for _ in range(100):
            connection.sendall(b"1")
            time.sleep(TIMEOUT_S / 4)

    with rogue(drip) as address:
        line = ControlLine.open(address, TIMEOUT_S)
        watch = Stopwatch()
        with pytest.raises(BenchFault):
            line.now_us()
        assert watch.own_s < 10 * TIMEOUT_S


def test_half_a_reply_does_not_buy_more_time() -> None:
    limit_s = 0.6

    def half(connection: socket.socket) -> None:
        connection.recv(100)
        time.sleep(limit_s * 0.8)
        connection.sendall(b"T 1")
        connection.recv(100)

    with rogue(half) as address:
        line = ControlLine.open(address, limit_s)
        watch = Stopwatch()
        with pytest.raises(BenchFault, match=r"no answer within 0\.6 s"):
            line.now_us()
        assert watch.own_s < limit_s * 1.6


def test_a_reply_in_pieces_is_one_reply_and_the_next_request_has_the_whole_time_again() -> None:
    limit_s = 0.6

    def pieces(connection: socket.socket) -> None:
        connection.recv(100)
        for piece, pause_s in [(b"T", limit_s * 0.7), (b" 1", limit_s * 0.1), (b"0\n", 0)]:
            connection.sendall(piece)
            time.sleep(pause_s)
        connection.recv(100)
        time.sleep(limit_s * 0.7)
        connection.sendall(b"T 20\n")

    with rogue(pieces) as address:
        line = ControlLine.open(address, limit_s)
        assert [line.now_us(), line.now_us()] == [10, 20]
        line.close()


def test_a_reply_that_is_cut_by_hanging_up_is_not_taken_for_a_shorter_one() -> None:
    def cut(connection: socket.socket) -> None:
        connection.recv(100)
        connection.sendall(b"T 100")

    for ask in (ControlLine.now_us, lambda line: line.advance_to_us(10)):
        with rogue(cut) as address, pytest.raises(BenchFault, match=r"answered b'T 100'"):
            ask(ControlLine.open(address, TIMEOUT_S))


class Interrupted(Exception):
    """What a signal handler throws in mid-request."""


def test_after_an_interrupted_request_the_next_one_gets_its_own_reply() -> None:
    def interrupt(_number: int, _frame: object) -> None:
        raise Interrupted

    def slow_twin(connection: socket.socket) -> None:
        connection.recv(100)
        os.kill(os.getpid(), signal.SIGALRM)
        time.sleep(0.05)
        connection.sendall(b"T 111\n")

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with rogue(slow_twin, answering(b"T 222\n")) as address:
            line = ControlLine.open(address, 5.0)
            with pytest.raises(Interrupted):
                line.now_us()
            assert line.now_us() == 222
            line.close()
    finally:
        signal.signal(signal.SIGALRM, before)
