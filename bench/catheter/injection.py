# SPDX-License-Identifier: Apache-2.0
"""An injection: a fault that the rig was told to make, and that an independent sensor confirmed."""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Faults of the catheter."""

    KINK = "kink"
    DISCONNECT = "disconnect"
    LEAK = "leak"


@dataclass
class Injection:
    """One fault, from the order to its release.

    Attributes:
        fault: which.
        percent: how much of it; 100 for a disconnection.
        sent_s: bench time just before the order was given.
        confirmed_s: bench time at which the sensor showed it.
        released_s: bench time at which the sensor showed that it was gone; None while it is there.
    """

    fault: Fault
    percent: float
    sent_s: float
    confirmed_s: float
    released_s: float | None = None

    def overlaps(self, from_s: float, to_s: float) -> bool:
        """Tell whether the fault was there at any time between two instants."""
        return self.sent_s <= to_s and (self.released_s is None or self.released_s >= from_s)
