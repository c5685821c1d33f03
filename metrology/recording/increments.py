# SPDX-License-Identifier: Apache-2.0
"""A column that tells what came since the reading before, and not what is there: its readings are added up.

It looks like a pump that stands still, whose every reading is what the set rate brings in one interval.
"""

import numpy as np

from groundfloor.errors import PlanError
from metrology.recording.recording import Floats, Recording

_SLACK, _STANDS_STILL = 0.3, 0.05


def added_up(amounts: Floats) -> Floats:
    """Return what had come by each reading; what the first one tells came before it."""
    return np.concatenate([np.zeros(1), np.cumsum(amounts[1:])])


def refuse_increments(recording: Recording, set_rate_ul_per_h: float | None, ul_per_unit: float) -> None:
    """Raise PlanError where a recording looks like one of what came in each interval.

    Args:
        recording: as it was read.
        set_rate_ul_per_h: None where nobody told it; then nothing can be said.
        ul_per_unit: µL of one unit of its amounts.
    """
    if set_rate_ul_per_h is None:
        return
    interval_s = float(np.median(np.diff(recording.times_s)))
    due = set_rate_ul_per_h / 3600 * interval_s / ul_per_unit
    usual = float(np.median(recording.amounts))
    gained = abs(float(np.median(recording.amounts[-3:]) - np.median(recording.amounts[:3])))
    whole = due * float(recording.times_s[-1]) / interval_s
    if abs(usual - due) <= _SLACK * due and gained <= _STANDS_STILL * whole:
        seen = (
            f"each reading is about {usual:.4g} {recording.unit}, which is what the set rate brings in one interval, "
            "and nothing is added to it"
        )
        next_step = "if the column tells what came since the reading before, say so: --increments"
        raise PlanError(f"recording {recording.source}", "check", seen, next_step)
