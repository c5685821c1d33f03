# SPDX-License-Identifier: Apache-2.0
"""How this system tells that the computer slept; the clocks themselves are read in `groundfloor.wall_clock`.

Linux      CLOCK_BOOTTIME goes on in sleep, `time.monotonic` stands still
macOS      CLOCK_MONOTONIC_RAW goes on in sleep, `time.monotonic` stands still
Windows    all of its clocks go on; it counts by itself how long it was awake
"""

import sys
import time

if sys.platform == "win32":
    import ctypes

    GOES_ON: int | None = None

    def told_sleep_s() -> float:
        """Return how many seconds this computer has slept since it was started, to 16 ms."""
        kernel, awake = ctypes.WinDLL("kernel32"), ctypes.c_ulonglong()
        kernel.GetTickCount64.restype = ctypes.c_ulonglong
        kernel.QueryUnbiasedInterruptTime(ctypes.byref(awake))
        return max(0.0, float(kernel.GetTickCount64()) / 1e3 - awake.value / 1e7)

else:
    GOES_ON: int | None = getattr(time, "CLOCK_MONOTONIC_RAW" if sys.platform == "darwin" else "CLOCK_BOOTTIME", None)
    """Number of the clock that goes on in sleep; None where there is none."""

    def told_sleep_s() -> float:
        """Return 0: the difference of two clocks tells it."""
        return 0.0
