# SPDX-License-Identifier: Apache-2.0
"""The cumulative volume against what was set, with the band of its expanded uncertainty."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from metrology.delivery import DeliveryCurve
from metrology.recording.volume_band import VolumeBand
from reports.curve_points import Floats, points
from reports.picture import BLACK, BLUE, GREEN, Caption, Picture, legend, name_axes
from reports.time_axis import time_axis

HEIGHT_IN = 3.0


def volume_plot(
    curve: DeliveryCurve,
    set_rate_ul_per_h: float,
    band: VolumeBand | None,
    caption: Caption,
    rate_words: str = "set rate",
) -> Picture:
    """Draw a delivery curve.

    Args:
        curve: cumulative volume since its first instant.
        set_rate_ul_per_h: gives the straight line that it is compared with.
        band: volume with U on the same time; None where nothing is known of it.
        caption: for its head and foot.
        rate_words: what that line is: the mean rate, where nobody said what the pump was set to.
    """
    picture = Picture(caption, [HEIGHT_IN])
    (axes,) = picture.axes
    times_s, volumes_ul = curve.times_s - curve.times_s[0], curve.volumes_ul - curve.volumes_ul[0]
    unit = time_axis(float(times_s[-1]))
    across, up = points(times_s / unit.seconds, volumes_ul)
    if band is not None:
        draw_band(axes, band, unit.seconds, across, up)
    axes.plot(across, up, color=BLUE, linewidth=1.2, label="delivered")
    ends_h = [0.0, float(times_s[-1]) / 3600]
    axes.plot(
        [3600 * end_h / unit.seconds for end_h in ends_h],
        [set_rate_ul_per_h * end_h for end_h in ends_h],
        color=BLACK,
        linewidth=0.9,
        linestyle=(0, (4, 3)),
        label=f"{rate_words} {set_rate_ul_per_h:.5g} µL/h",
    )
    axes.set_xlim(0, ends_h[1] * 3600 / unit.seconds)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=12, steps=unit.steps))
    name_axes(axes, f"time since the start / {unit.unit}", "volume / µL")
    legend(axes)
    return picture


def draw_band(axes: Axes, band: VolumeBand, unit_s: float, across: Floats, up_ul: Floats) -> None:
    """Shade ± U around a drawn curve: `across` in units of `unit_s` since the first instant, `up_ul` in µL."""
    expanded_ul = np.interp(across * unit_s, band.times_s, band.expanded_ul)
    label = f"± U (95 %), {band.expanded_ul[-1]:.2g} µL at the end"
    axes.fill_between(
        across, up_ul - expanded_ul, up_ul + expanded_ul, color=GREEN, alpha=0.3, linewidth=0, label=label
    )
