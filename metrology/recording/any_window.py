# SPDX-License-Identifier: Apache-2.0
"""Excess and interruption over windows of any length, as the bench finds them in a run of its own.

Of all n²/2 windows between two readings, the one in which most came beyond the set rate, and the one in which most was
lacking. The worst of many is chosen by noise as well, so its bound is that of the worst of so many.
"""

from dataclasses import dataclass

from metrology.any_window import WorstWindow, worst_of_many_factor, worst_window
from metrology.delivery import DeliveryCurve
from metrology.recording.shown_scatter import ShownScatter


@dataclass(frozen=True)
class AnyWindow:
    """The worst windows.

    Attributes:
        excess: in which most came beyond the set rate; None where there are too few readings.
        shortfall: in which most was lacking.
        bound_ul: by how much either may be too large because of noise and digit.
        interruption_s: how long nothing would have to come for such a shortfall.
    """

    excess: WorstWindow | None
    shortfall: WorstWindow | None
    bound_ul: float
    interruption_s: float


def any_window(curve: DeliveryCurve, set_rate_ul_per_h: float, shown: ShownScatter, ul_per_unit: float) -> AnyWindow:
    """Return the worst windows of a curve.

    Args:
        curve: at its own readings, of the analysis period.
        set_rate_ul_per_h: what ought to come.
        shown: of the readings.
        ul_per_unit: µL of one unit of it.
    """
    beyond_ul = curve.volumes_ul - set_rate_ul_per_h / 3600 * curve.times_s
    excess, shortfall = worst_window(curve.times_s, beyond_ul), worst_window(curve.times_s, -beyond_ul)
    noise_ul = ul_per_unit * shown.scatter_mg * worst_of_many_factor(len(curve.times_s))
    lacking_ul = shortfall.rise_ul if shortfall is not None else 0.0
    return AnyWindow(excess, shortfall, noise_ul + ul_per_unit * shown.digit_mg, 3600 * lacking_ul / set_rate_ul_per_h)
