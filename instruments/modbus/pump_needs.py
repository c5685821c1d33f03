# SPDX-License-Identifier: Apache-2.0
"""Which points of a register map each promise of a profile needs: a pump that promises less has a map with fewer."""

import difflib
from collections.abc import Iterable, Mapping

from instruments.pump import Command
from instruments.pump_feature import PumpFeature
from instruments.register_map.map import RegisterMap

ALWAYS = (
    "device_clock_s",
    "state",
    "active_rate_ul_per_h",
    "alarm_bits",
    "command",
    "command_sequence",
    "command_result",
    "command_done_sequence",
    "steps[0].rate_ul_per_h",
)
"""What no pump can be tested without: its clock, what it does, its alarms, one rate, and commands with an answer."""
COMMANDS_ALWAYS = (Command.LOAD_PROGRAM, Command.START, Command.STOP, Command.ACKNOWLEDGE)

PROGRAM = (
    "mode",
    "step_count",
    "bolus_volume_ul",
    "bolus_duration_s",
    "ptm_volume_ul",
    "ptm_duration_s",
    "ptm_lockout_s",
    "ptm_max_per_day",
    "low_reservoir_alarm_ul",
    "program_crc",
)
"""What a program is made of beside its steps."""
_MODE = ("mode",)
_POINTS: Mapping[str, tuple[str, ...]] = {
    PumpFeature.IDENTITY: ("model", "serial_number", "firmware_version"),
    PumpFeature.COUNTER: ("delivered_volume_ul",),
    PumpFeature.RESERVOIR: ("reservoir_volume_ul",),
    PumpFeature.BATTERY: ("battery_percent",),
    PumpFeature.ALARM_LOG: (
        "alarm_log_count",
        "alarm_log[0].code",
        "alarm_log[0].onset_s",
        "alarm_log[0].cleared_s",
    ),
    PumpFeature.BOLUS_LOG: (
        "bolus_log_count",
        "bolus_log[0].requested_s",
        "bolus_log[0].outcome",
        "bolus_log[0].volume_ul",
    ),
    PumpFeature.READ_BACK: ("active_steps[0].rate_ul_per_h",),
    PumpFeature.CHECKSUM: ("program_crc",),
    PumpFeature.PRESSURE: ("catheter_pressure_kpa",),
    "flex": (*_MODE, "step_count", "steps[0].start_minute", "steps[1].start_minute", "steps[1].rate_ul_per_h"),
    "single_bolus": (*_MODE, "bolus_volume_ul", "bolus_duration_s"),
    "weekly_flex": (*_MODE, "week_steps[0].start_minute", "week_days[0].step_count", "week_crc"),
    "bridge": (*_MODE, "step_count", "bolus_volume_ul", "bolus_duration_s"),
    "minimum_rate": _MODE,
    "refill_date": ("refill_due_s",),
    "firmware_update": ("firmware_crc", "update_block_number", "update_words[0].word"),
    "patient_bolus": ("ptm_volume_ul", "ptm_duration_s", "ptm_lockout_s", "ptm_max_per_day"),
}
_CODES = ("bridge", "minimum_rate")
"""Modes that need a code of their own and no point that other modes have not; an older map may lack it."""
_COMMANDS: Mapping[str, Command] = {
    "patient_bolus": Command.PATIENT_BOLUS,
    "single_bolus": Command.SINGLE_BOLUS,
    "firmware_update": Command.UPDATE_BEGIN,
}


def always_missing(register_map: RegisterMap) -> tuple[str, ...]:
    """Return what a map lacks that no pump is tested without, a phrase each."""
    return tuple(_called_like(register_map, name) for name in ALWAYS if name not in register_map.points)


def lacking(register_map: RegisterMap) -> Mapping[str, tuple[str, ...]]:
    """Return by promise what a map lacks for it, a phrase each: the point, and the one that is called most like it."""
    found = {promise: tuple(_missing(register_map, promise, points)) for promise, points in _POINTS.items()}
    return {promise: missing for promise, missing in found.items() if missing}


def half_there(register_map: RegisterMap) -> tuple[str, ...]:
    """Return the points that are missing beside others that make no sense without them.

    A map may leave out what its pump has not, as a whole; a part of it that is left out is a mistake.
    """
    points = register_map.points
    missing: list[str] = []
    for promise, needed in _POINTS.items():
        own = set(needed) - {*_MODE, "program_crc"} if promise != PumpFeature.IDENTITY else set()
        if own & set(points):
            missing += _missing(register_map, promise, needed, commands=False)
    for name in ("steps", "active_steps", "alarm_log", "bolus_log"):
        missing += _holes(register_map, name)
    read_back = [name.removeprefix("active_") for name in points if name.startswith("active_") and name not in ALWAYS]
    missing += [_called_like(register_map, name) for name in read_back if name not in points]
    return tuple(dict.fromkeys(missing))


def _called_like(register_map: RegisterMap, name: str) -> str:
    """Return a name that is missing, with the point of the map most like it that the bench knows no use of."""
    known = {*ALWAYS, *PROGRAM, "command_argument", *(point for points in _POINTS.values() for point in points)}
    close = difflib.get_close_matches(name, [point for point in register_map.points if point not in known], n=1)
    return name + (f" (did you mean {close[0]!r}?)" if close else "")


def _holes(register_map: RegisterMap, name: str) -> Iterable[str]:
    """Return the members that some entries of a list have and others have not."""
    count = register_map.list_lengths.get(name, 0)
    named = [point.partition("].")[2] for point in register_map.points if point.startswith(f"{name}[")]
    members = dict.fromkeys(named)
    every = (f"{name}[{number}].{member}" for number in range(count) for member in members)
    return (point for point in every if point not in register_map.points)


def _missing(register_map: RegisterMap, promise: str, points: Iterable[str], *, commands: bool = True) -> Iterable[str]:
    needed = _all_of(register_map, promise, points)
    yield from (_called_like(register_map, name) for name in needed if name not in register_map.points)
    if commands and promise in _CODES and "mode" in register_map.points:
        codes = register_map.point("mode").values
        yield from () if promise in codes else (f"a code for {promise} in mode",)
    command = _COMMANDS.get(promise)
    if commands and command is not None and command not in register_map.point("command").values:
        yield f"a code for {command} in command"


def _all_of(register_map: RegisterMap, promise: str, points: Iterable[str]) -> Iterable[str]:
    """Return the points of a promise; what is read back is every point of the program that can be written."""
    if promise != PumpFeature.READ_BACK:
        return points
    staged = (name for name in (*PROGRAM, *steps_of(register_map)) if name in register_map.points)
    return dict.fromkeys((*points, *(f"active_{name}" for name in staged)))


def steps_of(register_map: RegisterMap, prefix: str = "") -> tuple[str, ...]:
    """Return the points of all steps of a schedule that a map has."""
    names = (
        f"{prefix}steps[{number}].{member}"
        for number in range(register_map.list_lengths.get(f"{prefix}steps", 0))
        for member in ("start_minute", "rate_ul_per_h")
    )
    return tuple(name for name in names if name in register_map.points)
