# SPDX-License-Identifier: Apache-2.0
"""The twin's own TCP port: many clients, clients that hang up, that do not read, and one too many."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from instruments.simulated.wires.pty_line import MOST_UNSENT_BYTES
from instruments.simulated.wires.tcp_line import TcpLine
from instruments.simulated.wires.tcp_port import MOST_CONNECTIONS, TcpPort

LIMIT_S = 10.0
RESET = b"\1\0\0\0\0\0\0\0"


class Echo:
    """Serves each line with what it sends, and knows which lines there are."""

    def __init__(self) -> None:
        self.lines: list[TcpLine] = []
        self.changed = asyncio.Event()
        self.port = TcpPort("127.0.0.1", 0, self._serve)

    def _serve(self, line: TcpLine) -> Callable[[], None]:
        line.received = line.write
        self.lines.append(line)
        self.changed.set()
        return lambda: self._ended(line)

    def _ended(self, line: TcpLine) -> None:
        self.lines.remove(line)
        self.changed.set()

    async def until(self, count: int) -> None:
        while len(self.lines) != count:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), LIMIT_S)

    def connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port.number))
        connection.setblocking(False)
        return connection


@asynccontextmanager
async def echoing() -> AsyncIterator[Echo]:
    echo = Echo()
    try:
        yield echo
    finally:
        echo.port.close()
        assert echo.lines == []


def play(scene: Callable[[Echo], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with echoing() as echo:
            await scene(echo)

    asyncio.run(whole())


async def ask(connection: socket.socket, request: bytes) -> bytes:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, request)
    return await asyncio.wait_for(loop.sock_recv(connection, 1000), LIMIT_S)


def test_as_many_clients_as_there_is_room_for_are_served_and_one_more_is_turned_away_at_once() -> None:
    async def scene(echo: Echo) -> None:
        clients = [echo.connect() for _ in range(MOST_CONNECTIONS)]
        await echo.until(MOST_CONNECTIONS)
        assert [await ask(client, b"%d" % number) for number, client in enumerate(clients)] == [
            b"%d" % number for number in range(MOST_CONNECTIONS)
        ]
        with echo.connect() as one_more:
            assert await asyncio.wait_for(asyncio.get_running_loop().sock_recv(one_more, 10), LIMIT_S) == b""
        clients.pop().close()
        await echo.until(MOST_CONNECTIONS - 1)
        clients.append(echo.connect())
        assert await ask(clients[-1], b"room again") == b"room again"
        for client in clients:
            client.close()

    play(scene)


def test_a_client_that_resets_its_connection_is_forgotten_and_the_others_live() -> None:
    async def scene(echo: Echo) -> None:
        rude, kind = echo.connect(), echo.connect()
        await echo.until(2)
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        rude.close()
        await echo.until(1)
        assert await ask(kind, b"still here") == b"still here"
        kind.close()
        await echo.until(0)

    play(scene)


def test_a_client_that_does_not_read_loses_whole_messages_and_costs_bounded_memory() -> None:
    message = bytes(range(256)) * 256

    async def scene(echo: Echo) -> None:
        with echo.connect() as deaf:
            await echo.until(1)
            (line,) = echo.lines
            for _ in range(400):
                line.write(message)
            assert len(line._unsent) <= MOST_UNSENT_BYTES + len(message)
            loop, came = asyncio.get_running_loop(), b""
            while len(came) % len(message) or not came or line._unsent:
                came += await asyncio.wait_for(loop.sock_recv(deaf, 1 << 20), LIMIT_S)
            assert 1 < len(came) // len(message) < 400
            assert came == message * (len(came) // len(message))

    play(scene)


def test_a_closed_port_has_let_go_of_its_clients_and_may_be_closed_again() -> None:
    async def scene(echo: Echo) -> None:
        with echo.connect() as client:
            await echo.until(1)
            (line,) = echo.lines
            echo.port.close()
            echo.port.close()
            line.write(b"too late")
            assert await asyncio.wait_for(asyncio.get_running_loop().sock_recv(client, 10), LIMIT_S) == b""

    play(scene)
