# SPDX-License-Identifier: Apache-2.0
"""A delivery window as it would be weighed if all went well, made before a drop has flowed.

It goes through the very model that will weigh the real one: same chain, same influences, same budget. Only the marks
are made up: the pump delivers what is programmed, and the readings scatter no more than the balance is known to.
"""

from bench.profile import Profile
from bench.weighing import READINGS, DeliveryWindow, TimedMark, Weighing
from metrology.gravimetry import BalanceMark, Conditions

AIR = Conditions(temperature_c=21.0, air_pressure_hpa=1013.25, humidity_percent=50.0)
"""Of an ordinary laboratory; another one changes the predicted uncertainty by less than a hundredth of it."""
_AHEAD_S = 1e9
"""Bench time of the first mark: so far ahead that nothing that happened on the bench lies between the marks."""
_MG_PER_UL = 0.997
"""What a balance shows of a microlitre of water; a prediction needs it no better."""


def predicted_window(
    weighing: Weighing,
    profile: Profile,
    rate_ul_per_h: float,
    duration_s: float,
    *,
    bolus_ul: float = 0.0,
    stopped: bool = False,
) -> DeliveryWindow:
    """Return the window that a pump right on its target would give.

    Args:
        weighing: of the bench, with its balance and its blank.
        profile: what the pump promises.
        rate_ul_per_h: the programmed rate.
        duration_s: between the marks.
        bolus_ul: what is delivered in that time on top of the rate.
        stopped: whether the pump stands still meanwhile, so that no stroke is cut in two by a mark; its rate then says
            what it would have given.
    """
    expected_ul = rate_ul_per_h * duration_s / 3600 + bolus_ul
    start, end = _mark(_AHEAD_S, 0.0), _mark(_AHEAD_S + duration_s, expected_ul)
    delivered = weighing.volume(start, end, 0.0 if stopped else profile.stroke_volume_ul.value)
    return DeliveryWindow("predicted", start, end, expected_ul, delivered, profile)


def _mark(time_s: float, volume_ul: float) -> TimedMark:
    mass = BalanceMark(
        time_s=time_s,
        mass_g=volume_ul * _MG_PER_UL / 1000,
        standard_uncertainty_mg=0.0,
        scatter_mg=0.0,
        dof=READINGS - 2,
        readings=READINGS,
    )
    return TimedMark(mass, device_clock_s=time_s, counter_ul=volume_ul, conditions=AIR)
