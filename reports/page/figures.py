# SPDX-License-Identifier: Apache-2.0
"""How the page writes figures: a value only to the digits that its uncertainty supports, and a minus that is one."""

import math

from reports.deviation import Deviation

DIGITS = 5
LEAST_PERCENT = 0.1
LONGEST = 1e9
"""Up to here a figure is written out; beyond it takes a power of ten."""


def number(value: float | None, digits: int = DIGITS) -> str:
    """Return a figure to so many significant digits; a dash for none."""
    if value is None:
        return "–"
    if not math.isfinite(value):
        return ("−" if value < 0 else "") + "∞" if math.isinf(value) else "–"
    if 10**digits <= abs(value) < LONGEST:
        return f"{value:.0f}".replace("-", "−")
    return f"{value:.{digits}g}".replace("-", "−")


def measured(value: float | None, expanded: float | None) -> str:
    """Return `value ± U`, U to two significant digits and the value to the same place."""
    if value is None:
        return "–"
    if not expanded or not math.isfinite(expanded) or not math.isfinite(value):
        return number(value)
    places = max(1 - math.floor(math.log10(abs(expanded))), 0)
    if places > 6:
        return f"{number(value)} ± {number(expanded, 2)}"
    return f"{value:.{places}f} ± {expanded:.{places}f}".replace("-", "−")


def allowed(lower: float | None, upper: float | None) -> str:
    """Return what is allowed: `35.91 … 48.09`, `≤ 600` or `≥ 1.8`; empty where there is no limit."""
    if lower is not None and upper is not None:
        return f"{number(lower)} … {number(upper)}"
    if lower is not None:
        return f"≥ {number(lower)}"
    return f"≤ {number(upper)}" if upper is not None else ""


def share(deviation: Deviation | None) -> str:
    """Return a deviation in % of the limit, with U."""
    if deviation is None:
        return "–"
    sign = "+" if deviation.basis == "limit" and deviation.percent > 0 else ""
    percent = f"{sign}{_percent(deviation.percent, deviation.uncertainty_percent)} %"
    return percent if deviation.basis == "limit" else f"{percent} of the {deviation.basis}"


def _percent(value: float, expanded: float | None) -> str:
    if expanded is None:
        return number(value, 3)
    if expanded < LEAST_PERCENT:
        return f"{value:.1f} ± < {LEAST_PERCENT:g}".replace("-", "−")
    places = 1 if expanded < 10 else 0
    return f"{value:.{places}f} ± {expanded:.{places}f}".replace("-", "−")


def duration(seconds: float | None) -> str:
    """Return a duration in the unit that reads best."""
    if seconds is None:
        return "–"
    for unit, size in (("d", 86_400.0), ("h", 3600.0), ("min", 60.0)):
        if abs(seconds) >= 2 * size:
            return f"{number(seconds / size, 3)} {unit}"
    return f"{number(seconds, 3)} s"
