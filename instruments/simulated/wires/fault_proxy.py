# SPDX-License-Identifier: Apache-2.0
"""A fault proxy: stands between the bench and one device and spoils their wire, repeatably, on its own loop.

It knows nothing of devices and nothing of the bench, so it can stand in front of real ones as well as of a twin. It
answers nothing by itself: what arrives at either side was sent by the other, or is foreign on purpose and in the log.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress

from groundfloor.wall_clock import monotonic_s
from instruments.simulated.wires.fault_schedule import FaultSchedule
from instruments.simulated.wires.faulty_path import FaultyPath, Note, PathEnds, WireEnd, WireState
from instruments.simulated.wires.pty_end import BenchEnd, DeviceEnd
from instruments.simulated.wires.tcp_end import TcpEnd
from instruments.simulated.wires.wire_fault import Direction, FaultKind, FaultRecord, Framing

_LATE_REPLY_S = 0.5
_PARTING_S = 0.005
OnFault = Callable[[FaultRecord], None]


class FaultProxy:
    """The wire of one device, with faults.

    Args:
        name: whose wire it is, in the log.
        framing: what it carries.
        schedules: the faults of each direction.
        on_fault: called with each fault that was made, on the proxy's own loop.

    Attributes:
        silent: while True nothing gets through in either direction, as if the cable were out.
        calm: while True everything gets through as it came.
        late_copies: whether copies may come behind newer messages, as gateways can make them; set it before connecting.
    """

    def __init__(
        self, name: str, framing: Framing, schedules: dict[Direction, FaultSchedule], on_fault: OnFault
    ) -> None:
        self.silent = False
        self.calm = False
        self.late_copies = framing.reorders
        self._name = name
        self._framing = framing
        self._schedules = schedules
        self._on_fault = on_fault
        self._started_s = monotonic_s()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: set[WireEnd] = set()

    async def listen_tcp(self, device: tuple[str, int], host: str = "127.0.0.1", port: int = 0) -> int:
        """Stand in front of a TCP device and return the port for the bench; port 0 takes a free one."""
        self._device = device
        self._server = await asyncio.start_server(self._on_connection, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    def open_pty(self, device_path: str) -> str:
        """Stand in front of a serial device and return the device file for the bench."""
        bench, device = BenchEnd(), DeviceEnd(device_path)
        self._join(bench, device)
        return bench.path

    async def close(self) -> None:
        """End every connection and what is under way."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for end in self._ends:
            end.reset()
            end.close()
        await asyncio.sleep(_PARTING_S)  # lets the transports that were just closed report to their protocols

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        bench = TcpEnd(reader, writer)
        try:
            device = TcpEnd(*await asyncio.open_connection(*self._device))
        except OSError:
            bench.reset()
            return
        self._join(bench, device)

    def _join(self, bench: WireEnd, device: WireEnd) -> None:
        self._ends |= {bench, device}
        ways = ((Direction.TO_DEVICE, bench, device), (Direction.TO_BENCH, device, bench))
        paths = [
            FaultyPath(
                way,
                self._framing,
                self._schedules[way],
                PathEnds(source, sink),
                self._note(way),
                self._later(way, sink) if self.late_copies else None,
            )
            for way, source, sink in ways
        ]

        async def carry() -> None:
            await asyncio.gather(*(path.run(self._wire_state) for path in paths))
            self._ends -= {bench, device}

        self._start(carry())

    def _wire_state(self) -> WireState:
        if self.silent:
            return WireState.SILENT
        return WireState.CALM if self.calm else WireState.FAULTY

    def _note(self, way: Direction) -> Note:
        def note(kind: FaultKind, did: str, message: bytes) -> None:
            self._on_fault(FaultRecord(monotonic_s() - self._started_s, self._name, way, kind, did, message))

        return note

    def _later(self, way: Direction, sink: WireEnd) -> Callable[[float, bytes], None]:
        """Return how a late copy is delivered: a request on a connection of its own, a reply where it belongs."""

        async def deliver(delay_s: float, message: bytes) -> None:
            await asyncio.sleep(delay_s)
            if way is Direction.TO_BENCH:
                sink.write(message)
                return
            with suppress(OSError, TimeoutError):  # nobody waits for this answer, and the device may be gone
                end = TcpEnd(*await asyncio.open_connection(*self._device))
                end.write(message)
                try:
                    await asyncio.wait_for(end.read(), _LATE_REPLY_S)
                finally:
                    end.reset()

        return lambda delay_s, message: self._start(deliver(delay_s, message))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
