# SPDX-License-Identifier: Apache-2.0
"""What the twin's servers ask of the twin's physics: registers of a device, and a weighing cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from instruments.register_map.codec import Value


class RegisterDevice(Protocol):
    """A device whose points can be read and written by name, at the timeline's present instant."""

    def read(self, names: Sequence[str]) -> dict[str, Value]:
        """Return the values of the points `names` now; one instant gives one value however often it is asked."""
        ...

    def write(self, values: Mapping[str, Value]) -> None:
        """Take one write request: all points that it covers, at once.

        Raises:
            ValueError: the device refuses; nothing of the request was taken.
        """
        ...


class LoadStatus(StrEnum):
    """Whether the load lies inside the weighing range."""

    IN_RANGE = "in_range"
    OVERLOAD = "overload"
    UNDERLOAD = "underload"


@dataclass(frozen=True)
class Weighing:
    """What the cell shows now: net mass rounded to its readability, its stability flag, and the range status."""

    net_mass_g: float
    stable: bool
    status: LoadStatus


class WeighingCell(Protocol):
    """The balance without its line protocol."""

    model: str
    serial_number: str
    firmware_version: str
    capacity_g: float
    readability_g: float
    host_unit: str
    auto_zero: bool
    auto_adjustment: bool
    internal_weight_g: float | None
    """The weight that it can put on itself, as it is marked; None where it has none."""
    restarts: int
    """Counts up each time the cell powers up anew; zero and tare are then gone and the host unit is g again."""

    def weigh(self) -> Weighing:
        """Return what is shown now; noise depends on the seed and the instant only."""
        ...

    def answer(self) -> Weighing:
        """Return what a host is told that asks for the mass now: what is shown, unless something is wrong with that."""
        ...

    def put_on_internal_weight(self) -> None:
        """Put the internal weight on, beside what lies on the pan."""
        ...

    def lift_internal_weight(self) -> None:
        """Lift the internal weight; nothing happens where it is lifted already."""
        ...

    def stable_at_s(self) -> float:
        """Return the instant from which the load will be stable if nothing changes (now, if it is already)."""
        ...

    def tare(self) -> float:
        """Make the present gross mass the tare and return it in g."""
        ...

    def zero(self) -> None:
        """Make the present gross mass the zero and clear the tare."""
        ...

    def restart(self) -> None:
        """Power up anew."""
        ...
