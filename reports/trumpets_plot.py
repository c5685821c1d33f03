# SPDX-License-Identifier: Apache-2.0
"""The trumpets of several recordings over each other."""

from collections.abc import Sequence

from metrology.recording.analysis import Analysis
from metrology.verdict import Limits
from reports.picture import BLACK, BLUE, GREEN, GREY, ORANGE, VERMILION, Caption, Picture, legend, name_axes
from reports.window_axis import window_axis

HEIGHT_IN = 3.6
COLOURS = (BLUE, ORANGE, GREEN, VERMILION, GREY, BLACK)
NAMED = 8
"""More names hide what they name."""


def trumpets_plot(analyses: Sequence[tuple[str, Analysis]], limits: Limits | None, caption: Caption) -> Picture:
    """Draw trumpet curves, those of one pump in one colour, which is its own while there are few.

    Args:
        analyses: the pump of each, and it.
        limits: in %, drawn across; None for none.
        caption: for head and foot.
    """
    picture = Picture(caption, [HEIGHT_IN])
    (axes,) = picture.axes
    pumps = list(dict.fromkeys(name for name, _ in analyses))
    named, across = set[str](), set[float]()
    for name, analysis in analyses:
        place = pumps.index(name)
        windows = sorted(analysis.trumpet.windows, key=lambda window: window.duration_s)
        minutes = [window.duration_s / 60 for window in windows]
        colour = COLOURS[place % len(COLOURS)]
        across.update(minutes)
        label = name if place < NAMED and name not in named else None
        named.add(name)
        most, least = ([getattr(one, side) for one in windows] for side in ("greatest_percent", "least_percent"))
        axes.plot(minutes, most, color=colour, linewidth=1.1, marker=".", label=label)
        axes.plot(minutes, least, color=colour, linewidth=1.1, marker=".", linestyle="--")
    for limit in (limits.lower, limits.upper) if limits is not None else ():
        if limit is not None:
            axes.axhline(limit, color=VERMILION, linewidth=1.0, linestyle=":")
    axes.axhline(0.0, color=GREY, linewidth=0.5)
    window_axis(axes, sorted(across))
    name_axes(axes, "observation window / min", "error of the mean rate / %")
    legend(axes)
    return picture
