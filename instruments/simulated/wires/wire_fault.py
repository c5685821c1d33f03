# SPDX-License-Identifier: Apache-2.0
"""What can happen to one message on a wire: the faults that a laboratory knows, and the record of one that was made."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """Faults of a wire, a gateway or a device server; each befalls one message."""

    DELAY = "delay"
    DROP = "drop"
    RESET = "connection reset"
    HALF = "half frame"
    DUPLICATE = "duplicate"
    GARBAGE = "garbage"
    WRONG_UNIT = "wrong unit id"
    DRIP = "slow drip"


class Direction(StrEnum):
    """Which way a message goes."""

    TO_DEVICE = "to device"
    TO_BENCH = "to bench"


class Framing(StrEnum):
    """What a wire carries; it says which faults make sense there."""

    MODBUS_TCP = "Modbus TCP"
    MODBUS_RTU = "Modbus RTU"
    LINES = "lines of text"
    SERIAL_LINES = "lines of text, serial"

    @property
    def kinds(self) -> tuple[FaultKind, ...]:
        """Return the faults that can happen there: a cable cannot be reset, and only Modbus has unit ids."""
        without = set() if self.is_modbus else {FaultKind.WRONG_UNIT}
        if self in (Framing.MODBUS_RTU, Framing.SERIAL_LINES):
            without.add(FaultKind.RESET)
        return tuple(kind for kind in FaultKind if kind not in without)

    @property
    def is_modbus(self) -> bool:
        """Tell whether the messages are Modbus frames."""
        return self in (Framing.MODBUS_TCP, Framing.MODBUS_RTU)

    @property
    def reorders(self) -> bool:
        """Tell whether a gateway may deliver a copy later; cables and plain connections keep the order of bytes."""
        return self is Framing.MODBUS_TCP


@dataclass(frozen=True)
class WireFault:
    """One fault, ready to be made.

    Attributes:
        kind: what happens.
        late_s: wall time that a delay, a drip or a late copy takes.
        place: where in the message it is cut, from 0 (its beginning) to 1.
        variant: which of three ways; see `faulty_path.py`.
        foreign: bytes that the device never sent.
    """

    kind: FaultKind
    late_s: float
    place: float
    variant: int
    foreign: bytes


@dataclass(frozen=True)
class FaultRecord:
    """A fault that was made.

    Attributes:
        at_s: wall time since the proxy was started.
        wire: whose wire it is.
        direction: which way the message went.
        kind: what happened.
        did: the same in words, with figures.
        message: the bytes as they came in.
    """

    at_s: float
    wire: str
    direction: Direction
    kind: FaultKind
    did: str
    message: bytes

    def as_dict(self) -> dict[str, str | float]:
        """Return it in the form of a log file: the message as hexadecimal text."""
        return {
            "at_s": round(self.at_s, 4),
            "wire": self.wire,
            "direction": str(self.direction),
            "kind": str(self.kind),
            "did": self.did,
            "message": self.message.hex(),
        }
