# SPDX-License-Identifier: Apache-2.0
"""Asking ahead: the request of a reading goes out now, its reply is taken later.

Devices that are all asked before the first of them is heard answer at the same time. Their readings lie closer to one
instant, and all of them take as long as the slowest device, not as long as all together.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

Reading = TypeVar("Reading")
Reading_co = TypeVar("Reading_co", covariant=True)


class AsksAhead(Protocol[Reading_co]):
    """A driver whose regular reading can be asked for ahead: `read` of a pump or rig, `read_mass_g` of a balance."""

    def ask_ahead(self) -> Callable[[], Reading_co]:
        """Send the request of a reading, if the wire is in order, and return what takes the reading.

        Asking raises nothing: a wire in doubt is restored when the reading is taken, which then asks again. Whatever
        else is done with the device in between throws the reply away, so that no reading is older than what was asked.
        Devices that share a line may be asked in one piece, once all of them are to be asked.
        """
        ...


class BeatsAhead(Protocol[Reading_co]):
    """A rig's driver that can give the heartbeat and ask for a reading in one request."""

    def beat_ahead(self) -> Callable[[], Reading_co] | None:
        """Send the heartbeat and the request of a reading, and return what takes the reading; None if it cannot now.

        What is returned raises as `send_heartbeat` and `read` do, and does what is left of both where no reply came.
        """
        ...


def asked(device: object, read: Callable[[], Reading]) -> Callable[[], Reading]:
    """Ask `device` ahead if its driver can; return what takes the reading, which is `read` if it cannot."""
    ahead: Callable[[], Callable[[], Reading]] | None = getattr(device, "ask_ahead", None)  # as fast as a sample wants
    return read if ahead is None else ahead()


def beaten(rig: object) -> Callable[[], Reading] | None:
    """Give `rig` its heartbeat and ask for its reading in one request; None if its driver cannot now."""
    ahead: Callable[[], Callable[[], Reading] | None] | None = getattr(rig, "beat_ahead", None)
    return None if ahead is None else ahead()
