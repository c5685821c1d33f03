# SPDX-License-Identifier: Apache-2.0
"""A firmware update, message by message: so that a bench can cut power or link after any of them.

What an image holds, and how it is signed, is the pump's affair; a bench carries it over. A pump tells the CRC-32 of the
image that runs, computed by itself, so that a version which is only shown is found out. Not every driver can update.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault
from instruments.pump import CommandResult


class UpdatePart(StrEnum):
    """What a message of an update does; a driver sends them in this order, and may send several of one kind."""

    BEGIN = "the update is announced"
    FIRST_HALF = "the first half of the image is written"
    REST = "the rest of the image is written"
    FINISH = "the pump is told to check the image and to run it"


@dataclass(frozen=True)
class UpdateMessage:
    """One message.

    Attributes:
        part: what it does.
        send: sends it once, and returns what the pump answered.
    """

    part: UpdatePart
    send: Callable[[], CommandResult]


@runtime_checkable
class UpdatesFirmware(Protocol):
    """A driver that can update a pump's firmware."""

    def update(self, image: bytes, *, authorised: bool = False) -> tuple[UpdateMessage, ...]:
        """Return the messages that carry an image over, in order; nothing is sent yet.

        Args:
            image: as the maker gave it.
            authorised: whether an image older than the one that runs is asked for with the authority that it needs.

        Raises:
            BenchFault: the pump's map has no points for it.
        """
        ...

    def firmware_crc(self) -> int:
        """Return the CRC-32 of the image that runs, computed by the pump.

        Raises:
            BenchFault: the pump's map has no point for it, or the pump does not answer.
        """
        ...


def firmware_of(pump: object) -> UpdatesFirmware:
    """Return what updates the firmware of a pump.

    Raises:
        BenchFault: its driver cannot.
    """
    if isinstance(pump, UpdatesFirmware):
        return pump
    seen, next_step = "its driver has no `update`", "give the driver the verbs of `UpdatesFirmware`"
    raise BenchFault("pump", "update the firmware", seen, next_step)
