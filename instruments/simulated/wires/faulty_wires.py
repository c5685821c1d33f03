# SPDX-License-Identifier: Apache-2.0
"""A twin behind bad wires: the same twin at other addresses, where every wire has faults.

    with TwinChild(options) as addresses, FaultyWires(addresses, seed=7, rate=0.02) as wires:
        bench_file = simulated_bench(wires.addresses)

The control line is not spoilt: it is the clock, not an instrument. The proxies live on a thread of their own.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from instruments.simulated.wires.fault_proxy import FaultProxy, OnFault
from instruments.simulated.wires.fault_schedule import FaultSchedule
from instruments.simulated.wires.twin_addresses import TwinAddresses
from instruments.simulated.wires.wire_fault import Framing

LONGEST_FAULT_S = 1.0
_PATIENCE_S = 5.0


class FaultyWires:
    """Stands in front of a twin while a `with` block lasts.

    Args:
        behind: where the twin really is.
        seed: same seed, same faults for the same messages.
        rate: share of messages that meet a fault, from 0 to 1.
        longest_s: longest delay, in wall time.
        on_fault: called with each fault that was made, on another thread.

    Attributes:
        addresses: where the bench finds the twin now.
        pump_and_rig, balance: the proxies; set their `silent` for a cable that is out.
    """

    addresses: TwinAddresses
    pump_and_rig: tuple[FaultProxy, ...]
    balance: FaultProxy

    def __init__(
        self,
        behind: TwinAddresses,
        *,
        seed: int,
        rate: float,
        longest_s: float = LONGEST_FAULT_S,
        on_fault: OnFault = lambda _: None,
    ) -> None:
        self._behind = behind
        self._make: Callable[[str, Framing], FaultProxy] = lambda name, framing: FaultProxy(
            name, framing, FaultSchedule.of_wire(name, framing, seed, rate, longest_s), on_fault
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faulty wires", daemon=True)

    def __enter__(self) -> Self:
        """Open every wire."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(_PATIENCE_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every wire."""
        try:
            asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(_PATIENCE_S)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_PATIENCE_S)
            self._loop.close()

    @property
    def proxies(self) -> tuple[FaultProxy, ...]:
        """Return all proxies."""
        return (*self.pump_and_rig, self.balance)

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Make no faults while the block runs."""
        for proxy in self.proxies:
            proxy.calm = True
        try:
            yield
        finally:
            for proxy in self.proxies:
                proxy.calm = False

    async def _open(self) -> None:
        behind = self._behind
        if behind.pump.startswith("tcp://"):
            modbus = self._make("modbus", Framing.MODBUS_TCP)
            self.pump_and_rig = (modbus,)
            pump = rig = f"tcp://127.0.0.1:{await modbus.listen_tcp(_tcp(behind.pump))}"
            self.balance = self._make("balance", Framing.LINES)
            host, port = behind.balance.split("::")[1:3]
            balance = f"TCPIP::127.0.0.1::{await self.balance.listen_tcp((host, int(port)))}::SOCKET"
        else:
            self.pump_and_rig = (self._make("pump", Framing.MODBUS_RTU), self._make("rig", Framing.MODBUS_RTU))
            pump, rig = map(_rtu, self.pump_and_rig, (behind.pump, behind.rig))
            self.balance = self._make("balance", Framing.SERIAL_LINES)
            device = behind.balance.removeprefix("ASRL").removesuffix("::INSTR")
            balance = f"ASRL{self.balance.open_pty(device)}::INSTR"
        self.addresses = replace(behind, pump=pump, rig=rig, balance=balance)

    async def _close(self) -> None:
        for proxy in self.proxies:
            await proxy.close()


def _tcp(address: str) -> tuple[str, int]:
    parts = urlsplit(address)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def _rtu(proxy: FaultProxy, address: str) -> str:
    parts = urlsplit(address)
    return f"rtu://{proxy.open_pty(parts.path)}?{parts.query}"
