# SPDX-License-Identifier: Apache-2.0
"""Excess and shortfall of one curve against another over all windows of all lengths, with two sides.

    excess      greatest rise of  moved − allowed        shortfall   greatest rise of  due − moved

What is uncertain by more the longer a window is (evaporation, drift, density) tilts the level before the search: once
so that the rise can only be too large, once so that it can only be too small. What is uncertain by a fixed amount does
not change which window is the worst, and is counted afterwards.

Any pair of curves will do: weighed against programmed, the pump's counter against programmed, weighed against counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from metrology.any_window.worst_window import WorstWindow, worst_window
from metrology.delivery import FloatArray


@dataclass(frozen=True)
class Extreme:
    """The worst of all windows.

    Attributes:
        window: the worst as it was found, nothing tilted.
        at_least_ul: what it rose by at the least.
        at_most_ul: what it may have risen by.
    """

    window: WorstWindow
    at_least_ul: float
    at_most_ul: float


def extreme(
    times_s: FloatArray,
    least_level_ul: FloatArray,
    greatest_level_ul: FloatArray,
    growth_ul: FloatArray | None = None,
    breaks: Sequence[int] = (),
    *,
    confirmed: bool = True,
) -> Extreme | None:
    """Return the worst window of a level that is known to lie between two curves.

    Args:
        times_s: increasing; shape (n,).
        least_level_ul: the level where everything that is open is counted for the pump; shape (n,).
        greatest_level_ul: where it is counted against the pump. The two differ by steps of the display of which nobody
            can tell whether they were the pump's, and are the same otherwise.
        growth_ul: how far a difference of two levels may be off by what grows with time: the difference of this curve,
            which never falls; shape (n,). None for nothing.
        breaks: as for `worst_window`.
        confirmed: as for `worst_window`.

    Returns:
        None where there is no window.
    """
    growing = 0.0 if growth_ul is None else growth_ul
    found = [
        worst_window(times_s, level, breaks, confirmed=confirmed)
        for level in (greatest_level_ul, least_level_ul - growing, greatest_level_ul + growing)
    ]
    window, least, most = found
    if window is None or least is None or most is None:
        return None
    return Extreme(window, least.rise_ul, most.rise_ul)
