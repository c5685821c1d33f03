# SPDX-License-Identifier: Apache-2.0
"""What was weighed over a window of time, as a volume with its uncertainty."""

from bench.weighing.blank import Blank, measure_blank, tare
from bench.weighing.bolus_request import BolusRequest
from bench.weighing.delivery_window import DeliveryWindow
from bench.weighing.three_volumes import ThreeVolumes
from bench.weighing.weighing import HALF_SPAN_S, READINGS, TimedMark, Weighing, span_between

__all__ = [
    "HALF_SPAN_S",
    "READINGS",
    "Blank",
    "BolusRequest",
    "DeliveryWindow",
    "ThreeVolumes",
    "TimedMark",
    "Weighing",
    "measure_blank",
    "span_between",
    "tare",
]
