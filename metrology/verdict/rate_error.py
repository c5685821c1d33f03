# SPDX-License-Identifier: Apache-2.0
"""Delivered against expected volume in percent: what a pump's accuracy claim is about."""

import math

from groundfloor.errors import PlanError
from metrology.uncertainty import Influence, Quantity, quantity_from


def relative_error(delivered: Quantity, expected_ul: float, schedule_half_width_ul: float = 0.0) -> Quantity:
    """Return `100 (delivered - expected) / expected` in %, the budget of `delivered` carried on.

    Args:
        delivered: in µL.
        expected_ul: what the therapy asks for between the same two instants; more than zero.
        schedule_half_width_ul: how much the expected volume can shift because the instant at which the pump began its
            schedule is known only within a bracket: rate × half the bracket.

    Raises:
        PlanError: `delivered` is not in µL, or nothing was expected.
    """
    if delivered.unit != "µL":
        raise PlanError("rate error", "compare volumes", f"delivered is in {delivered.unit!r}", "give it in µL")
    if not (math.isfinite(expected_ul) and expected_ul > 0):
        seen = f"expected are {expected_ul:g} µL"
        raise PlanError("rate error", "divide by the expected volume", seen, "judge a volume in µL instead")
    schedule = Influence.rectangular("start of the schedule", expected_ul, "µL", schedule_half_width_ul)
    # The nominal volume divides: an error of 1 % of it is 1 % wherever the schedule began.
    return quantity_from(100 / expected_ul * (delivered.number - schedule.number), "%", (delivered, schedule))
