# SPDX-License-Identifier: Apache-2.0
"""When a fault comes that comes again and again.

Not at the beginning, so that the bench has seen the good twin; often enough that each chapter of a day meets it.
"""

import math

FIRST_S = 2.5 * 3600.0
EVERY_S = 6.0 * 3600.0


def occasions(now_s: float) -> int:
    """Return how many times it has come until now."""
    return max(0, math.floor((now_s - FIRST_S) / EVERY_S) + 1)


def since_last_s(now_s: float) -> float:
    """Return for how long the last occasion lies back; infinite before the first."""
    return (now_s - FIRST_S) % EVERY_S if now_s >= FIRST_S else math.inf
