# SPDX-License-Identifier: Apache-2.0
"""Everything that a weighed volume depends on, each with the uncertainty that it brings along."""

from bench.gravimetry.balance_specification import BalanceSpecification
from bench.gravimetry.conditions import Conditions
from bench.gravimetry.evaporation import Evaporation
from bench.gravimetry.mark import BalanceMark
from bench.influence import Influence

READING_INSTANT_HALF_WIDTH_S = 1.0
"""How far the instant of a reading may lie from its time stamp: the balance's filter and the wire (assumed)."""


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
    instant of its reading. Two equal rectangular errors make a triangular one of twice the half-width.
    """
    drift_mg = balance.drift_mg_per_day * (end.time_s - start.time_s) / 86400
    late_ul = abs(rate_ul_per_h) * READING_INSTANT_HALF_WIDTH_S / 3600
    return (
        _mass("start", start, balance),
        _mass("end", end, balance),
        Influence.triangular("resolution", 0.0, "mg", balance.readability_mg),
        Influence.triangular("linearity", 0.0, "mg", 2 * balance.linearity_mg),
        Influence.type_b("calibration", 0.0, "mg", balance.calibration_expanded_uncertainty_mg / 2),
        Influence.rectangular("drift", 0.0, "mg", drift_mg),
        evaporation.influence(balance.readability_mg),
        *_air(conditions),
        Influence.triangular("stroke quantisation", 0.0, "µL", stroke_volume_ul),
        Influence.triangular("timing", 0.0, "µL", 2 * late_ul),
    )


def _mass(which: str, mark: BalanceMark, balance: BalanceSpecification) -> Influence:
    """Return the mass of a mark with its repeatability."""
    name, mass_mg = f"mass at the {which}", 1000 * mark.mass_g
    # The scatter of one reading is taken, not that of their mean: readings a second apart share the balance's filter
    # and the same draught, and nothing shows that averaging helped. Where the few readings happen to agree better than
    # the balance is known to repeat, that repeatability holds: the larger of the two, never the luck of the day.
    if mark.scatter_mg > balance.repeatability_mg:
        return Influence.type_a(name, mass_mg, "mg", mark.scatter_mg, mark.dof)
    return Influence.type_b(name, mass_mg, "mg", balance.repeatability_mg)


def _air(conditions: Conditions) -> tuple[Influence, ...]:
    return (
        Influence.rectangular("temperature", conditions.temperature_c, "°C", conditions.temperature_half_width_c),
        Influence.rectangular(
            "air pressure", conditions.air_pressure_hpa, "hPa", conditions.air_pressure_half_width_hpa
        ),
        Influence.rectangular("humidity", conditions.humidity_percent, "%", conditions.humidity_half_width_percent),
    )
