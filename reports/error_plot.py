# SPDX-License-Identifier: Apache-2.0
"""The error over time: what was delivered too much or too little, inside the wedge that the limits allow."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from metrology.delivery import DeliveryCurve
from metrology.recording.volume_band import VolumeBand
from metrology.verdict import Limits
from reports.curve_points import points
from reports.picture import BLACK, BLUE, VERMILION, Caption, Picture, legend, name_axes
from reports.time_axis import time_axis
from reports.volume_plot import draw_band

HEIGHT_IN = 2.6


def error_plot(
    curve: DeliveryCurve, set_rate_ul_per_h: float, band: VolumeBand | None, limits: Limits | None, caption: Caption
) -> Picture:
    """Draw delivered less set volume.

    Args:
        curve: cumulative volume since its first instant.
        set_rate_ul_per_h: gives the set volume.
        band: volume with U on the same time; None where nothing is known of it.
        limits: in % of the set volume; None for none.
        caption: for its head and foot.
    """
    picture = Picture(caption, [HEIGHT_IN])
    (axes,) = picture.axes
    times_s, volumes_ul = curve.times_s - curve.times_s[0], curve.volumes_ul - curve.volumes_ul[0]
    unit = time_axis(float(times_s[-1]))
    set_ul = set_rate_ul_per_h * times_s / 3600
    error_ul = volumes_ul - set_ul
    across, up = points(times_s / unit.seconds, error_ul)
    if band is not None:
        draw_band(axes, band, unit.seconds, across, up)
    axes.axhline(0.0, color=BLACK, linewidth=0.6)
    final = f"delivered − set; at the end {error_ul[-1]:+.3g} µL = {100 * error_ul[-1] / set_ul[-1]:+.2f} %"
    not_judged = "; not judged: no limits were given" if limits is None else ""
    axes.plot(across, up, color=BLUE, linewidth=1.0, label=final + not_judged)
    ends = np.array([0.0, times_s[-1] / unit.seconds])
    for limit, label in _wedge(limits):
        axes.plot(ends, [0.0, limit * set_ul[-1] / 100], color=VERMILION, linewidth=0.9, linestyle="--", label=label)
    axes.set_xlim(0, ends[-1])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=12, steps=unit.steps))
    name_axes(axes, f"time since the start / {unit.unit}", "error / µL")
    legend(axes)
    return picture


def _wedge(limits: Limits | None) -> list[tuple[float, str | None]]:
    if limits is None:
        return []
    given = [limit for limit in (limits.lower, limits.upper) if limit is not None]
    return [(limit, None if place else f"limits {limits}") for place, limit in enumerate(given)]
