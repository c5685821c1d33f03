# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a pump's clock, beside its crystal; the defaults are a good one."""

import math
from dataclasses import dataclass

EVENT_S = 2.5 * 3600.0
"""When a clock jumps or stops."""


@dataclass(frozen=True)
class ClockFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        jumps_by_s: how far it jumps ahead after two and a half hours.
        stops_for_s: for how long it stands after two and a half hours.
        set_ignored: whether it takes the command that sets it, and goes on as before.
        set_shown_only: whether only what it shows is set, and the schedule goes by the old time.
        drifts_once_set_ppm: how much faster than true time it runs once it was set; 0 for as before.
        zeroed_at_s: at this instant it begins again at zero; the therapy goes on.
    """

    jumps_by_s: float = 0.0
    stops_for_s: float = 0.0
    set_ignored: bool = False
    set_shown_only: bool = False
    drifts_once_set_ppm: float = 0.0
    zeroed_at_s: float = math.inf
