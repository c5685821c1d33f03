# SPDX-License-Identifier: Apache-2.0
"""What can happen to the room around the bench."""

import math
from dataclasses import dataclass

WARMER_BY_C = 5.0


@dataclass(frozen=True)
class RoomFaults:
    """The defaults are a good weighing room.

    Attributes:
        warms_at_s: from this instant on it is five degrees warmer.
    """

    warms_at_s: float = math.inf


QUIET = RoomFaults()
