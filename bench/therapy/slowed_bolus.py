# SPDX-License-Identifier: Apache-2.0
"""A bolus beside a basal rate that leaves too little of the pump's greatest rate: all of it comes, and slower.

Basal rate and bolus together never go over the greatest rate. What there is room for is given, step by step of the
basal rate, until the programmed volume has come.
"""

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.interval import SECONDS_PER_DAY, SECONDS_PER_HOUR
from bench.therapy.therapy import Therapy
from groundfloor.errors import PlanError


def slowed_bolus(even: AcceptedBolus, basal: Therapy, greatest_rate_ul_per_h: float, started_s: float) -> AcceptedBolus:
    """Return a bolus as it comes under a greatest rate; `even` itself where there is room for it.

    Args:
        even: the bolus as it was programmed.
        basal: what runs beside it.
        greatest_rate_ul_per_h: of the pump, basal rate and bolus together.
        started_s: when the basal therapy began, on the device clock.

    Raises:
        PlanError: in a whole day there is no room for any of it.
    """
    steps: list[tuple[float, float]] = []
    now_s, left_ul = even.started_s, even.volume_ul
    while left_ul > 0:
        room_ul_per_h = greatest_rate_ul_per_h - basal.rate_ul_per_h(now_s, started_s)
        rate_ul_per_h = min(even.rate_ul_per_h, max(0.0, room_ul_per_h))
        steps.append((now_s, rate_ul_per_h))
        changes_s = basal.boundaries_s(now_s, now_s + SECONDS_PER_DAY, started_s)
        next_s = changes_s[0] if changes_s else now_s + SECONDS_PER_DAY
        if rate_ul_per_h * (next_s - now_s) / SECONDS_PER_HOUR >= left_ul:
            now_s += left_ul / rate_ul_per_h * SECONDS_PER_HOUR
            break
        if rate_ul_per_h == 0 and not changes_s:
            seen = f"the basal rate leaves nothing of the greatest rate, {greatest_rate_ul_per_h:g} µL/h"
            raise PlanError("therapy patient_bolus", "give a bolus", seen, "choose a lower basal rate")
        left_ul -= rate_ul_per_h * (next_s - now_s) / SECONDS_PER_HOUR
        now_s = next_s
    if all(rate == even.rate_ul_per_h for _, rate in steps):
        return even
    return AcceptedBolus(even.started_s, even.volume_ul, now_s - even.started_s, tuple(steps))
