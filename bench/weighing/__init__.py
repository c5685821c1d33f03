# SPDX-License-Identifier: Apache-2.0
"""What was weighed over a window of time, as a volume with its uncertainty."""

from bench.weighing.balance_series import BalanceSeries
from bench.weighing.blank import Blank, measure_blank, tare
from bench.weighing.bolus_request import ADDED_VOLUME, BolusRequest
from bench.weighing.certificate import Certificate
from bench.weighing.delivery_window import LEAK_MAY_BE, DeliveryWindow
from bench.weighing.explained_by_drift import InfusionHours, explained_by_drift
from bench.weighing.rests_on_balance import rests_on_balance
from bench.weighing.scale_suspicion import ScaleSuspicion
from bench.weighing.second_flow import SecondFlow, comparison_data
from bench.weighing.three_volumes import ThreeVolumes
from bench.weighing.timed_mark import TimedMark, span_between
from bench.weighing.weighing import HALF_SPAN_S, READINGS, Weighing

__all__ = [
    "ADDED_VOLUME",
    "HALF_SPAN_S",
    "LEAK_MAY_BE",
    "READINGS",
    "BalanceSeries",
    "Blank",
    "BolusRequest",
    "Certificate",
    "DeliveryWindow",
    "InfusionHours",
    "ScaleSuspicion",
    "SecondFlow",
    "ThreeVolumes",
    "TimedMark",
    "Weighing",
    "comparison_data",
    "explained_by_drift",
    "measure_blank",
    "rests_on_balance",
    "span_between",
    "tare",
]
