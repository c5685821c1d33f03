# SPDX-License-Identifier: Apache-2.0
"""A wire between driver and device that can be spoilt on demand: silent, late, cut, or with bytes nobody sent."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from groundfloor.errors import BenchFault
from instruments.simulated.wires.fault_proxy import FaultProxy
from instruments.simulated.wires.fault_schedule import FaultSchedule
from instruments.simulated.wires.wire_fault import Direction, FaultKind, Framing, WireFault

PATIENCE_S = 5.0
FOREIGN = b"\x00\xff foreign \r\n"


class _Chosen(FaultSchedule):
    """The fault that somebody has chosen, for every message until it is taken back."""

    def __init__(self) -> None:
        self.fault: WireFault | None = None

    def next(self) -> WireFault | None:
        """Return the fault of the next message."""
        return self.fault


class SpoiltWire:
    """Stands in front of a device.

    Args:
        device: its host and port, or the device file of its serial line.
        framing: what a message is on this wire.

    Attributes:
        near: where the driver finds its near end: a port of this machine, or a device file.

    Raises:
        BenchFault: nothing can stand in front of this device.
    """

    def __init__(self, device: tuple[str, int] | str, framing: Framing) -> None:
        self._to_bench = _Chosen()
        schedules: dict[Direction, FaultSchedule] = {
            Direction.TO_DEVICE: _Chosen(),
            Direction.TO_BENCH: self._to_bench,
        }
        self._proxy = FaultProxy("driver", framing, schedules, lambda _: None)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="spoilt wire", daemon=True)
        self._thread.start()
        standing = asyncio.run_coroutine_threadsafe(self._stand_before(device), self._loop)
        try:
            self.near = standing.result(PATIENCE_S)
        except OSError as refused:
            self.close()
            next_step = "see that the device is there, and that nobody else has its line open"
            raise BenchFault(f"wire to {device}", "stand in front of it", str(refused), next_step) from refused

    @property
    def is_serial(self) -> bool:
        """Tell whether it is a serial line, which has no connection that could break."""
        return isinstance(self.near, str)

    async def _stand_before(self, device: tuple[str, int] | str) -> int | str:
        return self._proxy.open_pty(device) if isinstance(device, str) else await self._proxy.listen_tcp(device)

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Let nothing through."""
        self._proxy.silent = True
        try:
            yield
        finally:
            self._proxy.silent = False

    @contextmanager
    def spoiling(self, kind: FaultKind, late_s: float = 0.0) -> Iterator[None]:
        """Let each reply meet a fault."""
        self._to_bench.fault = WireFault(kind, late_s, 0.5, 0, FOREIGN)
        try:
            yield
        finally:
            self._to_bench.fault = None

    def close(self) -> None:
        """End the wire, and whatever hangs on it."""
        try:
            asyncio.run_coroutine_threadsafe(self._proxy.close(), self._loop).result(PATIENCE_S)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(PATIENCE_S)
            self._loop.close()
