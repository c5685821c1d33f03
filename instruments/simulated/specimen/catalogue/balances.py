# SPDX-License-Identifier: Apache-2.0
"""Balances that weigh a little wrongly: knocks, steps, wander, linearity, drift at night, the stability flag."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_weighing
from instruments.simulated.specimen.catalogue.where import (
    AT_HIGH_RATE,
    LEAK,
    QUIET,
    blocks,
    decides_nothing,
    is_harmless,
)
from instruments.simulated.specimen.defect import Asset, Defect

_INSTRUMENT = Asset.INSTRUMENT
_MOST_MG = 1e4
_ONE_S, _TWO_S, _FIVE_S = 29.9, 59.9, 149.9
"""So long that a sample every thirty seconds meets it once, twice, five times."""

BALANCES = (
    Defect("balance_knock_mg", _INSTRUMENT, "every six hours one sample is off by this many mg", 30.0, -_MOST_MG,
           _MOST_MG, in_weighing(lambda good, x: replace(good, knock_mg=x, knock_s=_ONE_S)), decides_nothing(QUIET),
           also=(-30.0, 3.0, -3.0)),
    Defect("balance_knock_2_mg", _INSTRUMENT, "every six hours two samples are off by this many mg", 30.0, -_MOST_MG,
           _MOST_MG, in_weighing(lambda good, x: replace(good, knock_mg=x, knock_s=_TWO_S)), decides_nothing(QUIET),
           also=(-30.0,)),
    Defect("balance_knock_5_mg", _INSTRUMENT, "every six hours five samples are off by this many mg", 30.0, -_MOST_MG,
           _MOST_MG, in_weighing(lambda good, x: replace(good, knock_mg=x, knock_s=_FIVE_S)), decides_nothing(QUIET),
           also=(-30.0,)),
    Defect("balance_steps_mg", _INSTRUMENT, "after two and a half hours the display steps by this many mg and stays",
           -15.0, -_MOST_MG, _MOST_MG, in_weighing(lambda good, x: replace(good, step_mg=x)), decides_nothing(LEAK),
           also=(15.0,)),
    Defect("balance_wanders_mg", _INSTRUMENT, "the display wanders with this standard deviation, within ten minutes",
           0.05, 0.0, _MOST_MG, in_weighing(lambda good, x: replace(good, wander_mg=x)), is_harmless(LEAK),
           also=(0.2,)),
    Defect("balance_not_linear_mg", _INSTRUMENT, "the display is off by up to this many mg, another way at each load",
           0.5, 0.0, _MOST_MG, in_weighing(lambda good, x: replace(good, linearity_mg=x)), is_harmless(LEAK)),
    Defect("balance_drifts_at_night_mg_per_h", _INSTRUMENT,
           "in the second half of each day the display drifts by this many mg an hour", 1.0, -100.0, 100.0,
           in_weighing(lambda good, x: replace(good, night_drift_mg_per_h=x)), decides_nothing(QUIET)),
    Defect("balance_drifts_for_2_h_mg_per_h", _INSTRUMENT,
           "for two hours, from the fifth on, the display drifts by this many mg an hour", 10.0, -100.0, 100.0,
           in_weighing(lambda good, x: replace(good, drift_for_2_h_mg_per_h=x)), decides_nothing(QUIET)),
    Defect("balance_always_stable", _INSTRUMENT, "the stability flag is always set", None, 0.0, 0.0,
           in_weighing(lambda good, _: replace(good, stable_flag=True)), is_harmless(AT_HIGH_RATE)),
    Defect("balance_never_stable", _INSTRUMENT, "the stability flag is never set", None, 0.0, 0.0,
           in_weighing(lambda good, _: replace(good, stable_flag=False)), blocks(LEAK)),
    Defect("balance_creeps_home_mg", _INSTRUMENT,
           "after two and a half hours the display is off by this many mg at once, and creeps home in minutes", -15.0,
           -_MOST_MG, _MOST_MG, in_weighing(lambda good, x: replace(good, creep_mg=x)), decides_nothing(QUIET),
           also=(15.0,)),
    Defect("balance_sinks_home_mg", _INSTRUMENT,
           "after two and a half hours the display jumps by this many mg, and sinks home in hours", 15.0, 0.0, _MOST_MG,
           in_weighing(lambda good, x: replace(good, creep_mg=x, creeps_home_s=3000.0)), decides_nothing(QUIET)),
    Defect("pan_sticks_mg", _INSTRUMENT,
           "after two and a half hours the pan follows a load only by steps of this many mg", 8.0, 0.01, 1e3,
           in_weighing(lambda good, x: replace(good, pan_sticks_mg=x)), decides_nothing(QUIET), also=(2.0,)),
    Defect("table_vibrates_mg", _INSTRUMENT, "in ten minutes of every six hours readings scatter by this many mg", 2.0,
           0.0, _MOST_MG, in_weighing(lambda good, x: replace(good, vibration_mg=x)), decides_nothing(QUIET)),
)  # fmt: skip
"""Of its display; scale, unit and held displays have rows of their own."""
