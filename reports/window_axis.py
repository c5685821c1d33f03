# SPDX-License-Identifier: Apache-2.0
"""The axis of observation windows: a number at each, logarithmic where short ones would hide each other."""

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

CROWDED = 0.07
"""Where two windows are nearer to each other than this share of the longest, the axis is logarithmic."""


def window_axis(axes: Axes, across: Sequence[float]) -> None:
    """Scale an axis for windows of these lengths, in the order of their length."""
    axes.xaxis.set_major_locator(FixedLocator(list(across)))
    if any(longer - shorter < CROWDED * across[-1] for shorter, longer in pairwise(across)):
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(FixedLocator(list(across)))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlim(across[0] / 1.15, across[-1] * 1.15)
    else:
        axes.set_xlim(0, across[-1] * 1.05)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.4g}"))
