# SPDX-License-Identifier: Apache-2.0
"""Everything that a weighed volume depends on, each with the uncertainty that it brings along."""

from metrology.gravimetry.balance_specification import BalanceSpecification
from metrology.gravimetry.conditions import Conditions
from metrology.gravimetry.evaporation import Evaporation
from metrology.gravimetry.mark import BalanceMark
from metrology.gravimetry.repeatability import Repeatability
from metrology.uncertainty import Influence

STROKES = "stroke quantisation"
READING_INSTANT_HALF_WIDTH_S = 1.0
"""How far the instant of a reading may lie from its time stamp: the balance's filter and the wire (assumed)."""

LEAST_STROKES = 2
"""So many strokes in a mark show in its scatter."""
LEAST_STROKE_PERIOD_S = 1.25
"""Strokes that follow each other faster beat with readings that are a second apart."""


def volume_influences(
    start: BalanceMark,
    end: BalanceMark,
    conditions: Conditions,
    balance: BalanceSpecification,
    evaporation: Evaporation,
    stroke_volume_ul: float,
    rate_ul_per_h: float,
) -> tuple[Influence, ...]:
    """Return the inputs of the model of a volume between two marks, in its order; see `delivered_volume`.

    Either end of a difference is off by up to half a digit, by up to the linearity, by any part of a stroke, by the
    instant of its reading. Two equal rectangular errors make a triangular one of twice the half-width. The drift that
    the blank saw is taken off with its slope; what it may since have changed by is what the bench file says.
    """
    drift_mg = balance.drift_mg_per_day * (end.time_s - start.time_s) / 86400
    late_s = READING_INSTANT_HALF_WIDTH_S + max(start.reading_takes_s, end.reading_takes_s)
    late_ul = abs(rate_ul_per_h) * late_s / 3600
    return (
        _mass("start", start, balance),
        _mass("end", end, balance),
        Influence.triangular("resolution", 0.0, "mg", balance.readability_mg),
        Influence.triangular("linearity", 0.0, "mg", 2 * balance.linearity_mg),
        Influence.type_b("calibration", 0.0, "mg", balance.calibration_expanded_uncertainty_mg / 2),
        Influence.rectangular("drift", 0.0, "mg", drift_mg),
        evaporation.influence(balance.readability_mg),
        *_air(conditions),
        _strokes((start, end), stroke_volume_ul),
        Influence.triangular("timing", 0.0, "µL", 2 * late_ul),
    )


def _mass(which: str, mark: BalanceMark, balance: BalanceSpecification) -> Influence:
    """Return the mass of a mark with its repeatability: that of this day, or the mark's own scatter if it is larger.

    The scatter of one reading is taken, not that of their mean: readings a second apart share the balance's filter and
    the same draught, and nothing shows that averaging helped. Eleven readings that agree by luck do not beat the day.
    A day that beats the data sheet counts as it was: its degrees of freedom widen U by what so few readings leave open.
    """
    name, mass_mg = f"mass at the {which}", 1000 * mark.mass_g
    own, day = Repeatability(mark.scatter_mg, int(mark.dof)), balance.measured_repeatability
    if day is None and own.standard_deviation_mg <= balance.repeatability_mg:
        return Influence.type_b(name, mass_mg, "mg", balance.repeatability_mg)
    found = own.or_worse(day)
    return Influence.type_a(name, mass_mg, "mg", found.standard_deviation_mg, found.dof)


def _strokes(ends: tuple[BalanceMark, BalanceMark], stroke_volume_ul: float) -> Influence:
    """Return what the unfinished strokes at both ends may be worth, beside the scatter that shows them.

    The measurand is the pump's mean flow times the time, and a mark falls anywhere into a stroke. Where several strokes
    fall into a mark its readings scatter by them, and that scatter is counted already, undivided.
    """
    unseen = [mark for mark in ends if not _sees_strokes(mark, stroke_volume_ul)]
    if len(unseen) == len(ends):
        return Influence.triangular(STROKES, 0.0, "µL", stroke_volume_ul)
    return Influence.rectangular(STROKES, 0.0, "µL", len(unseen) * stroke_volume_ul / 2)


def _sees_strokes(mark: BalanceMark, stroke_volume_ul: float) -> bool:
    """Tell whether a mark spans enough strokes, and its readings do not always meet the same part of them."""
    if mark.slope_mg_per_h <= 0:
        return False
    period_s = 3600 * stroke_volume_ul / mark.slope_mg_per_h  # a microlitre is a milligram, near enough
    return LEAST_STROKE_PERIOD_S <= period_s <= mark.span_s / LEAST_STROKES


def _air(conditions: Conditions) -> tuple[Influence, ...]:
    return (
        Influence.rectangular("temperature", conditions.temperature_c, "°C", conditions.temperature_half_width_c),
        Influence.rectangular(
            "air pressure", conditions.air_pressure_hpa, "hPa", conditions.air_pressure_half_width_hpa
        ),
        Influence.rectangular("humidity", conditions.humidity_percent, "%", conditions.humidity_half_width_percent),
    )
