# SPDX-License-Identifier: Apache-2.0
"""What disturbed a recording, drawn over its time: steps in doubt, dips left out, stretches taken out."""

from matplotlib.axes import Axes

from metrology.recording import Analysis
from reports.picture import GREY, ORANGE, VERMILION

MOST = 30
"""More marks hide what they mark."""


def mark_disturbances(axes: Axes, analysis: Analysis, unit_s: float) -> None:
    """Draw them into an axis of time in units of `unit_s` since the first reading."""
    times_s = analysis.recording.times_s
    spans = [(times_s[one.first], times_s[one.last]) for one in analysis.steps[:MOST]]
    for place, (from_s, to_s) in enumerate(spans):
        label = f"{len(analysis.steps)} in doubt: steps" if not place else None
        axes.axvspan(from_s / unit_s, to_s / unit_s, color=VERMILION, alpha=0.5, linewidth=1.5, label=label)
    for place, dip in enumerate(analysis.dips[:MOST]):
        label = f"{len(analysis.dips)} left out: dips" if not place else None
        axes.axvspan(times_s[dip.first] / unit_s, times_s[dip.last] / unit_s, color=ORANGE, alpha=0.4, label=label)
    for place, one in enumerate(analysis.exclusions[:MOST]):
        label = f"{len(analysis.exclusions)} taken out" if not place else None
        axes.axvline(one.at_s / unit_s, color=GREY, linewidth=1.2, linestyle=":", label=label)
