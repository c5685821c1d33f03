# SPDX-License-Identifier: Apache-2.0
"""Sampling interval and analysis period: what a person named, or what is usual, with a sentence that says so."""

import math
from dataclasses import dataclass

from groundfloor.errors import PlanError
from metrology.recording.analysis_request import AnalysisRequest

USUAL_INTERVALS_S = (30.0, 60.0, 300.0, 900.0, 3600.0)
"""IEC 60601-2-24 curves are made with 30 s, those of slow pumps with up to 15 min."""
FEWEST_INTERVALS = 4
_ROUNDING = 1e-6
_UNEVEN = 0.1
"""Readings may be so much further apart than the sampling interval: uneven ones are, and between two a flow is even."""


@dataclass(frozen=True)
class Period:
    """From one instant of a recording to another, in whole sampling intervals.

    Attributes:
        from_s, to_s: since the first reading that is used.
        sample_interval_s: S.
    """

    from_s: float
    to_s: float
    sample_interval_s: float

    @property
    def duration_s(self) -> float:
        """Return T."""
        return self.to_s - self.from_s


def sample_interval_s(request: AnalysisRequest, typical_s: float, stroke_period_s: float | None) -> tuple[float, str]:
    """Return S, and what was assumed if nobody named it.

    Args:
        request: may name it.
        typical_s: median time between two readings.
        stroke_period_s: where windows in whole strokes are asked for, S is made to divide this.
    """
    if request.sample_interval_s is not None:
        if request.sample_interval_s < _shortest_s(typical_s):
            seen = f"{request.sample_interval_s:g} s, but there is a reading every {typical_s:g} s only"
            raise PlanError("sampling interval", "choose", seen, "choose one that is no shorter")
        return request.sample_interval_s, ""
    usual_s = _usual_s(request.windows.durations_s if request.windows is not None else (), typical_s)
    if stroke_period_s is not None:
        parts = stroke_period_s / usual_s
        usual_s = stroke_period_s / round(parts) if parts >= 1 else stroke_period_s * max(round(1 / parts), 1)
        if usual_s < _shortest_s(typical_s):
            usual_s = stroke_period_s / max(int(stroke_period_s / typical_s), 1)
    return usual_s, f"sampling interval {usual_s:.6g} s (readings come every {typical_s:.4g} s)"


def _shortest_s(typical_s: float) -> float:
    return typical_s * (1 - _UNEVEN)


def _usual_s(windows_s: tuple[float, ...], typical_s: float) -> float:
    """Return the usual interval that readings allow, one that divides the windows that a person named."""
    usual = [one for one in USUAL_INTERVALS_S if one >= _shortest_s(typical_s)]
    for interval_s in usual:
        if all(abs(window_s / interval_s - round(window_s / interval_s)) <= _ROUNDING for window_s in windows_s):
            return interval_s
    if windows_s:
        common_s = math.gcd(*(round(window_s) for window_s in windows_s))
        parts = math.floor(common_s / _shortest_s(typical_s))
        if parts:
            return common_s / parts
    return usual[0] if usual else typical_s


def rough_period_s(request: AnalysisRequest, duration_s: float, typical_s: float = 0.0) -> tuple[float, float, str]:
    """Return from where to where to analyse, not yet in whole intervals, and what was assumed.

    Args:
        request: may name either.
        duration_s: of the record.
        typical_s: from one reading to the next.

    Raises:
        PlanError: the record does not reach that far.
    """
    from_s, to_s, assumed = request.analyse_from_s, request.analyse_to_s, ""
    if from_s is None:
        from_s, why = _usual_begin(request.start_up_s, duration_s, typical_s)
        assumed = f"analysis period from {from_s / 3600:.4g} h to {_end(to_s)} ({why})"
    elif to_s is None:
        assumed = "analysis period to the end of the record"
    end_s = duration_s if to_s is None else to_s
    if not 0 <= from_s < end_s <= duration_s * (1 + _ROUNDING):
        seen = f"from {from_s / 3600:.4g} h to {end_s / 3600:.4g} h, the record lasts {duration_s / 3600:.4g} h"
        raise PlanError("analysis period", "choose", seen, "choose a part of the record (--analyse-from, --analyse-to)")
    return from_s, min(end_s, duration_s), assumed


def _usual_begin(start_up_s: float, duration_s: float, typical_s: float) -> tuple[float, str]:
    if start_up_s <= duration_s / 2:
        return start_up_s, "after the start-up"
    if duration_s / 2 < (FEWEST_INTERVALS + 1) * typical_s:
        return 0.0, "all of it: it is short"
    return duration_s / 2, "the second half: it is shorter than two start-ups"


def _end(to_s: float | None) -> str:
    return "the end" if to_s is None else f"{to_s / 3600:.4g} h"


def period_of(from_s: float, to_s: float, interval_s: float) -> Period:
    """Return the period in whole intervals of the grid that begins with the record.

    Raises:
        PlanError: it holds too few of them.
    """
    first = math.ceil(from_s / interval_s - _ROUNDING)
    last = math.floor(to_s / interval_s + _ROUNDING)
    if last - first < FEWEST_INTERVALS:
        seen = f"it holds {max(last - first, 0)} sampling intervals of {interval_s:g} s"
        raise PlanError(
            "analysis period", "choose", seen, f"{FEWEST_INTERVALS} at least: record longer, or sample closer"
        )
    return Period(first * interval_s, last * interval_s, interval_s)
