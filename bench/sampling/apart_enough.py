# SPDX-License-Identifier: Apache-2.0
"""Which samples are far enough apart to be readings of a curve: of those that follow each second, one in ten seconds.

A stroke takes some seconds to arrive, so in samples each second it is no rise from a reading to the next but one; and
over a second noise tells no flow. What such samples are for is the pressure, which is looked at in all of them.
"""

import math

CLOSE_S = 1.5
"""Samples no further apart than this were taken because something looked odd."""
APART_S = 10.0


class ApartEnough:
    """Takes the instants of samples in their order.

    Args:
        interval_s: planned between two regular samples; where it is as short, every sample counts.
    """

    def __init__(self, interval_s: float) -> None:
        self._all_count = interval_s <= APART_S
        self._newest_s = self._counted_s = -math.inf

    def counts(self, at_s: float) -> bool:
        """Take a sample at an instant of bench time; tell whether it counts as a reading."""
        is_close, self._newest_s = at_s - self._newest_s <= CLOSE_S, at_s
        if is_close and not self._all_count and at_s - self._counted_s < APART_S:
            return False
        self._counted_s = at_s
        return True
