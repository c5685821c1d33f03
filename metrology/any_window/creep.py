# SPDX-License-Identifier: Apache-2.0
"""Creep: what comes, or goes, between strokes that stand apart, beyond all that the blank leaves open.

A rotor gives in strokes, and between two of them a free catheter is at rest. A display that climbs there all the same
drifts, or its vessel gains or loses what the blank did not show, or something flows that is no stroke: nobody can tell
which, so it decides nothing. A pump that changes its rate does so in its strokes, and creeps nowhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from metrology.any_window.arrivals import Arrivals, strokes_show
from metrology.any_window.span import Span
from metrology.delivery import FloatArray

LEAST_READINGS = 4
LEAST_RESTS = 6
"""Rests between strokes that show a creep; fewer may have been a knock or a slow drop."""
NOISES = 6.0
LONGEST = 1.5
"""A rest so many times as long as the usual one is none between two strokes."""


@dataclass(frozen=True, eq=False)
class Creep:
    """What crept, as a curve that never falls.

    Attributes:
        times_s: its knots, increasing; shape (m,).
        volumes_ul: what crept up to each, up and down counted alike; shape (m,).
    """

    times_s: FloatArray
    volumes_ul: FloatArray

    @property
    def span(self) -> Span:
        """Return from when to when it crept."""
        return Span(float(self.times_s[0]), float(self.times_s[-1]))

    def at(self, instants_s: FloatArray) -> FloatArray:
        """Return what crept up to some instants; shape as that of `instants_s`."""
        crept: FloatArray = np.interp(instants_s, self.times_s, self.volumes_ul)
        return crept

    def between_ul(self, from_s: float, to_s: float) -> float:
        """Return what crept between two instants."""
        first, last = self.at(np.array([from_s, to_s]))
        return float(last - first)


@dataclass(frozen=True)
class CreepAllowance:
    """What may creep of a good balance.

    Attributes:
        growth_ul_per_h: what the blank leaves open, and drift.
        once_ul: what the room may move the display by, once in any time.
        settles_s: a catheter is at rest so long after a stroke.
    """

    growth_ul_per_h: float
    once_ul: float
    settles_s: float


@dataclass(frozen=True)
class _Rests:
    """Rests between strokes, in order; shape (k,) each."""

    from_s: FloatArray
    to_s: FloatArray
    crept_ul: FloatArray


def find_creep(
    arrivals: Arrivals, volumes_ul: FloatArray, stroke_ul: float, allowance: CreepAllowance, within: list[Span]
) -> Creep | None:
    """Return what crept between strokes, in the longest row of rests that shows it.

    Args:
        arrivals: the strokes; where they do not stand apart there are none, and no rests.
        volumes_ul: the readings that they were found in, corrected for what evaporates; shape (n,).
        stroke_ul: what the pump moves at once.
        allowance: what a good balance does.
        within: spans in which no injector was moved.

    Returns:
        None where nothing crept beyond the allowance, or nothing would show.
    """
    noise_ul = _noise_ul(arrivals, volumes_ul)
    if not strokes_show(stroke_ul, noise_ul):
        return None
    rests = _rests(arrivals, volumes_ul, stroke_ul, allowance.settles_s, within)
    if len(rests.from_s) < LEAST_RESTS:
        return None
    found = [one for up in (1.0, -1.0) if (one := _worst(rests, up, allowance, noise_ul)) is not None]
    if not found:
        return None
    times_s = np.unique(np.concatenate([one.times_s for one in found]))
    return Creep(times_s, np.sum([one.at(times_s) for one in found], axis=0))


def _noise_ul(arrivals: Arrivals, volumes_ul: FloatArray) -> float:
    """Return the standard deviation of a reading, by how neighbours differ at rest: what creeps is no noise."""
    changes_ul = np.diff(volumes_ul)[arrivals.quiet[1:] & arrivals.quiet[:-1]]
    if len(changes_ul) < LEAST_READINGS:
        return np.inf
    return 1.4826 * float(np.median(np.abs(changes_ul - np.median(changes_ul)))) / 2**0.5


def _rests(
    arrivals: Arrivals, volumes_ul: FloatArray, stroke_ul: float, settles_s: float, within: list[Span]
) -> _Rests:
    rows = [row for span in within for row in _at_rest(arrivals, volumes_ul, stroke_ul, settles_s, span)]
    if not rows:
        nothing = np.empty(0)
        return _Rests(nothing, nothing, nothing)
    from_s, to_s, crept_ul = np.array(sorted(rows)).T
    usual = to_s - from_s <= LONGEST * float(np.median(to_s - from_s))
    return _Rests(from_s[usual], to_s[usual], crept_ul[usual])


def _at_rest(
    arrivals: Arrivals, volumes_ul: FloatArray, stroke_ul: float, settles_s: float, span: Span
) -> Iterator[tuple[float, float, float]]:
    """Yield begin, end and creep of each rest between two strokes of a span."""
    times_s = arrivals.times_s
    strokes_s = times_s[arrivals.last_before]
    for first, last in arrivals.quiet_runs(span):
        begin = int(np.searchsorted(times_s, times_s[first] + settles_s))
        bounded = np.any((strokes_s >= span.from_s) & (strokes_s < times_s[first])) and np.any(
            (strokes_s <= span.to_s) & (strokes_s >= times_s[last])
        )
        if not bounded or last - begin < LEAST_READINGS:
            continue
        crept_ul = float(volumes_ul[last] - volumes_ul[begin])
        if abs(crept_ul) < stroke_ul / 2:  # more in one rest is a knock, or a stroke that came in pieces
            yield float(times_s[begin]), float(times_s[last]), crept_ul


def _worst(rests: _Rests, up: float, allowance: CreepAllowance, noise_ul: float) -> Creep | None:
    """Return the row of rests in which most crept one way, if that is more than a good balance does."""
    lasts_h = (rests.to_s - rests.from_s) / 3600
    level = np.concatenate(([0.0], np.cumsum(up * rests.crept_ul - allowance.growth_ul_per_h * lasts_h)))
    lowest = np.minimum.accumulate(level)
    last = int(np.argmax(level - lowest))
    first = int(np.argmin(level[: last + 1]))
    count = last - first
    doubt_ul = allowance.once_ul + NOISES * noise_ul * (2 * count) ** 0.5
    if count < LEAST_RESTS or level[last] - level[first] <= doubt_ul:
        return None
    part = slice(first, last)
    span_s = float(rests.to_s[last - 1] - rests.from_s[first])
    share = span_s / float(np.sum(rests.to_s[part] - rests.from_s[part]))
    knots_s = np.concatenate((rests.from_s[first : first + 1], rests.to_s[part]))
    crept_ul = np.concatenate(([0.0], np.cumsum(up * rests.crept_ul[part]))) * share
    return Creep(knots_s, np.maximum.accumulate(np.maximum(crept_ul, 0.0)))
