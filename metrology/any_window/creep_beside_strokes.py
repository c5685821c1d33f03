# SPDX-License-Identifier: Apache-2.0
"""Creep where strokes run into each other: what came, or went, and not in strokes.

A rotor gives in strokes, and its counter tells when. Where too few readings lie between two strokes to see a rest, the
strokes are seen all the same: the weighed volume rises with each of them, smoothed by the catheter, and falls behind a
straight line between them. By how much it follows them is the size of a stroke. So a pump that gives more with each
stroke follows its count more, one that makes strokes that it does not count scatters about it, and a display that
drifts follows it as before. What comes in a block of readings beyond the strokes, as large as they are seen to be,
creeps: nobody can tell whether the pump gave it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from metrology.any_window.creep import Creep, CreepAllowance
from metrology.any_window.span import Span
from metrology.delivery import FloatArray

BLOCK_READINGS = 40
LEAST_BLOCKS = 8
"""Of fewer blocks nobody can say what is usual."""
LEAST_FOLLOWED = 0.3
"""So much of the steps is seen at the least; else the strokes are smoothed away."""
MOST_DOUBT = 0.1
"""So well the usual share is known from one block, at the least."""
NOISES = 6.0
LAGS_S = (1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 13.0, 16.0, 20.0, 25.0)
"""A catheter and a balance together smooth a stroke by one of these times, as nearly as it matters."""
SCATTER = 1.6
"""A block whose readings scatter so many times as much as is usual holds strokes that nobody counted."""
LEAST_MOVED = 2.0
REPEATS = 4
"""Readings that fall on the same few places between strokes, so many or fewer, do not see them."""


@dataclass(frozen=True)
class _Block:
    """Some readings in a row: what was weighed and counted, how the one follows the other's steps, and how well."""

    from_s: float
    to_s: float
    weighed_ul: float
    counted_ul: float
    followed: float
    doubt: float
    scatter_ul: float


def readings_see_strokes(stroke_ul: float, rate_ul_per_h: float, interval_s: float) -> bool:
    """Tell whether readings at an interval fall on all places between two strokes within a block."""
    if rate_ul_per_h <= 0:
        return False
    strokes = interval_s * rate_ul_per_h / 3600 / stroke_ul
    moves = (abs(strokes * repeat - round(strokes * repeat)) for repeat in range(1, REPEATS + 1))
    return strokes < 1 and all(move * BLOCK_READINGS >= LEAST_MOVED for move in moves)


def find_creep_beside_strokes(
    times_s: FloatArray,
    volumes_ul: FloatArray,
    counted_ul: FloatArray,
    stroke_ul: float,
    allowance: CreepAllowance,
    within: list[Span],
) -> Creep | None:
    """Return what crept beside the strokes, in the longest row of blocks that shows it.

    Args:
        times_s: increasing; shape (n,).
        volumes_ul: weighed; shape (n,).
        counted_ul: counted by the pump at the same instants; shape (n,).
        stroke_ul: what the pump moves at once.
        allowance: what a good balance does.
        within: spans at one rate in which no injector was moved.

    Returns:
        None where nothing crept beyond the allowance, or where the readings do not show strokes.
    """
    blocks = _as_smoothed(times_s, volumes_ul, counted_ul, stroke_ul, within)
    if len(blocks) < LEAST_BLOCKS:
        return None
    usual, scatter_ul = (
        float(np.median([getattr(one, name) for one in blocks])) for name in ("followed", "scatter_ul")
    )
    doubt = float(np.median([one.doubt for one in blocks]))
    if usual < LEAST_FOLLOWED or doubt > MOST_DOUBT * usual:
        return None
    pace = float(np.median([one.weighed_ul / one.counted_ul for one in blocks]))
    followed_ul = np.array([pace * one.counted_ul / usual for one in blocks])
    even = np.array([one.scatter_ul <= SCATTER * scatter_ul for one in blocks])  # in others something else came too
    crept_ul = even * (
        np.array([one.weighed_ul for one in blocks]) - followed_ul * np.array([one.followed for one in blocks])
    )
    doubt_ul = even * followed_ul * np.array([one.doubt for one in blocks])
    for up in (1.0, -1.0):
        if (creep := _worst(blocks, up * crept_ul, doubt_ul, allowance)) is not None:
            return creep
    return None


def _as_smoothed(
    times_s: FloatArray, volumes_ul: FloatArray, counted_ul: FloatArray, stroke_ul: float, within: list[Span]
) -> list[_Block]:
    """Return the blocks of all spans, with the strokes smoothed by the time that leaves the least scatter."""
    parts = [slice(*np.searchsorted(times_s, [span.from_s, span.to_s])) for span in within]
    parts = [part for part in parts if part.stop - part.start > BLOCK_READINGS]
    if not parts:
        return []
    tried = []
    for lag_s in LAGS_S:
        blocks = [
            block
            for part in parts
            for block in _blocks(
                times_s[part], volumes_ul[part], _smoothed_ul(times_s[part], counted_ul[part], stroke_ul, lag_s)
            )
        ]
        tried.append(blocks)
    return min(tried, key=lambda blocks: float(np.median([one.scatter_ul for one in blocks])) if blocks else np.inf)


def _smoothed_ul(times_s: FloatArray, counted_ul: FloatArray, stroke_ul: float, lag_s: float) -> FloatArray:
    """Return what steady strokes have brought by each reading, if each comes with an exponential of a time.

    When they were made follows from all of the count together: the line through its middle passes a whole number then.
    """
    steps_ul = np.diff(counted_ul)
    single = steps_ul[(steps_ul > stroke_ul / 2) & (steps_ul < 3 * stroke_ul / 2)]
    if not len(single):
        return counted_ul
    strokes = (counted_ul - counted_ul[0]) / float(np.mean(single))  # a counter may take a stroke for another volume
    hours = (times_s - times_s[0]) / 3600
    per_hour, begun = np.polyfit(hours, strokes + 0.5, 1)
    if per_hour <= 0:
        return counted_ul
    passed = begun + per_hour * hours
    age_s = (passed - np.floor(passed)) / per_hour * 3600
    still_to_come = np.exp(-age_s / lag_s) / (1 - np.exp(-3600 / per_hour / lag_s))
    smoothed: FloatArray = stroke_ul * (np.floor(passed) - still_to_come)
    return smoothed


def _blocks(times_s: FloatArray, volumes_ul: FloatArray, strokes_ul: FloatArray) -> Iterator[_Block]:
    for begin in range(0, len(times_s) - BLOCK_READINGS, BLOCK_READINGS):
        part = slice(begin, begin + BLOCK_READINGS + 1)
        block = _block(times_s[part], volumes_ul[part], strokes_ul[part])
        if block is not None:
            yield block


def _block(times_s: FloatArray, volumes_ul: FloatArray, counted_ul: FloatArray) -> _Block | None:
    hours = (times_s - times_s[0]) / 3600
    design = np.column_stack((np.ones_like(hours), hours, counted_ul - counted_ul[0]))
    inverse = np.linalg.pinv(design.T @ design)
    fitted = inverse @ design.T @ (volumes_ul - volumes_ul[0])
    left_ul = volumes_ul - volumes_ul[0] - design @ fitted
    scatter_ul = float(np.sqrt(np.sum(left_ul**2) / (len(hours) - design.shape[1])))
    counted = float(counted_ul[-1] - counted_ul[0])
    if counted <= 0:
        return None
    doubt = scatter_ul * float(inverse[2, 2]) ** 0.5
    # both ends by the straight line through the block: a single reading lies anywhere between two strokes
    slope = np.polyfit(hours, np.column_stack((volumes_ul, counted_ul)), 1)[0] * hours[-1]
    return _Block(
        float(times_s[0]), float(times_s[-1]), float(slope[0]), float(slope[1]), float(fitted[2]), doubt, scatter_ul
    )


def _worst(blocks: list[_Block], crept_ul: FloatArray, doubt_ul: FloatArray, allowance: CreepAllowance) -> Creep | None:
    lasts_h = np.array([one.to_s - one.from_s for one in blocks]) / 3600
    level = np.concatenate(([0.0], np.cumsum(crept_ul - allowance.growth_ul_per_h * lasts_h)))
    variance = np.concatenate(([0.0], np.cumsum(doubt_ul**2)))
    # the row of blocks that creeps most surely, not the one that creeps most: more blocks bring more doubt
    spread = np.sqrt(np.maximum(variance[None, :] - variance[:, None], 0.0))
    surely = np.triu(level[None, :] - level[:, None] - NOISES * spread, 1)
    first, last = (int(place) for place in np.unravel_index(int(np.argmax(surely)), surely.shape))
    if surely[first, last] <= allowance.once_ul:
        return None
    part = slice(first, last)
    knots_s = [blocks[first].from_s, *(one.to_s for one in blocks[part])]
    crept = np.concatenate(([0.0], np.cumsum(crept_ul[part])))
    return Creep(np.array(knots_s), np.maximum.accumulate(np.maximum(crept, 0.0)))
