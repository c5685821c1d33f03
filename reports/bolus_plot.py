# SPDX-License-Identifier: Apache-2.0
"""The volume of each bolus of a recording with its U, against what it ought to be."""

from metrology.recording.boluses import Boluses
from reports.picture import BLACK, BLUE, Caption, Picture, legend, name_axes

HEIGHT_IN = 3.0


def bolus_plot(found: Boluses, caption: Caption) -> Picture:
    """Draw the boluses over the time at which each began.

    Args:
        found: one or more.
        caption: for head and foot.
    """
    picture = Picture(caption, [HEIGHT_IN])
    (axes,) = picture.axes
    axes.errorbar(
        [one.begins_s / 60 for one in found.boluses],
        [one.volume.value for one in found.boluses],
        [one.volume.expanded_uncertainty() for one in found.boluses],
        color=BLUE,
        fmt="o",
        markersize=4,
        capsize=3,
        label="delivered, ± U (95 %)",
    )
    axes.axhline(found.nominal_ul, color=BLACK, linewidth=1.0, linestyle="--", label=f"nominal {found.nominal_ul:g} µL")
    name_axes(axes, "time since the first reading / min", "volume of a bolus / µL")
    legend(axes)
    return picture
