# SPDX-License-Identifier: Apache-2.0
"""The balance's line, on TCP and on a serial line, for any number of hosts, whatever dialect they speak.

Some commands need a stable load. In real and scaled time they wait for it, up to `PATIENCE_S` of twin time, then they
are refused. In stepped time nothing can become stable until the bench moves time, so they are answered at once; the
bench moves time and asks again.
"""

from collections.abc import Callable
from functools import partial

from instruments.simulated.balance.dialect import BalanceClient, MakeDialect
from instruments.simulated.served.devices import WeighingCell
from instruments.simulated.served.twin import ServedTimeline
from instruments.simulated.time.twin_time import TwinTime
from instruments.simulated.wires.pty_line import PtyLine
from instruments.simulated.wires.tcp_line import TcpLine
from instruments.simulated.wires.tcp_port import TcpPort

PATIENCE_S = 5.0


class BalanceServer:
    """Serves one weighing cell; of a cell that comes up anew every host is told, in the words of its dialect."""

    def __init__(self, cell: WeighingCell, timeline: ServedTimeline, time: TwinTime, make_dialect: MakeDialect) -> None:
        self._cell = cell
        self._time = time
        self._dialect = make_dialect(cell, timeline)
        self._restarts = cell.restarts
        self._clients: list[BalanceClient] = []
        self._ptys: list[PtyLine] = []
        self._port: TcpPort | None = None
        time.advanced.subscribe(lambda _instant_s: self._tell_what_came_up())

    async def listen_tcp(self, host: str, port: int) -> int:
        """Serve on a TCP port and return its number; port 0 takes a free one.

        Raises:
            OSError: the port cannot be opened.
        """
        self._port = TcpPort(host, port, self._serve)
        return self._port.number

    def open_pty(self) -> str:
        """Serve on a new pseudo-terminal and return the path of its device file."""
        pty = PtyLine(lambda data: self.receive(client, data))
        client = self.join(pty.write)
        self._ptys.append(pty)
        return pty.path

    async def close(self) -> None:
        """Close every port, line and connection."""
        if self._port is not None:
            self._port.close()
        while self._ptys:
            self._ptys.pop().close()

    def join(self, write: Callable[[bytes], None]) -> BalanceClient:
        """Take on a host that is written to by `write`."""
        patience_s = 0.0 if self._time.stepped else PATIENCE_S
        client = self._dialect.client(patience_s, write)
        self._clients.append(client)
        return client

    def leave(self, client: BalanceClient) -> None:
        """Let a host go, with all it had under way."""
        client.cancel()
        self._clients.remove(client)

    def receive(self, client: BalanceClient, data: bytes) -> None:
        """Take what a host sent, at the present instant."""
        self._time.catch_up()
        self._tell_what_came_up()
        client.receive(data)

    def _notice_restart(self) -> None:
        while self._restarts < self._cell.restarts:
            self._restarts += 1
            self._dialect.restart()
            for client in self._clients:
                client.restart()

    def _tell_what_came_up(self) -> None:
        self._notice_restart()
        for client in self._clients:
            client.flush()

    def _serve(self, line: TcpLine) -> Callable[[], None]:
        client = self.join(line.write)
        line.received = partial(self.receive, client)
        return partial(self.leave, client)
