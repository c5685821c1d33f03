# SPDX-License-Identifier: Apache-2.0
"""A programming session that names the pump it is for: a programmer that was opened for one pump may meet another.

Not every pump can be told; what cannot is one that a session does not name.
"""

from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault


@runtime_checkable
class NamesPump(Protocol):
    """A driver that can tell a pump which one the next program is for."""

    def name_pump(self, serial_number: str) -> None:
        """Write the serial number of the pump that the next program is for; its loading ends that.

        Raises:
            BenchFault: the pump has no place for it, or the wire failed.
        """
        ...


def names_pump(pump: object, serial_number: str) -> None:
    """Write the serial number of the pump that the next program is for.

    Raises:
        BenchFault: driver or pump cannot be told.
    """
    if not isinstance(pump, NamesPump):
        raise no_name("pump")
    pump.name_pump(serial_number)


def no_name(asset: str) -> BenchFault:
    """Return the fault of a pump that cannot be told."""
    seen = "driver or register map has no place for the serial number of a session"
    return BenchFault(asset, "name the pump of a session", seen, "add `session_serial_number` to the pump's map")
