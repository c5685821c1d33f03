# SPDX-License-Identifier: Apache-2.0
"""Bench time: one clock object is passed to everything, and nothing else reads or spends time.

*real* is the machine's monotonic clock, which goes on while the computer sleeps; *scaled* is the same, faster, for a
twin in another process (never for timing claims); *stepped* moves only when the bench says so, and the twin runs every
event up to the new instant before it answers: same seed, same journal, byte for byte.
"""

from bench.clock.bench_date import bench_date
from bench.clock.clock import Clock, ClockMode
from bench.clock.reading_time import clocks_half_width_s, reading_takes_s
from bench.clock.running_clock import RunningClock
from bench.clock.sleep_watch import ComputerSleep, SleepWatch
from bench.clock.stepped_clock import SteppedClock
from bench.clock.watchdog_time import watchdog_time_s

__all__ = [
    "Clock",
    "ClockMode",
    "ComputerSleep",
    "RunningClock",
    "SleepWatch",
    "SteppedClock",
    "bench_date",
    "clocks_half_width_s",
    "reading_takes_s",
    "watchdog_time_s",
]
