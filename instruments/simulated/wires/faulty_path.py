# SPDX-License-Identifier: Apache-2.0
"""One direction of one connection, with faults: takes message after message and passes on what the fault leaves of it.

A message is what came in one piece; bench and device send one at a time and wait, so that is a request or a reply.
Messages keep their order: a delayed one holds up those behind it. The exception is a late copy, which a gateway can
deliver when the connection that it came on is long gone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from pymodbus.framer import FramerRTU

from instruments.simulated.wires.fault_schedule import FaultSchedule
from instruments.simulated.wires.wire_fault import Direction, FaultKind, Framing, WireFault

_UNIT_AT = {Framing.MODBUS_TCP: 6, Framing.MODBUS_RTU: 0}
_FOREIGN_UNITS = {Direction.TO_DEVICE: (77, 200, 247), Direction.TO_BENCH: (0, 1, 2)}
"""Requests go to units that nobody is; replies may seem to come from the neighbour, who hangs on the same wire."""
_CRC_BYTES = 2
Note = Callable[[FaultKind, str, bytes], None]


class WireState(Enum):
    """How the wire is now: nothing gets through, everything does, or each message takes its chance."""

    SILENT = auto()
    CALM = auto()
    FAULTY = auto()


class WireEnd(Protocol):
    """One end of a connection."""

    async def read(self) -> bytes:
        """Return the next piece that came, empty when the connection has ended."""
        ...

    def write(self, data: bytes) -> None:
        """Send `data`; nothing happens when the connection has ended."""
        ...

    def reset(self) -> None:
        """Break the connection off, with all that is under way."""
        ...

    def close(self) -> None:
        """End the connection after what was written."""
        ...


@dataclass(frozen=True)
class PathEnds:
    """Where the messages of a path come from, and where they go."""

    source: WireEnd
    sink: WireEnd


class FaultyPath:
    """Carries messages from one end to the other.

    Args:
        direction: which way this is.
        framing: what the messages are.
        schedule: the faults to come.
        ends: where the messages come from, and where they go.
        note: is told of each fault that was made.
        deliver_later: delivers a late copy after so many seconds, in its own time and on its own connection; None where
            nothing overtakes.
    """

    def __init__(
        self,
        direction: Direction,
        framing: Framing,
        schedule: FaultSchedule,
        ends: PathEnds,
        note: Note,
        deliver_later: Callable[[float, bytes], None] | None,
    ) -> None:
        self._direction = direction
        self._framing = framing
        self._schedule = schedule
        self._source = ends.source
        self._sink = ends.sink
        self._note = note
        self._deliver_later = deliver_later
        self._make: dict[FaultKind, Callable[[WireFault, bytes], Awaitable[str]]] = {
            FaultKind.DELAY: self._delay,
            FaultKind.DROP: self._drop,
            FaultKind.RESET: self._reset,
            FaultKind.HALF: self._half,
            FaultKind.DUPLICATE: self._duplicate,
            FaultKind.GARBAGE: self._garbage,
            FaultKind.WRONG_UNIT: self._wrong_unit,
            FaultKind.DRIP: self._drip,
        }

    async def run(self, wire_state: Callable[[], WireState]) -> None:
        """Carry until the source ends, then end the sink."""
        while message := await self._source.read():
            now = wire_state()
            if now is WireState.SILENT:
                continue
            fault = self._schedule.next() if now is WireState.FAULTY else None
            if fault is None:
                self._sink.write(message)
            else:
                did = await self._make[fault.kind](fault, message)
                self._note(fault.kind, did, message)
        self._sink.close()

    async def _delay(self, fault: WireFault, message: bytes) -> str:
        await asyncio.sleep(fault.late_s)
        self._sink.write(message)
        return f"passed on {fault.late_s:.3f} s late"

    async def _drop(self, _fault: WireFault, message: bytes) -> str:
        return f"lost all {len(message)} bytes"

    async def _reset(self, fault: WireFault, message: bytes) -> str:
        """Reset before the message, in the midst of it, or right behind it."""
        passed = message[: (0, _inside(fault, message), len(message))[fault.variant]]
        self._sink.write(passed)
        if passed:
            await asyncio.sleep(0)  # lets the bytes leave before the reset throws away what waits
        self._source.reset()
        if self._direction is Direction.TO_BENCH or not passed:
            self._sink.reset()
        return f"passed on {len(passed)} of {len(message)} bytes and reset the connection"

    async def _half(self, fault: WireFault, message: bytes) -> str:
        kept = _inside(fault, message)
        self._sink.write(message[:kept])
        return f"passed on {kept} of {len(message)} bytes"

    async def _duplicate(self, fault: WireFault, message: bytes) -> str:
        """Repeat it at once in one piece, a moment later, or (where a gateway could) later on another connection."""
        if fault.variant == 0:
            self._sink.write(message + message)
            return "sent twice in one piece"
        self._sink.write(message)
        if fault.variant == 1 or self._deliver_later is None:
            await asyncio.sleep(fault.late_s / 10)
            self._sink.write(message)
            return f"sent again {fault.late_s / 10:.3f} s later"
        self._deliver_later(fault.late_s, message)
        return f"sent again {fault.late_s:.3f} s later, behind others"

    async def _garbage(self, fault: WireFault, message: bytes) -> str:
        """Send foreign bytes before the message, behind it or in its place."""
        where = ("before", "behind", "in place of")[fault.variant]
        data = (fault.foreign + message, message + fault.foreign, fault.foreign)[fault.variant]
        self._sink.write(data)
        return f"sent {len(fault.foreign)} foreign bytes {where} it: {fault.foreign.hex(' ')}"

    async def _wrong_unit(self, fault: WireFault, message: bytes) -> str:
        at = _UNIT_AT[self._framing]
        if len(message) <= at + _CRC_BYTES:
            self._sink.write(message)
            return "too short to hold a unit id; passed on"
        foreign = [unit for unit in _FOREIGN_UNITS[self._direction] if unit != message[at]]
        unit = foreign[fault.variant % len(foreign)]
        changed = message[:at] + bytes((unit,)) + message[at + 1 :]
        if self._framing is Framing.MODBUS_RTU:  # a true frame of another unit, checksum and all
            body = changed[:-_CRC_BYTES]
            changed = body + FramerRTU.compute_CRC(body).to_bytes(_CRC_BYTES, "big")
        self._sink.write(changed)
        return f"unit id {message[at]} became {unit}"

    async def _drip(self, fault: WireFault, message: bytes) -> str:
        pause_s = fault.late_s / len(message)
        for byte in message:
            self._sink.write(bytes((byte,)))
            await asyncio.sleep(pause_s)
        return f"{len(message)} bytes dripped in over {fault.late_s:.3f} s"


def _inside(fault: WireFault, message: bytes) -> int:
    """Return how many bytes come before the cut: at least one, and not all."""
    return min(max(1, int(fault.place * len(message))), len(message) - 1)
