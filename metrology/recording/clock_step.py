# SPDX-License-Identifier: Apache-2.0
"""Finds the hour that a clock on a wall leaps in spring.

Two stamps are an hour further apart than all others are, and no more liquid came between them than between the others.
"""

from dataclasses import dataclass

import numpy as np

from groundfloor.errors import PlanError
from metrology.recording.recording import Recording

_HOUR_S = 3600.0
_NEIGHBOURS = 12
_SLACK = 0.05


@dataclass(frozen=True)
class ClockStep:
    """Where a clock was set forward.

    Attributes:
        index: the reading before.
        hours: by how much.
    """

    index: int
    hours: int


def clock_step(recording: Recording) -> ClockStep | None:
    """Return where the stamps of a local clock leap by an hour that the flow knows nothing of; None for nowhere."""
    if not recording.local_clock or len(recording.times_s) < 4:
        return None
    took_s, gained = np.diff(recording.times_s), np.diff(recording.amounts)
    usual_s = float(np.median(took_s))
    leaps = np.flatnonzero(np.abs(took_s - usual_s - _HOUR_S) <= np.maximum(_SLACK * usual_s, 2.0))
    for index in leaps.tolist():
        near = np.r_[max(index - _NEIGHBOURS, 0) : index, index + 1 : min(index + 1 + _NEIGHBOURS, len(took_s))]
        rate = float(np.median(gained[near] / took_s[near]))
        without, whole = rate * (took_s[index] - _HOUR_S), rate * took_s[index]
        if abs(gained[index] - without) < abs(gained[index] - whole):
            return ClockStep(index, 1)
    return None


def refuse_clock_step(recording: Recording) -> None:
    """Raise PlanError where a clock was set forward in the recording."""
    step = clock_step(recording)
    if step is None:
        return
    before_s, after_s = recording.file_begin_s(step.index), recording.file_s(step.index + 1)
    came = float(recording.amounts[step.index + 1] - recording.amounts[step.index])
    seen = (
        f"the clock steps forward by an hour after line {recording.line(step.index)}: {after_s - before_s:.6g} s pass "
        f"by the stamps, and {came:.6g} {recording.unit} came as in an hour less (summer time began?)"
    )
    next_step = (
        "name the zone of that clock, such as --time-zone Europe/Berlin, or leave the step out: "
        f"--exclude '{before_s:.9g} s..{after_s:.9g} s'"
    )
    raise PlanError(f"recording {recording.source}", "check", seen, next_step)
