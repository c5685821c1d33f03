# SPDX-License-Identifier: Apache-2.0
"""Rigs whose injectors do less than their sensors show, and controllers that are slow, early or near a magnet."""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.change import in_rig
from instruments.simulated.specimen.catalogue.where import (
    AT_HIGH_RATE,
    DISCONNECT,
    FULL_KINK,
    LEAK,
    QUIET,
    SECOND_KINK,
    STEP_OF_HEIGHT,
    TORN,
    blocks,
    decides_nothing,
    is_harmless,
)
from instruments.simulated.specimen.defect import Asset, Defect

_INSTRUMENT = Asset.INSTRUMENT
_WHOLE_PERCENT = 100.0
_HOUR_S, _MINUTE_S = 3600.0, 60.0
_MONTHS_H = 2400.0

RIGS = (
    Defect("dead_outlet_lift", _INSTRUMENT, "the outlet lift does not move", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"outlet_lift_kpa"})),
           blocks(STEP_OF_HEIGHT)),
    Defect("outlet_lift_echoes", _INSTRUMENT,
           "the outlet lift does not move, and its sensor shows what was ordered", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"outlet_lift_kpa"},
                                          echoing_sensors=good.echoing_sensors | {"outlet_lift_kpa"})),
           blocks(STEP_OF_HEIGHT)),
    Defect("mid_valve_echoes", _INSTRUMENT,
           "the mid-catheter valve does not move, and its sensor shows what was ordered", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {"mid_catheter_valve"},
                                          echoing_sensors=good.echoing_sensors | {"mid_catheter_valve"})),
           blocks(TORN)),
    Defect("kink_clamp_closes_to_percent", _INSTRUMENT, "the kink clamp goes only so far, and its sensor shows all",
           60.0, 0.0, 100.0, in_rig(lambda good, x: replace(good, clamp_effect=x / _WHOLE_PERCENT)),
           blocks(SECOND_KINK), also=(20.0,)),
    Defect("kink_clamp_opens_to_percent", _INSTRUMENT, "the kink clamp stays shut so far, and its sensor shows it open",
           70.0, 0.0, 100.0, in_rig(lambda good, x: replace(good, clamp_leaves_percent=x)), blocks(FULL_KINK),
           also=(10.0, 30.0, 50.0, 90.0, 100.0)),
    Defect("kink_clamp_opens_short_after", _INSTRUMENT,
           "after this closing the kink clamp stays 70 % shut until the next, and its sensor shows it open", 2.0, 1.0,
           1e6, in_rig(lambda good, x: replace(good, clamp_opens_short_after=round(x))), blocks(FULL_KINK),
           also=(3.0,)),
    Defect("kink_clamp_narrows_at_h", _INSTRUMENT,
           "at this hour the kink clamp shuts to 70 % by itself, and its sensor shows it open", 2.0, 0.0, _MONTHS_H,
           in_rig(lambda good, x: replace(good, clamp_narrows_at_s=x * _HOUR_S)), blocks(AT_HIGH_RATE)),
    Defect("leak_valve_share", _INSTRUMENT, "this share of what the leak valve shows really leaks", 0.3, 0.0, 10.0,
           in_rig(lambda good, x: replace(good, leak_effect=x)), blocks(LEAK), also=(0.0,)),
    Defect("disconnect_valve_half", _INSTRUMENT, "half of the flow goes on though the disconnect valve shows open",
           None, 0.0, 0.0, in_rig(lambda good, _: replace(good, disconnect_is_half=True)), blocks(DISCONNECT)),
    Defect("disconnect_closes_late_min", _INSTRUMENT,
           "the disconnect valve closes this many minutes after its sensor shows it shut", 20.0, 0.1, 1440.0,
           in_rig(lambda good, x: replace(good, closes_late_s=(("disconnect_valve", x * _MINUTE_S),))),
           blocks(DISCONNECT)),
    Defect("leak_closes_late_min", _INSTRUMENT,
           "the leak valve closes this many minutes after its sensor shows it shut", 30.0, 0.1, 1440.0,
           in_rig(lambda good, x: replace(good, closes_late_s=(("leak_valve_percent", x * _MINUTE_S),))), blocks(LEAK)),
    Defect("catheter_off_at_h", _INSTRUMENT,
           "at this hour the catheter comes off for a quarter of an hour, and its valve shows it on", 3.0, 0.0,
           _MONTHS_H, in_rig(lambda good, x: replace(good, catheter_off_at_s=x * _HOUR_S)), blocks(QUIET)),
    Defect("outlet_sensor_off_kpa", _INSTRUMENT, "the sensor of the outlet's pressure shows this many kPa too much",
           1.0, -10.0, 10.0, in_rig(lambda good, x: replace(good, outlet_off_kpa=x)), blocks(LEAK),
           also=(-1.0, 0.7, -0.7)),
    Defect("outlet_sensor_moves_kpa", _INSTRUMENT,
           "after two and a half hours that sensor shows this many kPa too much for an hour", 3.0, -10.0, 10.0,
           in_rig(lambda good, x: replace(good, outlet_moves_kpa=x)), decides_nothing(QUIET)),
    Defect("supply_at_rest_mv", _INSTRUMENT, "the sensor of the supply shows this while nothing is asked of it",
           3010.0, 0.0, 65535.0, in_rig(lambda good, x: replace(good, supply_at_rest_mv=x)), blocks(LEAK)),
    Defect("stray_magnet", _INSTRUMENT, "a magnet stands near from the beginning", None, 0.0, 0.0,
           in_rig(lambda good, _: replace(good, stray_magnet=True)), blocks(LEAK)),
    Defect("watchdog_short_s", _INSTRUMENT, "the watchdog waits no longer than this, whatever it is armed with", 10.0,
           1.0, 3600.0, in_rig(lambda good, x: replace(good, watchdog_most_s=x)), blocks(LEAK)),
    Defect("kink_clamp_slow_s", _INSTRUMENT, "the kink clamp takes this many seconds for its way", 60.0, 0.0, 3600.0,
           in_rig(lambda good, x: replace(good, clamp_travel_s=x)), blocks(SECOND_KINK)),
    Defect("rig_sensors_late_s", _INSTRUMENT, "the sensors of the injectors show what was this many seconds ago", 60.0,
           0.0, 3600.0, in_rig(lambda good, x: replace(good, feedback_late_s=x)), blocks(LEAK)),
    Defect("air_pressure_stands", _INSTRUMENT, "the sensor of air pressure always shows what it showed first", None,
           0.0, 0.0, in_rig(lambda good, _: replace(good, air_pressure_held=True)), is_harmless(LEAK)),
    Defect("rig_clock_gain", _INSTRUMENT, "the rig counts this many seconds in one, for its watchdog as well", 0.5,
           0.1, 10.0, in_rig(lambda good, x: replace(good, clock_gain=x)), is_harmless(LEAK), also=(3.0,)),
    Defect("rig_stops_once", _INSTRUMENT, "going safe stops the pump once; one that is started then runs", None, 0.0,
           0.0, in_rig(lambda good, _: replace(good, holds_pump=False)), is_harmless(LEAK)),
)  # fmt: skip
"""Injectors, sensors, watchdog, clock."""
