# SPDX-License-Identifier: Apache-2.0
"""Delivery analysis: from cumulative delivered volume to the figures and curves that a pump is described by."""

from metrology.delivery.bolus_accuracy import BolusAccuracy, BolusSpan, bolus_accuracy
from metrology.delivery.bolus_ramp import BolusRamp
from metrology.delivery.delivery_curve import DeliveryCurve, FloatArray
from metrology.delivery.overall_error import overall_error_percent
from metrology.delivery.rate_stability import RateStability, rate_stability
from metrology.delivery.start_up_curve import StartUpCurve, start_up_curve
from metrology.delivery.stroke_finder import Stroke, find_stroke
from metrology.delivery.stroke_windows import whole_stroke_windows_s
from metrology.delivery.tolerance_interval import Sides, ToleranceInterval, tolerance_interval
from metrology.delivery.trumpet import AMBULATORY_WINDOWS_S, GENERAL_WINDOWS_S, Trumpet, TrumpetWindow, trumpet

__all__ = [
    "AMBULATORY_WINDOWS_S",
    "GENERAL_WINDOWS_S",
    "BolusAccuracy",
    "BolusRamp",
    "BolusSpan",
    "DeliveryCurve",
    "FloatArray",
    "RateStability",
    "Sides",
    "StartUpCurve",
    "Stroke",
    "ToleranceInterval",
    "Trumpet",
    "TrumpetWindow",
    "bolus_accuracy",
    "find_stroke",
    "overall_error_percent",
    "rate_stability",
    "start_up_curve",
    "tolerance_interval",
    "trumpet",
    "whole_stroke_windows_s",
]
