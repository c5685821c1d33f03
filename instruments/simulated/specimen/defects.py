# SPDX-License-Identifier: Apache-2.0
"""The catalogue of bad pumps and bad instruments: each defect changes one thing of a good twin.

A defect is named as `name`, which takes its default magnitude, or as `name=magnitude`. Sources of the pump defects are
the field reports of domain §5.2; the magnitudes are assumed.
"""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind, Offer, PlugInTable
from groundfloor.plug_ins.guarded import COMPUTES, guarded
from instruments.simulated.specimen.catalogue.alarms import ALARMS
from instruments.simulated.specimen.catalogue.balances import BALANCES
from instruments.simulated.specimen.catalogue.boluses import BOLUSES
from instruments.simulated.specimen.catalogue.bridges import BRIDGES
from instruments.simulated.specimen.catalogue.catheters import CATHETERS
from instruments.simulated.specimen.catalogue.change import in_firmware as _firmware
from instruments.simulated.specimen.catalogue.change import in_rig as _rig
from instruments.simulated.specimen.catalogue.change import in_room as _room
from instruments.simulated.specimen.catalogue.change import in_vessel as _vessel
from instruments.simulated.specimen.catalogue.change import in_weighing as _weighing
from instruments.simulated.specimen.catalogue.climates import CLIMATES
from instruments.simulated.specimen.catalogue.clocks import CLOCKS
from instruments.simulated.specimen.catalogue.conditions import CONDITIONS
from instruments.simulated.specimen.catalogue.courses import COURSES
from instruments.simulated.specimen.catalogue.external_trials import EXTERNAL_TRIALS
from instruments.simulated.specimen.catalogue.interactions import INTERACTIONS
from instruments.simulated.specimen.catalogue.months import MONTHS
from instruments.simulated.specimen.catalogue.patient_boluses import PATIENT_BOLUSES
from instruments.simulated.specimen.catalogue.powers import POWERS
from instruments.simulated.specimen.catalogue.primings import PRIMINGS
from instruments.simulated.specimen.catalogue.programming import PROGRAMMING
from instruments.simulated.specimen.catalogue.registers import REGISTERS
from instruments.simulated.specimen.catalogue.reservoirs import RESERVOIRS
from instruments.simulated.specimen.catalogue.rigs import RIGS
from instruments.simulated.specimen.catalogue.schedules import SCHEDULES
from instruments.simulated.specimen.catalogue.second_measures import SECOND_MEASURES
from instruments.simulated.specimen.catalogue.single_boluses import SINGLE_BOLUSES
from instruments.simulated.specimen.catalogue.sounds import SOUNDS
from instruments.simulated.specimen.catalogue.stalls import STALLS
from instruments.simulated.specimen.catalogue.starts_and_stops import STARTS_AND_STOPS
from instruments.simulated.specimen.catalogue.telemetry import TELEMETRY
from instruments.simulated.specimen.catalogue.updates import UPDATES
from instruments.simulated.specimen.catalogue.vessels_and_rooms import VESSELS_AND_ROOMS
from instruments.simulated.specimen.catalogue.weeks import WEEKS
from instruments.simulated.specimen.catalogue.where import AT_HIGH_RATE as _AT_HIGH_RATE
from instruments.simulated.specimen.catalogue.where import BOLUS as _BOLUS
from instruments.simulated.specimen.catalogue.where import DISCONNECT as _DISCONNECT
from instruments.simulated.specimen.catalogue.where import FULL_KINK as _FULL_KINK
from instruments.simulated.specimen.catalogue.where import LEAK as _LEAK
from instruments.simulated.specimen.catalogue.where import QUIET as _QUIET
from instruments.simulated.specimen.catalogue.where import SECOND_KINK as _SECOND_KINK
from instruments.simulated.specimen.catalogue.where import TWO_DAYS as _TWO_DAYS
from instruments.simulated.specimen.catalogue.where import blocks as _blocks
from instruments.simulated.specimen.catalogue.where import decides_nothing as _decides_nothing
from instruments.simulated.specimen.catalogue.where import is_harmless as _is_harmless
from instruments.simulated.specimen.catalogue.where import red as _red
from instruments.simulated.specimen.defect import Asset, Change, Defect
from instruments.simulated.specimen.twin_specification import TwinSpecification
from instruments.simulated.specimen.vessel_faults import VESSEL_MM

LONGEST_S = 5.0
"""Code of a plug-in computes with a specification, and waits for nothing."""
_HOUR_S = 3600.0
_ANY_STEP = 13
_A_DAY_MIN = 1439
_MONTHS_H = 2400


def with_defects(specification: TwinSpecification, texts: Sequence[str]) -> TwinSpecification:
    """Return `specification` with the defects that `texts` name.

    Raises:
        PlanError: a name is unknown, or a magnitude is missing its sense.
    """
    for text in texts:
        name, gives_magnitude, magnitude = (part.strip() for part in text.partition("="))
        if name not in DEFECTS:
            raise PlanError(f"defect {text!r}", "look up", "there is no such defect", _known(name))
        defect = DEFECTS[name]
        specification = defect.change(
            specification, _magnitude(defect, magnitude) if gives_magnitude else defect.default or 0.0
        )
    return specification


def _magnitude(defect: Defect, text: str) -> float:
    who = f"defect {defect.name}"
    if defect.default is None:
        raise PlanError(who, f"take magnitude {text!r}", "this defect has no magnitude", f"write {defect.name} alone")
    try:
        magnitude = float(text)
    except ValueError:
        magnitude = math.nan
    if not defect.least <= magnitude <= defect.most:
        span = f"{defect.least:g} to {defect.most:g}"
        raise PlanError(
            who,
            f"take magnitude {text!r}",
            f"it is no number from {span}",
            f"for example {defect.name}={defect.default:g}",
        )
    return magnitude


def _known(name: str) -> str:
    close = difflib.get_close_matches(name, DEFECTS, n=1)
    hint = f"did you mean {close[0]!r}? " if close else ""
    return f"{hint}`pumpbench run --list defects` shows all {len(DEFECTS)}"


def _dead(output: str) -> Change:
    return _rig(lambda good, _: replace(good, dead_actuators=good.dead_actuators | {output}))


def _echoes(output: str) -> Change:
    return _rig(
        lambda good, _: replace(
            good,
            dead_actuators=good.dead_actuators | {output},
            echoing_sensors=good.echoing_sensors | {output},
        )
    )


def _stays_unseen(output: str) -> Change:
    return _rig(
        lambda good, x: replace(
            good,
            departures=(*good.departures, (output, round(x))),
            echoing_sensors=good.echoing_sensors | {output},
        )
    )


def _serial(specification: TwinSpecification, number: float) -> TwinSpecification:
    stem = specification.model.serial_number.partition("-")[0]
    return replace(
        specification, model=specification.model.model_copy(update={"serial_number": f"{stem}-{number:04.0f}"})
    )


def _clock(specification: TwinSpecification, error_ppm: float) -> TwinSpecification:
    return replace(specification, model=specification.model.model_copy(update={"clock_error_ppm": error_ppm}))


_PUMP, _INSTRUMENT = Asset.PUMP, Asset.INSTRUMENT

_FIRST = (
    Defect("rate_bias", _PUMP, "every stroke delivers more by this fraction", 0.20, -1.0, 10.0,
           lambda good, x: replace(good, rate_gain=1.0 + x),
           _red(_AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-005", "DEL-007", "DEL-009")),
    Defect("counter_drift", _PUMP, "the pump's counter shows more than was driven, by this fraction", 0.20, -0.99, 10.0,
           _firmware(lambda good, x: replace(good, counter_gain=1.0 + x)),
           _red(_AT_HIGH_RATE, "DEL-004", "DEL-009", "REG-003")),
    Defect("no_occlusion_alarm", _PUMP, "an occlusion raises no alarm", None, 0.0, 0.0,
           _firmware(lambda good, _: replace(good, occlusion_alarms=0)), _red(_FULL_KINK, "CAT-001")),
    Defect("occlusion_alarm_once", _PUMP, "only the first occlusion raises an alarm", None, 0.0, 0.0,
           _firmware(lambda good, _: replace(good, occlusion_alarms=1)),
           _red(_SECOND_KINK, "ALM-003", "CAT-005", "REG-006")),
    Defect("late_occlusion_alarm", _PUMP, "the occlusion alarm comes later by this many seconds", 7200.0, 0.0, 1e6,
           _firmware(lambda good, x: replace(good, occlusion_delay_s=x)), _red(_FULL_KINK, "CAT-001")),
    Defect("occlusion_alarm_keeps_pumping", _PUMP, "the motor runs on after an occlusion alarm", None, 0.0, 0.0,
           _firmware(lambda good, _: replace(good, stops_at_occlusion=False)),
           _red(_FULL_KINK, "ALM-002", "CAT-002", "CAT-003", "DEL-005", "DEL-009", "PRG-002", "REG-001", "REG-002",
                "REG-003")),
    Defect("false_occlusion_after_idle", _PUMP, "a start after more idle hours than this raises an occlusion alarm",
           1.0, 0.0, _MONTHS_H, _firmware(lambda good, x: replace(good, false_occlusion_after_idle_s=x * _HOUR_S)),
           _red(_QUIET, "ALM-001", "DEL-002", "DEL-004", "DEL-006", "DEL-007", "DEL-009", "PRG-002")),
    Defect("false_alarm_at_h", _PUMP, "an occlusion alarm without cause at this hour", 2.0, 0.0, _MONTHS_H,
           _firmware(lambda good, x: replace(good, false_alarm_at_s=x * _HOUR_S)),
           _red(_AT_HIGH_RATE, "ALM-001", "DEL-003", "DEL-004", "DEL-006", "DEL-007", "DEL-009")),
    Defect("no_disconnect_alarm", _PUMP, "a disconnected catheter raises no alarm", None, 0.0, 0.0,
           _firmware(lambda good, _: replace(good, disconnect_alarm=False)), _red(_DISCONNECT, "DIS-001")),
    Defect("lockout_ignored", _PUMP, "patient boluses are given inside the lockout", None, 0.0, 0.0,
           _firmware(lambda good, _: replace(good, lockout=False)), _red(_BOLUS, "PTB-001", "SCH-004")),
    Defect("bolus_volume_bias", _PUMP, "boluses deliver more than they claim by this fraction", 0.30, -1.0, 10.0,
           _firmware(lambda good, x: replace(good, bolus_gain=1.0 + x)),
           _red(_BOLUS, "DEL-004", "REG-003", "SCH-003", "SCH-005", "SCH-006")),
    Defect("flex_step_skipped", _PUMP, "this step of the day schedule, counted from 1, is never taken", 2.0, 1.0,
           _ANY_STEP, _firmware(lambda good, x: replace(good, skipped_step=round(x))),
           _red(_TWO_DAYS, "DEL-004", "DEL-005", "DEL-009", "REG-002", "REG-003", "SCH-001")),
    Defect("flex_shift_min", _PUMP, "the steps of the day schedule begin this many minutes late", 30.0, 1.0,
           _A_DAY_MIN, _firmware(lambda good, x: replace(good, flex_shift_min=round(x))),
           _red(_TWO_DAYS, "DEL-005", "DEL-006", "REG-002", "REG-003", "SCH-002")),
    Defect("stall_at_h", _PUMP, "from this hour on the motor turns and delivers nothing", 2.0, 0.0, _MONTHS_H,
           _firmware(lambda good, x: replace(good, stall_at_s=x * _HOUR_S)),
           _red(_AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-006", "DEL-007", "DEL-009")),
    Defect("no_recovery_after_alarm", _PUMP, "after an acknowledged alarm it claims to infuse and delivers nothing",
           None, 0.0, 0.0, _firmware(lambda good, _: replace(good, recovers=False)),
           _red(_FULL_KINK, "CAT-004", "DEL-004", "DEL-006", "DEL-007", "DEL-009")),
    Defect("pump_clock_ppm", _PUMP, "the pump's clock is fast by this many millionths", 100_000.0, -9e5, 9e5, _clock,
           _red(_AT_HIGH_RATE, "CLK-001")),
    Defect("program_register_off", _PUMP, "a rate is loaded that is greater by this fraction, and read back so", 0.1,
           -1.0, 10.0, _firmware(lambda good, x: replace(good, loaded_rate_gain=1.0 + x)),
           _red(_AT_HIGH_RATE, "PRG-001")),
    Defect("read_back_off", _PUMP, "it infuses as programmed and reads back a rate that is greater by this fraction",
           0.1, -1.0, 10.0, _firmware(lambda good, x: replace(good, read_back_rate_gain=1.0 + x)),
           _red(_AT_HIGH_RATE, "PRG-001")),
    Defect("restarts_at_h", _PUMP, "at this hour the pump powers up anew: its clock at zero, its motor stopped", 2.0,
           0.0, _MONTHS_H, _firmware(lambda good, x: replace(good, restarts_at_s=x * _HOUR_S)),
           _red(_AT_HIGH_RATE, "CLK-002")),
    Defect("pump_serial", _PUMP, "another pump of the model: its serial number ends in this", 9999.0, 0.0, 9999.0,
           _serial, _blocks(_LEAK)),
    Defect("dead_kink_clamp", _INSTRUMENT, "the kink clamp does not move", None, 0.0, 0.0,
           _dead("kink_clamp_percent"), _blocks(_SECOND_KINK)),
    Defect("dead_disconnect_valve", _INSTRUMENT, "the disconnect valve does not move", None, 0.0, 0.0,
           _dead("disconnect_valve"), _blocks(_DISCONNECT)),
    Defect("dead_leak_valve", _INSTRUMENT, "the leak valve does not move", None, 0.0, 0.0,
           _dead("leak_valve_percent"), _blocks(_LEAK)),
    Defect("no_watchdog", _INSTRUMENT, "the rig's watchdog takes heartbeats and never trips", None, 0.0, 0.0,
           _rig(lambda good, _: replace(good, watchdog=False)), _is_harmless(_LEAK)),
    Defect("rig_restarts_at_h", _INSTRUMENT, "the rig controller loses power and comes back at this hour", 1.0, 0.0,
           _MONTHS_H, _rig(lambda good, x: replace(good, restarts_at_s=x * _HOUR_S)), _blocks(_LEAK, at=3.0)),
    Defect("kink_clamp_sticks", _INSTRUMENT, "the kink clamp closes this often, and then does not open any more", 2.0,
           1.0, 1e6, _rig(lambda good, x: replace(good, clamp_closings=round(x))), _blocks(_SECOND_KINK, at=3.0)),
    Defect("kink_clamp_creeps_at_h", _INSTRUMENT, "the kink clamp closes a little by itself at this hour", 2.0, 0.0,
           _MONTHS_H, _rig(lambda good, x: replace(good, clamp_creeps_at_s=x * _HOUR_S)), _blocks(_LEAK, at=3.0)),
    Defect("magnet_comes_at_h", _INSTRUMENT, "a magnet comes near by itself at this hour", 2.0, 0.0, _MONTHS_H,
           _rig(lambda good, x: replace(good, magnet_comes_at_s=x * _HOUR_S)), _blocks(_LEAK, at=3.0)),
    Defect("noisy_balance", _INSTRUMENT, "readings scatter with this standard deviation in mg", 5.0, 0.0, 1e4,
           _weighing(lambda good, x: replace(good, noise_sd_mg=x)), _blocks(_LEAK)),
    Defect("coarse_balance", _INSTRUMENT, "the display steps by this many mg", 1.0, 0.01, 1e3,
           _weighing(lambda good, x: replace(good, digit_mg=x)), _blocks(_LEAK)),
    Defect("balance_drift", _INSTRUMENT, "readings drift by this many mg per day", 50.0, -1e4, 1e4,
           _weighing(lambda good, x: replace(good, drift_mg_per_day=x)), _blocks(_LEAK)),
    Defect("balance_wears_at_h", _INSTRUMENT, "from this hour on readings scatter a hundred times as much", 2.0, 0.0,
           _MONTHS_H, _weighing(lambda good, x: replace(good, wears_at_s=x * _HOUR_S)), _blocks(_LEAK, at=6.4)),
    Defect("balance_restarts_at_h", _INSTRUMENT, "the balance powers up anew at this hour", 1.0, 0.0, _MONTHS_H,
           _weighing(lambda good, x: replace(good, restarts_at_s=x * _HOUR_S)), _blocks(_AT_HIGH_RATE, at=2.0)),
    Defect("balance_auto_zero", _INSTRUMENT, "automatic zero is on: small readings show zero", None, 0.0, 0.0,
           _weighing(lambda good, _: replace(good, auto_zero=True)), _blocks(_LEAK)),
    Defect("balance_auto_adjustment", _INSTRUMENT, "automatic adjustment is on: readings step", None, 0.0, 0.0,
           _weighing(lambda good, _: replace(good, auto_adjustment=True)), _blocks(_LEAK)),
    Defect("balance_wrong_unit", _INSTRUMENT, "the balance replies in mg", None, 0.0, 0.0,
           _weighing(lambda good, _: replace(good, host_unit="mg")), _is_harmless(_LEAK)),
    Defect("balance_overload", _INSTRUMENT, "something of this many g stands on the pan as well", 200.0, 0.0, 1e4,
           _weighing(lambda good, x: replace(good, foreign_load_g=x)), _blocks(_LEAK)),
    Defect("balance_freezes_at_h", _INSTRUMENT, "from this hour on the display is held", 2.0, 0.0, _MONTHS_H,
           _weighing(lambda good, x: replace(good, freezes_at_s=x * _HOUR_S)), _blocks(_LEAK, at=3.0)),
    Defect("balance_nonsense_at_h", _INSTRUMENT, "for a minute from this hour on it shows what cannot be", 2.0, 0.0,
           _MONTHS_H, _weighing(lambda good, x: replace(good, nonsense_at_s=x * _HOUR_S)),
           _decides_nothing(_LEAK, at=5.8)),
    Defect("drop_falls_at_h", _INSTRUMENT, "at this hour a drop of 12 mg falls into the vessel that no pump gave", 2.0,
           0.0, _MONTHS_H, _vessel(lambda good, x: replace(good, drop_falls_at_s=x * _HOUR_S)),
           _decides_nothing(_LEAK, at=5.8)),
    Defect("cover_off_at_h", _INSTRUMENT, "from this hour on the vessel loses ten times as much", 2.0, 0.0, _MONTHS_H,
           _vessel(lambda good, x: replace(good, cover_off_at_s=x * _HOUR_S)), _blocks(_LEAK, at=4.0)),
    Defect("outlet_dips_in", _INSTRUMENT, "an outlet of this many mm dips into the vessel of 20 mm", 1.0, 0.0,
           0.9 * VESSEL_MM, _vessel(lambda good, x: replace(good, tube_mm=x)), _is_harmless(_LEAK)),
    Defect("dense_liquid", _INSTRUMENT, "the liquid is denser than water by this fraction", 0.05, -0.5, 1.0,
           _vessel(lambda good, x: replace(good, density_ratio=1.0 + x)), _is_harmless(_LEAK)),
    Defect("room_warms_at_h", _INSTRUMENT, "from this hour on the room is five degrees warmer", 2.0, 0.0, _MONTHS_H,
           _room(lambda good, x: replace(good, warms_at_s=x * _HOUR_S)), _decides_nothing(_LEAK, at=5.8)),
    Defect("humidity_missing_at_h", _INSTRUMENT, "from this hour on the sensor of humidity gives no number", 2.0, 0.0,
           _MONTHS_H, _rig(lambda good, x: replace(good, humidity_missing_at_s=x * _HOUR_S)),
           _blocks(_LEAK, at=5.8)),
    # the scale of the balance, and what it answers
    Defect("balance_scale", _INSTRUMENT, "the balance shows more than lies on it by this fraction", 0.2, -0.9, 10.0,
           _weighing(lambda good, x: replace(good, scale_gain=1.0 + x)), _blocks(_LEAK)),
    Defect("balance_scale_at_h", _INSTRUMENT, "from this hour on the balance shows a fifth too much", 2.0, 0.0,
           _MONTHS_H, _weighing(lambda good, x: replace(good, scale_gain=1.2, scale_from_s=x * _HOUR_S)),
           _blocks(_AT_HIGH_RATE)),
    Defect("balance_sticks_at_h", _INSTRUMENT, "from this hour on the balance follows no load, though it scatters",
           2.0, 0.0, _MONTHS_H, _weighing(lambda good, x: replace(good, sticks_at_s=x * _HOUR_S)),
           _blocks(_AT_HIGH_RATE)),
    Defect("balance_carats_at_h", _INSTRUMENT, "from this hour on the balance shows carats and still says g", 2.0, 0.0,
           _MONTHS_H, _weighing(lambda good, x: replace(good, carats_from_s=x * _HOUR_S)), _blocks(_AT_HIGH_RATE)),
    Defect("balance_one_behind", _INSTRUMENT, "each question is answered with what the one before should have got",
           None, 0.0, 0.0, _weighing(lambda good, _: replace(good, one_behind=True)), _blocks(_LEAK)),
    Defect("no_internal_weight", _INSTRUMENT, "the balance has no weight of its own to test itself with", None, 0.0,
           0.0, _weighing(lambda good, _: replace(good, internal_weight=False)), _is_harmless(_LEAK)),
    Defect("kink_sensor_echoes", _INSTRUMENT, "the kink clamp does not move, and its sensor shows what was ordered",
           None, 0.0, 0.0, _echoes("kink_clamp_percent"), _blocks(_FULL_KINK)),
    Defect("disconnect_sensor_echoes", _INSTRUMENT,
           "the disconnect valve does not move, and its sensor shows what was ordered", None, 0.0, 0.0,
           _echoes("disconnect_valve"), _blocks(_DISCONNECT)),
    Defect("leak_sensor_echoes", _INSTRUMENT, "the leak valve does not move, and its sensor shows what was ordered",
           None, 0.0, 0.0, _echoes("leak_valve_percent"), _blocks(_LEAK)),
    Defect("kink_stays_unseen", _INSTRUMENT,
           "the kink clamp closes this often and then stays shut, while its sensor shows what was ordered", 2.0, 1.0,
           1e6, _stays_unseen("kink_clamp_percent"), _blocks(_FULL_KINK)),
    Defect("disconnect_stays_unseen", _INSTRUMENT,
           "the disconnect valve opens this often and then stays so, while its sensor shows what was ordered", 1.0, 1.0,
           1e6, _stays_unseen("disconnect_valve"), _blocks(_DISCONNECT)),
    Defect("leak_stays_unseen", _INSTRUMENT,
           "the leak valve opens this often and then stays so, while its sensor shows what was ordered", 1.0, 1.0,
           1e6, _stays_unseen("leak_valve_percent"), _blocks(_LEAK)),
    Defect("rig_leaks", _INSTRUMENT, "this share of the flow leaks out between pump and clamp", 0.2, 0.0, 0.99,
           _rig(lambda good, x: replace(good, leak_share=x)), _blocks(_LEAK)),
    Defect("temperature_sensor_off", _INSTRUMENT, "the rig's thermometer shows this many degrees too much", 2.0, -50.0,
           50.0, _rig(lambda good, x: replace(good, temperature_off_c=x)), _blocks(_LEAK)),
    Defect("temperature_sensor_stuck", _INSTRUMENT, "the rig's thermometer shows this temperature all the time", 21.0,
           -50.0, 100.0, _rig(lambda good, x: replace(good, temperature_stuck_c=x)), _is_harmless(_LEAK)),
)  # fmt: skip

_OF_THERAPY = (BOLUSES, PATIENT_BOLUSES, SINGLE_BOLUSES, SCHEDULES, WEEKS, PRIMINGS, BRIDGES, EXTERNAL_TRIALS)
_OF_PROGRAMS = (PROGRAMMING, TELEMETRY, UPDATES)
_OF_ALARMS = (ALARMS, STALLS, SOUNDS, RESERVOIRS, POWERS, CLIMATES)
_OF_THE_PUMP = (STARTS_AND_STOPS, COURSES, CATHETERS, *_OF_THERAPY, *_OF_PROGRAMS, REGISTERS, *_OF_ALARMS, CLOCKS)
_MORE = (*_OF_THE_PUMP, BALANCES, VESSELS_AND_ROOMS, RIGS, SECOND_MEASURES, INTERACTIONS, CONDITIONS, MONTHS)


def accepted_defect(offer: Offer, found: object) -> Defect:
    """Return the defect that a plug-in offers under its own name.

    Raises:
        PlanError: it is none, or is called otherwise.
    """
    if not isinstance(found, Defect) or found.name != offer.name:
        seen = f"it is a {type(found).__name__} called {getattr(found, 'name', None)!r}"
        raise PlanError(offer.told, "check", seen, "offer a Defect whose name is the one that it is offered under")
    change = guarded(_Changes(found.change), offer.told, _Changes, LONGEST_S, last="change", if_late=COMPUTES).change
    return replace(found, change=change)


class _Changes:
    """The code of a defect, with a name by which a guard asks for it."""

    def __init__(self, change: Change) -> None:
        self._change = change

    def change(self, good: TwinSpecification, magnitude: float) -> TwinSpecification:
        return self._change(good, magnitude)


CATALOGUE: Mapping[str, Defect] = {defect.name: defect for part in (_FIRST, *_MORE) for defect in part}
"""Every defect that comes with the twin, by its name."""
DEFECTS: Mapping[str, Defect] = PlugInTable(Kind.DEFECT, CATALOGUE, accepted_defect)
"""These, and those of plug-ins."""
