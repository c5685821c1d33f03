# SPDX-License-Identifier: Apache-2.0
"""How the deviation of a judged window grew: from 0 at its beginning to the judged figure at its end.

Each window starts anew, as its judgement does. The figure is a share of the limits that hold for the whole window, so
that windows of any length stand in one picture.
"""

import numpy as np

from reports.curve_points import Floats
from reports.judged_window import JudgedWindow


def window_course(window: JudgedWindow, t_s: Floats, weighed_ul: Floats, expected_ul: Floats) -> tuple[Floats, Floats]:
    """Return instants and deviation in % of the limit; both empty where the weighed volume itself was not judged.

    What the corrections made of the whole window is spread evenly over it, see `WeighedSpan.band`.

    Args:
        window: the window.
        t_s: instants of the samples.
        weighed_ul: the live figure at each.
        expected_ul: what the therapy expects at each; gives the course of the middle between two limits.
    """
    value, deviation = window.weighed, window.deviation
    if value is None or deviation is None:
        return np.array([]), np.array([])
    instants_s, volume_ul = window.span.band(t_s, weighed_ul)
    volume_ul = volume_ul - volume_ul[0]
    if value.lower is None or value.upper is None:
        return instants_s, 100 * volume_ul / (value.upper if value.upper is not None else value.lower or 1.0)
    middle_ul, half_ul = (value.lower + value.upper) / 2, (value.upper - value.lower) / 2
    return instants_s, 100 * (volume_ul - middle_ul * _share(instants_s, t_s, expected_ul)) / half_ul


def _share(instants_s: Floats, t_s: Floats, expected_ul: Floats) -> Floats:
    """Return which part of the window's volume is due by each instant; evenly where the therapy expects none."""
    due_ul = np.interp(instants_s, t_s, expected_ul)
    whole_ul = due_ul[-1] - due_ul[0]
    if whole_ul > 0:
        share: Floats = (due_ul - due_ul[0]) / whole_ul
        return share
    evenly: Floats = (instants_s - instants_s[0]) / max(instants_s[-1] - instants_s[0], 1e-9)
    return evenly
