# SPDX-License-Identifier: Apache-2.0
"""How long a reading of several devices may take, so that it belongs to one instant."""

from bench.clock.clock import Clock

A_READING_TAKES_S = 0.1
"""In seconds of the machine."""
LONGEST_IN_BENCH_TIME_S = 40.0
"""On a clock that is so fast that a tenth of a second is more than this, a reading has to be quicker."""


def reading_takes_s(clock: Clock) -> float:
    """Return it in seconds of the machine: a tenth of a second up to 400 times real time, and less on a faster clock.

    A fast clock makes of every delay a doubt about the instant. What takes longer is read anew, so this is a bound.
    """
    if clock.speed * A_READING_TAKES_S <= LONGEST_IN_BENCH_TIME_S:
        return A_READING_TAKES_S
    return LONGEST_IN_BENCH_TIME_S / clock.speed


def clocks_half_width_s(clock: Clock) -> float:
    """Return how far two clocks that are read one after the other may seem apart, in bench time; 0 while it stands."""
    return reading_takes_s(clock) * clock.speed
