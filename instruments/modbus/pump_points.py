# SPDX-License-Identifier: Apache-2.0
"""Which points of a register map make up a pump, and the blocks they are read and written in."""

import difflib
import math
from collections.abc import Iterable
from enum import StrEnum

from groundfloor.errors import PlanError
from instruments.modbus.mode_points import ModePoints
from instruments.modbus.pump_needs import COMMANDS_ALWAYS, PROGRAM, always_missing, half_there, steps_of
from instruments.modbus.reading_points import ReadingPoints
from instruments.program import Mode
from instruments.pump import Alarm, CommandResult, PumpReading
from instruments.register_map.block import Block
from instruments.register_map.map import RegisterMap

CHECKSUM = "program_crc"
_IDENTITY = ("model", "serial_number", "firmware_version")
READING = ReadingPoints(
    PumpReading,
    called={"counter_ul": "delivered_volume_ul", "alarms": "alarm_bits"},
    may_be_missing=("catheter_pressure_kpa",),  # a pump without the sensor
    not_in_every_map={
        "counter_ul": math.nan,
        "reservoir_volume_ul": math.nan,
        "battery_percent": math.nan,
        "catheter_pressure_kpa": math.nan,
        "alarm_log_count": 0,
        "bolus_log_count": 0,
    },
)
_ANSWER = ("command_result", "command_done_sequence")
_COMMAND = ("command", "command_argument", "command_sequence")
_NONE = "none"
NEARLY = 0.8
"""So much alike are a name and its slip of the pen, and no two modes."""


class PumpPoints:
    """The blocks of a pump's register map; what a map lacks is in none of them, and an empty tuple stands for it.

    Attributes:
        identity: model, serial number and firmware.
        reading: from the values of the snapshot to a reading.
        snapshot: everything that changes while the pump runs; in one request, if the device takes it in one.
        program: the staged program without its checksum, which covers exactly these registers.
        staging: the same with the checksum, as it is read.
        staged: the same as it is written.
        staging_halves: the same as it is written in two parts, the checksum in the second.
        active: the program in force, by the staged names with `active_` in front.
        command: command, argument and sequence number, in one write request.
        alarm_log: the ring of alarms.
        bolus_log: the ring of bolus requests.
        steps: how many steps a program can have.
        modes: what single modes stage beside that, as far as the map has it.
        alarm_log_length: entries of the ring of alarms; 0 without it. So the next.
        bolus_log_length: entries of the ring of bolus requests.
        has_checksum: whether a program is loaded by its checksum.
        commands: the commands that the pump has.
    """

    def __init__(self, register_map: RegisterMap) -> None:
        """Check the map and cut it into blocks.

        Raises:
            PlanError: points are missing that every pump has, their codes mean nothing to the bench, or points that
                have to be written together do not lie side by side.
        """
        self._map = register_map
        register_map.require([*always_missing(register_map), *half_there(register_map)])
        if "steps" not in register_map.list_lengths:
            raise self._wrong("the list steps is missing", "add it: every pump's map has it, be it of one step")
        self._check_codes()
        there = self._there
        program = there((*PROGRAM, *steps_of(register_map)))
        self.has_checksum = CHECKSUM in program
        plain = [name for name in program if name != CHECKSUM]
        self.identity = register_map.blocks(*there(_IDENTITY))
        self.reading = READING.of(register_map.points)
        self.snapshot = register_map.blocks(*self.reading.names, *_ANSWER)
        self.program = Block([register_map.point(name) for name in plain])
        self.staging = register_map.blocks(*program)
        self.staged = register_map.write_blocks(*program)
        in_order = sorted(program, key=lambda name: (name == CHECKSUM, register_map.point(name).address))
        half = len(in_order) // 2
        self.staging_halves = tuple(register_map.write_blocks(*part) for part in (in_order[:half], in_order[half:]))
        self.active = register_map.blocks(*there(f"active_{name}" for name in program))
        self.command = register_map.block(*there(_COMMAND))
        self.alarm_log = self._ring("alarm_log")
        self.bolus_log = self._ring("bolus_log")
        self.modes = ModePoints.of(register_map)
        self.steps = register_map.list_lengths["steps"]
        self.alarm_log_length = register_map.list_lengths["alarm_log"] if self.alarm_log else 0
        self.bolus_log_length = register_map.list_lengths["bolus_log"] if self.bolus_log else 0
        self.commands = frozenset(register_map.point("command").values)
        self._check_writes()

    def _there(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(name for name in names if name in self._map.points)

    def _ring(self, name: str) -> tuple[Block, ...]:
        """Return the blocks of a log; a log whose count is missing cannot be followed, and is none."""
        complete = name in self._map.list_lengths and f"{name}_count" in self._map.points
        return self._map.list_blocks(name) if complete else ()

    def _check_codes(self) -> None:
        for point, words in READING.codes.items():
            self._codes_of(point, words)
        self._codes_of("alarm_log[0].code", [*Alarm, _NONE])
        self._codes_of("command_result", CommandResult)
        self._codes_of("bolus_log[0].outcome", CommandResult)
        self._refuse_misspelt_modes()
        if missing := [name for name in COMMANDS_ALWAYS if name not in self._map.point("command").values]:
            raise self._wrong(f"command has no code for {', '.join(missing)}", "name these: every pump has them")

    def _check_writes(self) -> None:
        if not self.command.closed:
            raise self._wrong("the points of a command do not lie side by side", "they are written in one request")
        if self._map.limits.writes_singly and self.command.points[-1].name != "command_sequence":
            seen = "it is written register by register, and command_sequence is not the last of a command"
            raise self._wrong(seen, "put it behind the others: whatever comes with it must be there before")

    def _refuse_misspelt_modes(self) -> None:
        """Refuse a mode whose name is nearly that of one of ours; any other word is a mode of the pump's own."""
        there = self._there(("mode", "active_mode"))
        modes = {name for point in there for name in self._map.point(point).values}
        known = [str(mode) for mode in Mode]
        for name in sorted(modes - set(known)):
            if close := difflib.get_close_matches(name, known, n=1, cutoff=NEARLY):
                raise self._wrong(f"mode names {name!r}, which the bench does not know", f"did you mean {close[0]!r}?")

    def _codes_of(self, point: str, known: Iterable[StrEnum | str]) -> None:
        if point not in self._map.points:
            return
        strange = set(self._map.point(point).values) - {str(name) for name in known}
        if strange:
            seen = f"{point} names {', '.join(sorted(strange))}, which the bench does not know"
            raise self._wrong(seen, f"use only: {', '.join(known)}")

    def _wrong(self, seen: str, next_step: str) -> PlanError:
        return PlanError(f"register map {self._map.name}", "check", seen, next_step)
