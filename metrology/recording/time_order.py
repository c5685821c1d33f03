# SPDX-License-Identifier: Apache-2.0
"""Brings readings into the order of time, where the file tells beyond doubt how: newest first, past midnight, twice.

A clock that was set back is no such case: which of two hours a reading is of cannot be told, and it is refused by line.
"""

import numpy as np
import numpy.typing as npt

from groundfloor.errors import PlanError
from metrology.recording.number_column import Floats

_DAY_S = 86_400.0
_HOUR_S = 3600.0
_MOSTLY = 0.8
_MOST_PARTS = 10
_OFTEN = 0.2
"""A share of readings that share their stamp with another, from which on stamps are coarser than readings."""


def past_midnight(times_s: Floats) -> tuple[Floats, int]:
    """Return times of a clock that begins again at midnight as times that go on, and how many midnights passed."""
    known = ~np.isnan(times_s)
    steps_s = np.diff(times_s[known], prepend=times_s[known][:1])
    midnights = np.cumsum(steps_s < -_DAY_S / 2)
    unrolled = times_s.copy()
    unrolled[known] += _DAY_S * midnights
    return unrolled, int(midnights[-1]) if len(midnights) else 0


def is_newest_first(times_s: Floats) -> bool:
    """Tell whether times fall from line to line and never rise."""
    known = ~np.isnan(times_s)
    if not known.any() or times_s[np.argmax(known)] <= times_s[len(known) - 1 - np.argmax(known[::-1])]:
        return False
    steps_s = np.diff(times_s[known])
    return bool(np.any(steps_s < 0)) and not np.any(steps_s > 0)


def falls_mostly(times_s: Floats) -> bool:
    """Tell whether a clock that begins again at midnight runs backwards from line to line: the newest stands first."""
    steps_s = np.diff(times_s[~np.isnan(times_s)])
    return bool(np.count_nonzero(steps_s < 0) > _MOSTLY * max(int(np.count_nonzero(steps_s)), 1))


def backwards(times_s: Floats) -> npt.NDArray[np.intp]:
    """Return the readings whose time lies before that of the one in front of them."""
    known = np.flatnonzero(~np.isnan(times_s))
    return known[1:][np.diff(times_s[known]) < 0]


def refuse_backwards(who: str, times_s: Floats, lines: npt.NDArray[np.integer], *, is_local: bool) -> None:
    """Raise PlanError where time runs backwards, and say what may have set it back."""
    if np.all(times_s[1:] >= times_s[:-1]):
        return
    steps_s = np.diff(times_s)
    index = int(np.argmax(steps_s < 0)) + 1
    usual_s = float(np.median(steps_s[steps_s > 0])) if np.any(steps_s > 0) else 0.0
    back_s = usual_s - float(steps_s[index - 1])
    seen = f"line {lines[index]}: its time lies {-steps_s[index - 1]:.6g} s before that of line {lines[index - 1]}"
    before = f"--use-to '{times_s[index - 1]:.9g} s'"
    if is_local and abs(back_s - _HOUR_S) <= max(0.1 * usual_s, 2.0):
        next_step = (
            "summer time ended: name the zone of that clock, such as --time-zone Europe/Berlin, "
            f"or use the part before it ({before})"
        )
        raise PlanError(who, "read", f"{seen}: time runs backwards by an hour, the clock was set back", next_step)
    if abs(back_s - _DAY_S / 2) <= max(0.1 * usual_s, 2.0):
        next_step = f"a clock of 12 hours without AM and PM began again: use the part before it ({before}), or --part 1"
        raise PlanError(who, "read", f"{seen}: time runs backwards by half a day", next_step)
    times = np.count_nonzero(steps_s < 0)
    if times > _MOST_PARTS:
        next_step = f"{times} lines do so: they stand in no order of time. If their times are right: --sort-by-time"
        raise PlanError(who, "read", f"{seen}: time runs backwards", next_step)
    next_step = (
        f"the clock was set, or {times + 1} recordings stand in one file: use the part before it ({before}), or choose "
        f"one, --part 1 to --part {times + 1}; if lines only stand in the wrong order: --sort-by-time"
    )
    raise PlanError(who, "read", f"{seen}: time runs backwards", next_step)


def one_reading_an_instant(times_s: Floats, amounts: Floats) -> tuple[npt.NDArray[np.intp], Floats, float]:
    """Return the first reading of each instant, the mean amount there, and how far readings may lie from their stamp.

    Args:
        times_s: that do not fall; shape (n,).
        amounts: shape (n,).
    """
    first = np.flatnonzero(np.diff(times_s, prepend=-np.inf) > 0)
    counts = np.diff(np.append(first, len(times_s)))
    means: Floats = np.add.reduceat(amounts, first) / counts
    is_coarse = np.count_nonzero(counts > 1) > _OFTEN * len(first) and len(first) > 1
    return first, means, float(np.min(np.diff(times_s[first]))) if is_coarse else 0.0
