# SPDX-License-Identifier: Apache-2.0
"""Which points of a register map make up a pump, and the blocks they are read and written in."""

from collections.abc import Iterable
from enum import StrEnum

from groundfloor.errors import PlanError
from instruments.modbus.mode_points import ModePoints
from instruments.modbus.reading_points import ReadingPoints
from instruments.program import Mode
from instruments.pump import Alarm, Command, CommandResult, PumpReading
from instruments.register_map.map import RegisterMap

_IDENTITY = ("model", "serial_number", "firmware_version")
READING = ReadingPoints(
    PumpReading,
    called={"counter_ul": "delivered_volume_ul", "alarms": "alarm_bits"},
    may_be_missing=("catheter_pressure_kpa",),  # a pump without the sensor
)
_SNAPSHOT = (*READING.names, "command_result", "command_done_sequence")
_PROGRAM = (
    "mode",
    "step_count",
    "bolus_volume_ul",
    "bolus_duration_s",
    "ptm_volume_ul",
    "ptm_duration_s",
    "ptm_lockout_s",
    "ptm_max_per_day",
    "low_reservoir_alarm_ul",
)
_COMMAND = ("command", "command_argument", "command_sequence")
_LISTS = {
    "steps": ("start_minute", "rate_ul_per_h"),
    "active_steps": ("start_minute", "rate_ul_per_h"),
    "alarm_log": ("code", "onset_s", "cleared_s"),
    "bolus_log": ("requested_s", "outcome", "volume_ul"),
}
_NONE = "none"


class PumpPoints:
    """The blocks of a pump's register map.

    Attributes:
        identity: model, serial number and firmware.
        snapshot: everything that changes while the pump runs, in one request.
        program: the staged program without its checksum, which covers exactly these registers.
        staging: the same with the checksum, for one write request.
        staging_halves: the same in two write requests.
        active: the program in force, by the staged names with `active_` in front.
        command: command, argument and sequence number.
        alarm_log: the ring of alarms.
        bolus_log: the ring of bolus requests.
        steps: how many steps a program can have.
        modes: what single modes stage beside that, as far as the map has it.
        alarm_log_length: entries of the ring of alarms.
        bolus_log_length: entries of the ring of bolus requests.
    """

    def __init__(self, register_map: RegisterMap) -> None:
        """Check the map and cut it into blocks.

        Raises:
            PlanError: points are missing, their codes mean nothing to the bench, or they lie too far apart.
        """
        self._map = register_map
        self._check_lists()
        staged = [*_PROGRAM, *self._members("steps")]
        register_map.require([*_IDENTITY, *_SNAPSHOT, *_COMMAND, *staged, "program_crc"])
        register_map.require([f"active_{name}" for name in (*staged, "program_crc")])
        self._check_codes()
        self.identity = register_map.block(*_IDENTITY)
        self.snapshot = register_map.block(*_SNAPSHOT)
        self.program = register_map.block(*staged)
        self.staging = register_map.block(*staged, "program_crc")
        names = [point.name for point in self.staging.points]
        half = len(names) // 2
        self.staging_halves = (register_map.block(*names[:half]), register_map.block(*names[half:]))
        self.active = register_map.block(*(f"active_{name}" for name in (*staged, "program_crc")))
        self.command = register_map.block(*_COMMAND)
        self.alarm_log = register_map.list_block("alarm_log")
        self.bolus_log = register_map.list_block("bolus_log")
        self.modes = ModePoints.of(register_map)
        self.steps = register_map.list_lengths["steps"]
        self.alarm_log_length = register_map.list_lengths["alarm_log"]
        self.bolus_log_length = register_map.list_lengths["bolus_log"]

    def _members(self, name: str) -> list[str]:
        return [f"{name}[{n}].{member}" for n in range(self._map.list_lengths[name]) for member in _LISTS[name]]

    def _check_lists(self) -> None:
        missing = [name for name in _LISTS if name not in self._map.list_lengths]
        if missing:
            raise self._wrong(f"the lists {', '.join(missing)} are missing", "add them: every pump's map has them")
        self._map.require([member for name in _LISTS for member in self._members(name)])

    def _check_codes(self) -> None:
        for point, words in READING.codes.items():
            self._codes_of(point, words)
        self._codes_of("alarm_log[0].code", [*Alarm, _NONE])
        self._codes_of("command_result", CommandResult)
        self._codes_of("bolus_log[0].outcome", CommandResult)
        self._codes_of("active_mode", Mode)
        if missing := [name for name in Command if name not in self._map.point("command").values]:
            raise self._wrong(f"command has no code for {', '.join(missing)}", "name every command of the bench")

    def _codes_of(self, point: str, known: Iterable[StrEnum | str]) -> None:
        strange = set(self._map.point(point).values) - {str(name) for name in known}
        if strange:
            seen = f"{point} names {', '.join(sorted(strange))}, which the bench does not know"
            raise self._wrong(seen, f"use only: {', '.join(known)}")

    def _wrong(self, seen: str, next_step: str) -> PlanError:
        return PlanError(f"register map {self._map.name}", "check", seen, next_step)
