# SPDX-License-Identifier: Apache-2.0
"""The sampling grid: which durations count as whole numbers of sampling intervals, rounding of floats aside."""

import math

import numpy as np
import numpy.typing as npt

from groundfloor.errors import PlanError
from metrology.delivery.blocks import blocks

_WHOLE = 1e-6
"""How far a number of intervals may be from a whole one and still be meant as one: 600 s at 0.3333333 s are 1800."""

_ON_GRID = 1e-9
_ROUNDINGS = 4


def grid_steps(duration_s: float, sample_interval_s: float) -> int:
    """Return how many whole sampling intervals fit into `duration_s`.

    Raises:
        PlanError: the interval is not over zero.
    """
    refuse_no_interval(sample_interval_s)
    return math.floor(duration_s / sample_interval_s + _WHOLE)


def whole_intervals(name: str, duration_s: float, sample_interval_s: float) -> int:
    """Return how many sampling intervals `duration_s` is, at least one.

    Args:
        name: of the duration, for the message.
        duration_s: must be a whole multiple of the interval.
        sample_interval_s: S.

    Raises:
        PlanError: the interval is not over zero, or the duration is no whole multiple of it.
    """
    refuse_no_interval(sample_interval_s)
    count = duration_s / sample_interval_s
    if not (math.isfinite(count) and round(count) >= 1 and abs(count - round(count)) <= _WHOLE):
        seen = f"{duration_s:g} s is {count:g} sampling intervals of {sample_interval_s:g} s"
        raise PlanError(name, "count sampling intervals", seen, "choose a whole multiple of the sampling interval")
    return round(count)


def refuse_no_interval(sample_interval_s: float) -> None:
    """Raise PlanError where a sampling interval is not over zero."""
    if not (math.isfinite(sample_interval_s) and sample_interval_s > 0):
        seen = f"{sample_interval_s:g} s is not over zero"
        raise PlanError("sampling interval", "sample", seen, "give the time from one sample to the next")


def lies_on_grid(times_s: npt.NDArray[np.float64], sample_interval_s: float) -> bool:
    """Tell whether samples lie at `t0 + k S` up to rounding, so that interpolating them would change nothing."""
    rounding_s = _ROUNDINGS * np.spacing(np.max(np.abs(times_s[[0, -1]])))
    tolerance_s = _ON_GRID * sample_interval_s + rounding_s
    for block in blocks(len(times_s)):
        late_s = times_s[block] - times_s[0]
        late_s -= sample_interval_s * np.arange(block.start, block.stop)
        if late_s.max() > tolerance_s or late_s.min() < -tolerance_s:
            return False
    return True
