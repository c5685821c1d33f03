# SPDX-License-Identifier: Apache-2.0
"""Which excess and which interruption a bench sees at a rate, in a window of any length.

The worst of all windows of a good pump is not zero: it holds a stroke, and what the pump wanders. A promise can be held
if it leaves room for that, for what noise adds to the worst of so many windows, and for the uncertainty of one; else
good pumps end INCONCLUSIVE, and no longer window helps, for windows of all lengths are judged. What exceeds the promise
by the bounds of all windows, and by what a pump of a third of its accuracy hides meanwhile, is found with 95 %
(docs/detection/any_window.json holds both against simulation).
"""

from dataclasses import asdict, dataclass

import numpy as np

from bench.profile import AnyWindowLimits, Profile
from bench.weighing import Weighing
from groundfloor.json_number import json_number
from groundfloor.time_text import time_text
from metrology.any_window import (
    WindowUncertainty,
    odd_ul,
    strokes_show,
    strokes_stand_apart,
    worst_of_good_factor,
)
from metrology.gravimetry import Conditions, CorrectedCourse

BURST_S = 60.0
READINGS_OF_A_DAY_S = 86400.0
GOOD_STROKES = 1.1
GOOD_STROKES_AT_A_RATE, GOOD_SECONDS_AT_A_RATE = 0.6, 11.0
"""The worst window of 1,999 of 2,000 good pumps holds no more than the greater of both (by simulation)."""
NOISE_SIMULATED_MG = 0.021
"""On a balance of so much noise, which is in the figures above."""
OF_GOOD_PUMPS = 0.977
"""So many of them shall pass, as a window that resolves lets pass (docs/decisions/0011)."""
GOOD_SHARE = 1.0 / 3.0
"""Of the accuracy: a good pump errs by no more."""
HIDDEN_SHARE = 4.0 / 3.0
"""Of the accuracy: a pump that errs by a third of it to the other side hides so much."""
SHARE_OF_THE_SECOND = ((0.0, 1 / 3, 1 / 2, 1.0), (1e-3, 1 / 3, 0.3, 0.02))
"""Of a burst in the second fullest of its intervals in 95 of 100 cases, by the length of an interval."""
READINGS_OF_AN_END = 3.0
"""A window is longer than an event by so many intervals, because its ends are confirmed."""


@dataclass(frozen=True)
class AnyWindowCapability:
    """What a bench sees of an infusion at a constant rate.

    Attributes:
        rate_ul_per_h: programmed.
        excess_max_ul, shortfall_max_ul: what the profile allows in any window.
        holdable_ul: the least promise of either that a good pump would pass.
        excess_found_ul: a burst of a minute that fails in 95 of 100 cases.
        interruption_found_s: an interruption that does; by mass, or by silence where strokes stand apart.
    """

    rate_ul_per_h: float
    excess_max_ul: float
    shortfall_max_ul: float
    holdable_ul: float
    excess_found_ul: float
    interruption_found_s: float

    @property
    def holds(self) -> bool:
        """Tell whether a good pump would pass, and not just by luck."""
        return self.holdable_ul <= min(self.excess_max_ul, self.shortfall_max_ul)

    def __str__(self) -> str:
        return (
            f"from {self.excess_found_ul:.3g} µL in a minute an excess is found, and an interruption from "
            f"{time_text(self.interruption_found_s)}; the profile allows {self.excess_max_ul:.3g} µL and "
            f"{self.shortfall_max_ul:.3g} µL in any window, and {self.holdable_ul:.3g} µL can be held"
        )

    def as_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return {key: json_number(value) for key, value in asdict(self).items()}


def any_window_capability(
    weighing: Weighing, profile: Profile, rate_ul_per_h: float, interval_s: float, air: Conditions
) -> AnyWindowCapability:
    """Return what a bench would see at a rate, sampled every `interval_s`, in an ordinary air."""
    limits = AnyWindowLimits(profile)
    excess_ul, shortfall_ul = (one(rate_ul_per_h).upper or 0.0 for one in (limits.excess_ul, limits.shortfall_ul))
    day = CorrectedCourse(weighing.setup, 0.0, 0.0, air)
    day.volume_ul(READINGS_OF_A_DAY_S, READINGS_OF_A_DAY_S / 3600 * rate_ul_per_h, air)  # a microlitre is about a mg
    windows = WindowUncertainty(
        weighing.setup.balance,
        None,
        rate_ul_per_h,
        at_each_end_mg=_forces(weighing),
        between_mg=day.open_in_corrections_mg,
    )
    one_ul = windows.one(0.0).expanded_uncertainty()
    many_ul = sum(bound.half_width for bound in windows.bounds(int(READINGS_OF_A_DAY_S / interval_s)))
    worse_ul_per_s = HIDDEN_SHARE * limits.accuracy * rate_ul_per_h / 3600
    growth_ul_per_h = day.growth_ul_per_h(rate_ul_per_h)
    growth_ul = growth_ul_per_h * interval_s / 3600
    behind_ul_per_h = (1 - GOOD_SHARE) * limits.accuracy * rate_ul_per_h - growth_ul_per_h
    ends_s = READINGS_OF_AN_END * interval_s
    over_ul = one_ul + many_ul + READINGS_OF_AN_END * growth_ul
    stroke_ul, second_ul = profile.stroke_volume_ul.value, rate_ul_per_h / 3600
    wanders_ul = max(GOOD_STROKES * stroke_ul, GOOD_STROKES_AT_A_RATE * stroke_ul + GOOD_SECONDS_AT_A_RATE * second_ul)
    at_once_ul = rate_ul_per_h * interval_s / 3600
    missing_ul = shortfall_ul + over_ul + worse_ul_per_s * ends_s
    return AnyWindowCapability(
        rate_ul_per_h=rate_ul_per_h,
        excess_max_ul=excess_ul,
        shortfall_max_ul=shortfall_ul,
        holdable_ul=max(wanders_ul + _lifted_ul(windows, behind_ul_per_h, interval_s), at_once_ul) + one_ul,
        excess_found_ul=_told_from_a_jump_ul(
            excess_ul + over_ul + worse_ul_per_s * (BURST_S + ends_s),
            odd_ul(windows.noise_ul, weighing.setup.balance.readability_mg, stroke_ul)
            + (1 + limits.accuracy) * at_once_ul,
            interval_s / BURST_S,
        ),
        interruption_found_s=min(
            missing_ul / ((1 - limits.accuracy) * rate_ul_per_h / 3600),
            _silence_found_s(windows, limits, profile, rate_ul_per_h, interval_s),
        ),
    )


def _lifted_ul(windows: WindowUncertainty, behind_ul_per_h: float, interval_s: float) -> float:
    """Return by how much noise, and what grows with time, lift the worst window of a day of a good pump.

    Args:
        windows: what one window is worth.
        behind_ul_per_h: by how much such a pump stays behind its accuracy, less what a volume may be off by; where that
            is negative, the worst window is the longest.
        interval_s: between samples.
    """
    grown_ul = max(0.0, -behind_ul_per_h) * READINGS_OF_A_DAY_S / 3600
    noise_ul = windows.noise_ul - NOISE_SIMULATED_MG
    if noise_ul <= 0:
        return grown_ul
    readings, behind = int(READINGS_OF_A_DAY_S / interval_s), behind_ul_per_h * interval_s / 3600 / windows.noise_ul
    return grown_ul + noise_ul * worst_of_good_factor(readings, behind, 1 - OF_GOOD_PUMPS)


def _told_from_a_jump_ul(burst_ul: float, odd: float, intervals: float) -> float:
    """Return the burst that is no jump either: what is odd in one interval alone is an open question, and no FAIL.

    Args:
        burst_ul: what exceeds the promise for sure.
        odd: what an interval may gain.
        intervals: length of an interval, as a share of the burst's.
    """
    first = min(1.0, intervals)
    second = float(np.interp(intervals, SHARE_OF_THE_SECOND[0], SHARE_OF_THE_SECOND[1]))
    from_ul, to_ul = odd / first, odd / second
    return to_ul if from_ul <= burst_ul < to_ul else burst_ul


def _forces(weighing: Weighing) -> tuple[tuple[str, float], ...]:
    vessel = weighing.setup.vessel
    forces = (("meniscus", vessel.meniscus_mg), ("pendant drop", vessel.drop_mg / 2))
    return tuple((name, half_width) for name, half_width in forces if half_width > 0)


def _silence_found_s(
    windows: WindowUncertainty, limits: AnyWindowLimits, profile: Profile, rate_ul_per_h: float, interval_s: float
) -> float:
    """Return the shortest interruption whose silence is found; infinite where strokes do not show one by one."""
    stroke_ul = profile.stroke_volume_ul.value
    apart = strokes_stand_apart(stroke_ul, rate_ul_per_h, interval_s)
    if not (apart and strokes_show(stroke_ul, windows.noise_ul)):
        return float("inf")
    usual_s = profile.stroke_period_s(rate_ul_per_h) / (1 + limits.accuracy / 3)
    return (limits.quiet_time_s(rate_ul_per_h).upper or 0.0) + 4 * interval_s - usual_s
