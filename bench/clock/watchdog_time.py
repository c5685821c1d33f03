# SPDX-License-Identifier: Apache-2.0
"""How long a watchdog that listens to a bench must wait, where bench time runs faster than the machine's.

What holds a computer up for a moment, another process or its disk, is as long on a fast clock as on a slow one. At a
thousand times the speed a minute of the rig's is 60 ms of the machine, and a good bench can be silent for that long.
"""

import math

from bench.clock.clock import Clock

LEAST_MACHINE_S = 0.25
"""No watchdog bites sooner, in seconds of the machine."""


def watchdog_time_s(clock: Clock, at_least_s: int) -> int:
    """Return the time-out in bench seconds: `at_least_s` up to some 200 times real time, and more on a faster clock."""
    return max(at_least_s, math.ceil(LEAST_MACHINE_S * clock.speed))
