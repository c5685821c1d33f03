# SPDX-License-Identifier: Apache-2.0
"""Something in a recording that is no even delivery: a step that stays, or a dip that comes back."""

from dataclasses import dataclass
from enum import StrEnum


class DisturbanceKind(StrEnum):
    """What was seen."""

    STEP = "step"
    DIP = "dip"
    DECLINE = "decline"


@dataclass(frozen=True)
class Disturbance:
    """One of them.

    Attributes:
        kind: a STEP changed the sum, a DIP did not; a DECLINE is flow that dies away towards the end.
        first, last: the readings before and after it, by their place.
        from_s, to_s: their instants.
        line: of the file, where it shows first.
        size: what came beside the flow, in the unit of the amounts; of a dip, how deep it was; of a decline, the share
            of the usual flow that was left.
    """

    kind: DisturbanceKind
    first: int
    last: int
    from_s: float
    to_s: float
    line: int
    size: float
