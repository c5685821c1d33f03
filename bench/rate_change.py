# SPDX-License-Identifier: Apache-2.0
"""When did the rate change? The balance tells: the straight lines through the windows before and after meet there."""

from bench.delivery_window import DeliveryWindow
from bench.influence import Influence
from bench.limits import Limits
from bench.measurement import Measurement
from bench.quantity import quantity_from


def change_of_rate(before: DeliveryWindow, after: DeliveryWindow, change_device_s: float) -> Measurement:
    """Return how late the rate changed against the schedule, in s.

    With cumulative volumes V and rates Q, the lines V1 + Q1·(t − t1) through the end of `before` and V2 + Q2·(t − t2)
    through the start of `after` meet at t = (V2 − V1 + Q1·t1 − Q2·t2)/(Q1 − Q2). A change that really came inside one
    of the windows gives the edge of that window, so the gap between them must be wider than the tolerance.

    Args:
        before: window at the steady rate before the change.
        after: window at the steady rate after it.
        change_device_s: instant of the scheduled change on the pump's clock.
    """
    profile = before.profile
    stroke_ul = profile.stroke_volume_ul.value
    rates = [
        Influence.type_b(name, window.mean_rate_ul_per_h, "µL/h", window.mean_rate_standard_uncertainty_ul_per_h)
        for name, window in (("rate before", before), ("rate after", after))
    ]
    gap_ul = 1000 * (after.start.mass.mass_g - before.end.mass.mass_g) * _ul_per_mg(before, after)
    rise = Influence.triangular("volume between the windows, to a stroke at each end", gap_ul, "µL", stroke_ul)
    q1, q2 = (rate.number for rate in rates)
    # Device clock times count from the scheduled change, so the meeting point is the lateness itself.
    t1_h = (before.end.device_clock_s - change_device_s) / 3600
    t2_h = (after.start.device_clock_s - change_device_s) / 3600
    late_h = (rise.number + q1 * t1_h - q2 * t2_h) / (q1 - q2)
    tolerance = profile.flex_step_tolerance_s
    return Measurement(
        f"{after.name}: lateness of the change of rate",
        quantity_from(3600 * late_h, "s", (*rates, rise)),
        Limits(-tolerance.value, tolerance.value, "s", f"profile {profile.name}: flex_step_tolerance_s"),
        before.doubts + after.doubts,
    )


def _ul_per_mg(*windows: DeliveryWindow) -> float:
    """Return the volume per displayed mass, as the two windows themselves have it."""
    volume_ul = sum(window.delivered.quantity.value for window in windows)
    mass_mg = sum(window.delivered.raw_mass_mg for window in windows)
    return volume_ul / mass_mg
