# SPDX-License-Identifier: Apache-2.0
"""The set rate that percentages refer to."""

import math

from groundfloor.errors import PlanError


def refuse_no_set_rate(set_rate_ul_per_h: float) -> None:
    """Raise PlanError where nothing was set: an error in per cent of it has no meaning."""
    if not (math.isfinite(set_rate_ul_per_h) and set_rate_ul_per_h > 0):
        seen = f"{set_rate_ul_per_h:g} µL/h is not over zero"
        raise PlanError("set rate", "take an error in per cent of it", seen, "give the rate that the pump was set to")
