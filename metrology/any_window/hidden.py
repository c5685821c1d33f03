# SPDX-License-Identifier: Apache-2.0
"""What the time between two readings hides: windows that begin or end in it.

Volume is an integral, so nothing is lost in a gap; but all that came in it may have come at once, and all that was due
in it may have been missing until its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrology.any_window.span import Span
from metrology.any_window.worst_window import sections
from metrology.delivery import FloatArray


@dataclass(frozen=True)
class Hidden:
    """The interval that hides most, and how much."""

    span: Span
    volume_ul: float


def hidden(
    times_s: FloatArray, volumes_ul: FloatArray, longer_than_s: float, breaks: Sequence[int] = ()
) -> Hidden | None:
    """Return the interval in which most came.

    Args:
        times_s: increasing; shape (n,).
        volumes_ul: what came, for an excess; what was due, for a shortfall; shape (n,).
        longer_than_s: shorter intervals hide less than the gate allows for beforehand.
        breaks: as for `worst_window`; what came across one is not known here.
    """
    found = [
        one
        for part in sections(len(times_s), breaks)
        if (one := _most(times_s[part], volumes_ul[part], longer_than_s)) is not None
    ]
    return max(found, key=lambda one: one.volume_ul, default=None)


def _most(times_s: FloatArray, volumes_ul: FloatArray, longer_than_s: float) -> Hidden | None:
    gained_ul = np.where(np.diff(times_s) > longer_than_s, np.diff(volumes_ul), -np.inf)
    if not len(gained_ul) or not np.isfinite(gained_ul.max()):
        return None
    index = int(np.argmax(gained_ul))
    return Hidden(Span(float(times_s[index]), float(times_s[index + 1])), float(gained_ul[index]))
