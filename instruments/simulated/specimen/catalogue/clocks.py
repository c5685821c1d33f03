# SPDX-License-Identifier: Apache-2.0
"""Clocks of pumps that do not keep time."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_clock, in_registers
from instruments.simulated.specimen.catalogue.where import AT_HIGH_RATE, CLOCK_SET, QUIET, TWO_RATES, red
from instruments.simulated.specimen.defect import Asset, Defect
from instruments.simulated.specimen.twin_specification import TwinSpecification

_PUMP = Asset.PUMP
_MONTHS_H, _HOUR_S, _MINUTE_S = 2400.0, 3600.0, 60.0
_MILLION = 1e6


def _slow(good: TwinSpecification, error_ppm: float) -> TwinSpecification:
    return replace(good, model=good.model.model_copy(update={"clock_error_ppm": -error_ppm}))


CLOCKS = (
    Defect("clock_slow_ppm", _PUMP, "the pump's clock is slow by this many millionths", 2000.0, 0.0, 0.9 * _MILLION,
           _slow, red(AT_HIGH_RATE, "CLK-001"), "protocol §14: time disagreement between parts", also=(100_000.0,)),
    Defect("clock_jumps_s", _PUMP, "after two and a half hours the clock jumps ahead by this many seconds", 60.0, 1.0,
           86400.0, in_clock(lambda good, x: replace(good, jumps_by_s=x)), red(AT_HIGH_RATE, "CLK-001"),
           "protocol §12: a schedule through a clock that is set", also=(3600.0,)),
    Defect("clock_stops_min", _PUMP, "after two and a half hours the clock stands for this many minutes", 10.0, 0.1,
           1440.0, in_clock(lambda good, x: replace(good, stops_for_s=x * _MINUTE_S)), red(AT_HIGH_RATE, "CLK-001"),
           "protocol §14: watchdog failure"),
    Defect("clock_slow_at_night_ppm", _PUMP, "for two hours of the night the clock is slow by this many millionths",
           1200.0, 0.0, 0.9 * _MILLION, in_registers(lambda good, x: replace(good, clock_slow_spell_ppm=x)),
           red(QUIET, "CLK-001"), "protocol §14: time disagreement between parts"),
    Defect("clock_set_at_load_s", _PUMP,
           "each program that is loaded but the first sets the clock ahead by this many seconds", -600.0, -86400.0,
           86400.0, in_registers(lambda good, x: replace(good, clock_set_by_s=x)), red(TWO_RATES, "CLK-002"),
           "protocol §12: a schedule through a clock that is set", also=(600.0,)),
    Defect("clock_zeroed_at_h", _PUMP, "at this hour the clock begins again at zero, and the therapy goes on", 2.5,
           0.0, _MONTHS_H, in_clock(lambda good, x: replace(good, zeroed_at_s=x * _HOUR_S)),
           red(AT_HIGH_RATE, "CLK-002"), "domain §1.1: memory error, reset"),
    Defect("clock_set_ignored", _PUMP, "it takes the command that sets its clock, and goes on as before", None, 0.0,
           0.0, in_clock(lambda good, _: replace(good, set_ignored=True)), red(CLOCK_SET, "CLK-003"),
           "protocol §12: a schedule through a clock that is set"),
    Defect("schedule_by_old_clock", _PUMP, "its clock is set, and its schedule goes by the old time", None, 0.0, 0.0,
           in_clock(lambda good, _: replace(good, set_shown_only=True)),
           red(CLOCK_SET, "CLK-003", "DEL-004", "DEL-005", "DEL-006", "DEL-007", "DEL-009", "REG-002", "REG-003"),
           "protocol §12: a time-zone or clock change shifts a schedule"),
    Defect("clock_drifts_once_set_ppm", _PUMP, "once its clock was set it is fast by this many millionths", 2000.0,
           1.0, 0.9 * _MILLION, in_clock(lambda good, x: replace(good, drifts_once_set_ppm=x)),
           red(CLOCK_SET, "CLK-001"), "protocol §14: time disagreement between parts"),
)  # fmt: skip
"""Beside the crystal that is fast and the pump that powers up anew."""
