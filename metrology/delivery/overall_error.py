# SPDX-License-Identifier: Apache-2.0
"""The overall percentage error A of an analysis period (IEC 60601-2-24, there A for T1 and B for T2)."""

from metrology.delivery.delivery_curve import DeliveryCurve
from metrology.delivery.set_rate import refuse_no_set_rate


def overall_error_percent(curve: DeliveryCurve, set_rate_ul_per_h: float) -> float:
    """Return `100 (Q - r) / r` in %: Q the mean rate over the whole of `curve`, r the set rate.

    Raises:
        PlanError: the set rate is not over zero.
    """
    refuse_no_set_rate(set_rate_ul_per_h)
    return 100 * (curve.mean_rate_ul_per_h / set_rate_ul_per_h - 1)
