# SPDX-License-Identifier: Apache-2.0
"""The trumpet graph: the greatest and the least error of the mean rate, against the length of the window."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from metrology.any_window import trumpet_limit_percent
from metrology.delivery import Trumpet, TrumpetWindow
from metrology.verdict import Limits
from reports.any_window_promise import AnyWindowPromise
from reports.picture import BLACK, BLUE, GREY, VERMILION, Caption, Picture, legend, name_axes
from reports.time_axis import MINUTES, time_axis
from reports.window_axis import window_axis

HEIGHT_IN = 3.2


def trumpet_plot(
    trumpet: Trumpet,
    limits: Limits | None,
    caption: Caption,
    *,
    with_overall: bool = True,
    promise: AnyWindowPromise | None = None,
) -> Picture:
    """Draw a trumpet curve.

    Args:
        trumpet: of `metrology.delivery.trumpet`.
        limits: in %, drawn across; None for none.
        caption: for its head and foot; that the curve is borrowed practice is added at the foot.
        promise: what any window may exceed the limits by, drawn as the hyperbola that it is; None for none.
        with_overall: whether the overall error A says anything: not where the set rate is the mean rate itself.
    """
    practice = "\n".join(_halves(trumpet.borrowed_practice))
    note = "\n".join(filter(None, (caption.note, practice)))
    picture = Picture(Caption(caption.title, caption.simulated, note), [HEIGHT_IN])
    (axes,) = picture.axes
    windows = sorted(trumpet.windows, key=lambda window: window.duration_s)
    longest_s = windows[-1].duration_s
    unit = MINUTES if longest_s <= 64 * 3600 else time_axis(longest_s)
    across = [window.duration_s / unit.seconds for window in windows]
    axes.plot(across, [one.greatest_percent for one in windows], color=BLUE, linewidth=1.3, label="Ep(max)")
    axes.plot(
        across, [one.least_percent for one in windows], color=BLUE, linewidth=1.3, linestyle="--", label="Ep(min)"
    )
    _mark(axes, windows, across)
    if with_overall:
        overall = trumpet.overall_error_percent
        axes.axhline(overall, color=BLACK, linewidth=0.9, linestyle=(0, (4, 3)), label=f"A = {overall:+.2f} %")
    for place, limit in enumerate(_given(limits)):
        label = None if place else f"limits {limits}"
        axes.axhline(limit, color=VERMILION, linewidth=1.0, linestyle="--", label=label)
    if promise is not None:
        _draw_promise(axes, trumpet.set_rate_ul_per_h, promise, windows, unit.seconds)
    axes.axhline(0.0, color=GREY, linewidth=0.5)
    window_axis(axes, across)
    name_axes(axes, f"observation window / {unit.unit}", "error of the mean rate / %")
    legend(axes, 5)
    return picture


def _draw_promise(
    axes: Axes, rate_ul_per_h: float, promise: AnyWindowPromise, windows: Sequence[TrumpetWindow], unit_s: float
) -> None:
    """Draw how far the mean rate of any window may be off; between the windows as well, for there it holds too."""
    windows_s = np.geomspace(windows[0].duration_s, windows[-1].duration_s, 60)
    accuracy = promise.accuracy_percent
    above = trumpet_limit_percent(windows_s, rate_ul_per_h, accuracy, promise.excess_ul)
    below = -trumpet_limit_percent(windows_s, rate_ul_per_h, accuracy, promise.shortfall_ul)
    for curve, label in ((above, "promise for any window"), (below, None)):
        axes.plot(windows_s / unit_s, curve, color=VERMILION, linewidth=1.0, linestyle=":", label=label)


def _given(limits: Limits | None) -> list[float]:
    return [] if limits is None else [limit for limit in (limits.lower, limits.upper) if limit is not None]


def _mark(axes: Axes, windows: Sequence[TrumpetWindow], across: Sequence[float]) -> None:
    """Mark each window; hollow where it is no whole number of strokes, so that its extremes are partly chance."""
    for whole, label in ((True, None), (False, "no whole number of strokes")):
        chosen = [place for place, one in enumerate(windows) if (one.whole_strokes is not False) is whole]
        for name in ("greatest_percent", "least_percent"):
            axes.plot(
                [across[place] for place in chosen],
                [getattr(windows[place], name) for place in chosen],
                "o",
                color=BLUE,
                markersize=5,
                markerfacecolor=BLUE if whole else "white",
                label=label if name == "greatest_percent" and chosen else None,
            )


def _halves(sentences: str, most: int = 165) -> list[str]:
    lines = [""]
    for word in sentences.split():
        if len(lines[-1]) + len(word) >= most:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
