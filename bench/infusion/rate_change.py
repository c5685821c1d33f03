# SPDX-License-Identifier: Apache-2.0
"""When did the rate change? The balance tells: the straight lines through the windows before and after meet there."""

from bench.weighing import DeliveryWindow, span_between
from metrology.gravimetry import delivered_volume
from metrology.uncertainty import quantity_from
from metrology.verdict import Limits, Measurement


def change_of_rate(
    before: DeliveryWindow, after: DeliveryWindow, change_device_s: float, steps_mg: float = 0.0
) -> Measurement:
    """Return how late the rate changed against the schedule, in s.

    With cumulative volumes V and rates Q, the lines V1 + Q1·(t − t1) through the end of `before` and V2 + Q2·(t − t2)
    through the start of `after` meet at t = (V2 − V1 + Q1·t1 − Q2·t2)/(Q1 − Q2). A change that really came inside one
    of the windows gives the edge of that window, so the gap between them must be wider than the tolerance.

    Args:
        before: window at the steady rate before the change.
        after: window at the steady rate after it.
        change_device_s: instant of the scheduled change on the pump's clock.
        steps_mg: how much of the mass between the windows may have come in steps that no pump makes, ±.
    """
    profile = before.profile
    between = span_between(before.end, after.start, before.delivered.span.stroke_volume_ul, steps_mg)
    rise = delivered_volume(before.delivered.setup, between).quantity
    q1, q2 = before.mean_rate, after.mean_rate
    # Device clock times count from the scheduled change, so the meeting point is the lateness itself.
    t1_h = (before.end.device_clock_s - change_device_s) / 3600
    t2_h = (after.start.device_clock_s - change_device_s) / 3600
    late_h = (rise.number + q1.number * t1_h - q2.number * t2_h) / (q1.number - q2.number)
    tolerance = profile.flex_step_tolerance_s
    return Measurement(
        f"{after.name}: lateness of the change of rate",
        quantity_from(3600 * late_h, "s", (q1, rise, q2)),
        Limits(-tolerance.value, tolerance.value, "s", f"profile {profile.name}: flex_step_tolerance_s"),
        before.qualifiers + after.qualifiers,
        measurand="lateness of the change of rate",
    )
