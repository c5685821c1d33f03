# SPDX-License-Identifier: Apache-2.0
"""The observation windows of the trumpet: which fit the sampling interval and the analysis period."""

from groundfloor.errors import PlanError
from metrology.delivery import whole_stroke_windows_s
from metrology.recording.analysis_request import NAMED_WINDOWS_S, Windows
from metrology.recording.period import Period

_ROUNDING = 1e-6


def windows_s(
    asked: Windows | None, period: Period, stroke_period_s: float | None
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return the windows, and what was assumed or left out.

    Raises:
        PlanError: windows in strokes are asked for and no stroke is known, or no window fits.
    """
    if asked is not None and asked.strokes:
        if stroke_period_s is None:
            seen = "no stroke was found in the readings"
            raise PlanError("windows in strokes", "choose", seen, "give --stroke-volume, or windows in minutes")
        return whole_stroke_windows_s(stroke_period_s, period.sample_interval_s, asked.strokes), ()
    if asked is not None and asked.durations_s:
        return asked.durations_s, ()
    if asked is not None and asked.name is not None:
        return _that_fit(asked.name, period)
    for name in NAMED_WINDOWS_S:
        if period.sample_interval_s <= NAMED_WINDOWS_S[name][0] / 2 * (1 + _ROUNDING):
            fitting, left_out = _that_fit(name, period)
            return fitting, (f"windows {name}", *left_out)
    seen = f"the sampling interval of {period.sample_interval_s:g} s is too long for the usual ones"
    raise PlanError("windows", "choose", seen, "name some with --windows, such as '60,120,240'")


def _that_fit(name: str, period: Period) -> tuple[tuple[float, ...], tuple[str, ...]]:
    asked = NAMED_WINDOWS_S[name]
    fitting = tuple(one for one in asked if one <= period.duration_s * (1 + _ROUNDING) and _is_multiple(one, period))
    if not fitting:
        seen = f"none of {name} fits {period.duration_s / 60:g} min in steps of {period.sample_interval_s:g} s"
        raise PlanError("windows", "choose", seen, "name others with --windows, or another --sample-interval")
    left_out = ", ".join(f"{one / 60:g}" for one in asked if one not in fitting)
    return fitting, ((f"of {name}, the windows of {left_out} min do not fit and are left out",) if left_out else ())


def _is_multiple(window_s: float, period: Period) -> bool:
    count = window_s / period.sample_interval_s
    return count > 1 - _ROUNDING and abs(count - round(count)) <= _ROUNDING
