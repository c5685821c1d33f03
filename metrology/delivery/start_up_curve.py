# SPDX-License-Identifier: Apache-2.0
"""The start-up curve: the rate in each sampling interval over the first two hours (IEC 60601-2-24)."""

from dataclasses import dataclass

import numpy as np

from groundfloor.inconclusive import Inconclusive
from metrology.delivery.delivery_curve import DeliveryCurve, FloatArray
from metrology.delivery.sampling_grid import whole_intervals

START_UP_S = 7200.0


@dataclass(frozen=True, eq=False)
class StartUpCurve:
    """Rate against time since the start.

    Attributes:
        times_s: the end of each sampling interval, in seconds since the first sample; shape (n,).
        rates_ul_per_h: the mean rate in that interval; same shape.
    """

    times_s: FloatArray
    rates_ul_per_h: FloatArray


def start_up_curve(curve: DeliveryCurve, sample_interval_s: float, duration_s: float = START_UP_S) -> StartUpCurve:
    """Compute the start-up curve from the first sample of `curve` on.

    Args:
        curve: begins when the pump starts.
        sample_interval_s: S.
        duration_s: a whole multiple of S.

    Raises:
        PlanError: the duration is no whole multiple of S.
        Inconclusive: the curve is shorter, or there is a gap in its samples.
    """
    steps = whole_intervals("start-up curve", duration_s, sample_interval_s)
    sampled = curve.on_grid(sample_interval_s)
    if len(sampled.times_s) <= steps:
        seen = f"the samples span {curve.duration_s:g} s of the {duration_s:g} s asked for"
        raise Inconclusive("start-up curve", "compute it", seen, "record longer, or ask for less")
    delivered_ul: FloatArray = sampled.volumes_ul[1 : steps + 1] - sampled.volumes_ul[:steps]
    rates_ul_per_h: FloatArray = delivered_ul * (3600 / sample_interval_s)
    return StartUpCurve(np.arange(1, steps + 1, dtype=np.float64) * sample_interval_s, rates_ul_per_h)
