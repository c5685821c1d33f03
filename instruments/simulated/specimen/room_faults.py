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
        swings_by_c: how far its temperature swings to either side in a day.
        humidity_step_percent: by how much it becomes damper after two and a half hours.
    """

    warms_at_s: float = math.inf
    swings_by_c: float = 0.3
    humidity_step_percent: float = 0.0


QUIET = RoomFaults()
