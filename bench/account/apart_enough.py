# SPDX-License-Identifier: Apache-2.0
"""Which samples are far enough apart to be readings of a curve: of those that follow each second, one in ten seconds.

A stroke takes some seconds to arrive, so in samples each second it is no rise from a reading to the next but one. What
they are for is the pressure, which is looked at in all of them.
"""

import numpy as np

from bench.account.sample_table import Column, Truths

CLOSE_S = 1.5
"""Samples no further apart than this were taken because something looked odd."""
APART_S = 10.0


def apart_enough(at_s: Column, interval_s: float) -> Truths:
    """Tell of each sample whether it counts; all do where the planned interval is as short.

    Args:
        at_s: bench time, increasing; shape (n,).
        interval_s: planned between two regular samples.
    """
    kept: Truths = np.ones(len(at_s), dtype=np.bool_)
    if interval_s <= APART_S:
        return kept
    last = 0
    for place in (np.flatnonzero(np.diff(at_s) <= CLOSE_S) + 1).tolist():
        last = place - 1 if kept[place - 1] else last
        kept[place] = at_s[place] - at_s[last] >= APART_S
    return kept
