# SPDX-License-Identifier: Apache-2.0
"""The date of the next refill, as the pump computes it: the schedule is walked until the volume is used up."""

import math
from collections.abc import Callable

from instruments.program import Program
from instruments.simulated.pump.therapy_modes import MODES
from instruments.simulated.time.device_clock import DAY_S

HOUR_S = 3600.0
MOST_SEGMENTS = 20_000
"""Two years of a schedule with thirteen steps a day."""


def refill_due_s(
    program: Program | None, clock_s: float, left_ul: float, bridge: Callable[[], tuple[float, float]], boluses: float
) -> float:
    """Return when the computed volume reaches the low-reservoir volume, on the device clock; 0 for never.

    Args:
        program: in force.
        clock_s: now.
        left_ul: computed volume over the low-reservoir volume.
        bridge: tells what is left of a bridge, in µL, and its rate.
        boluses: share of the allotted patient boluses that is counted in, evenly.
    """
    if program is None:
        return 0.0
    if left_ul <= 0.0:
        return clock_s
    more_ul_per_h = boluses * program.ptm_volume_ul * program.ptm_max_per_day / DAY_S * HOUR_S
    bridge_ul, bridge_ul_per_h = bridge()
    if bridge_ul > 0.0:
        used_ul = min(left_ul, bridge_ul)
        clock_s, left_ul = clock_s + used_ul / bridge_ul_per_h * HOUR_S, left_ul - used_ul
    for _ in range(MOST_SEGMENTS):
        segment = MODES[program.mode].segment(program, clock_s)
        rate_ul_per_h = more_ul_per_h + (0.0 if segment is None else segment.rate_ul_per_h)
        ends_s = math.inf if segment is None else segment.until_s
        if rate_ul_per_h > 0.0 and left_ul <= rate_ul_per_h * (ends_s - clock_s) / HOUR_S:
            return clock_s + left_ul / rate_ul_per_h * HOUR_S
        if math.isinf(ends_s):
            return 0.0
        left_ul, clock_s = left_ul - rate_ul_per_h * (ends_s - clock_s) / HOUR_S, ends_s
    return 0.0
