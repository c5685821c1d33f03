# SPDX-License-Identifier: Apache-2.0
"""What a balance that answers with plain lines says: its words, and what its display shows.

A file of `spoken/` has the words of one make; `line_client.py` hands them to the hosts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from instruments.simulated.served.devices import LoadStatus, WeighingCell

_GRAMS_IN = {"g": 1.0, "kg": 1000.0, "mg": 0.001}


class Order(Enum):
    """What moves something: it waits for a stable load."""

    TARE = "tare"
    ZERO = "zero"


@dataclass(frozen=True)
class Display:
    """What the display shows at one instant.

    Attributes:
        value: in `unit`, rounded; its magnitude as text is `digits`.
        digits: magnitude, with no more characters than asked for.
        negative: whether a minus stands before it.
        stable: the mark of stability.
        status: whether the load is in range.
    """

    value: float
    digits: str
    unit: str
    negative: bool
    stable: bool
    status: LoadStatus


def display(cell: WeighingCell, most_characters: int) -> Display:
    """Return what is shown now."""
    weighing = cell.answer()
    value, digits = in_unit(cell, weighing.net_mass_g, most_characters)
    return Display(value, digits, cell.host_unit, value < 0, weighing.stable, weighing.status)


def in_unit(cell: WeighingCell, mass_g: float, most_characters: int) -> tuple[float, str]:
    """Return a mass in the unit that is set, and its magnitude as text; what does not fit loses decimals."""
    grams = _GRAMS_IN[cell.host_unit]
    decimals = max(1, -math.floor(math.log10(cell.readability_g / grams) + 1e-9))
    value = round(mass_g / grams, decimals) + 0.0
    while decimals > 1 and len(f"{abs(value):.{decimals}f}") > most_characters:
        decimals -= 1
        value = round(mass_g / grams, decimals) + 0.0
    return value, f"{abs(value):.{decimals}f}"


class LineWords(Protocol):
    """The words of one make; lines have no ends here."""

    orders: Mapping[str, Order]
    stream_begins: str
    stream_ends: str

    def commands(self, received: bytes) -> tuple[list[str], bytes]:
        """Split what came into whole commands and what is left."""
        ...

    def weight(self) -> str:
        """Return the line that tells the weight of this moment."""
        ...

    def answer(self, command: str) -> list[str]:
        """Return what is answered to a command that is no order and no stream."""
        ...

    def begun(self, command: str) -> list[str]:
        """Return what is said when an order is accepted."""
        ...

    def done(self, command: str, tare_g: float) -> list[str]:
        """Return what is said when it is done; `tare_g` is the tare from now on."""
        ...

    def refused(self, command: str, status: LoadStatus) -> list[str]:
        """Return what is said when the load was out of range, or not stable in time."""
        ...


def by_lines(received: bytes) -> tuple[list[str], bytes]:
    """Split what came at each CR LF."""
    *lines, rest = received.split(b"\r\n")
    return [line.decode("latin-1") for line in lines], rest
