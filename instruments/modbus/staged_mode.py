# SPDX-License-Identifier: Apache-2.0
"""What one mode stages beside what every program does, as the registers hold it, its checksum included."""

import struct
import zlib
from collections.abc import Mapping
from typing import Self

from groundfloor.errors import PlanError
from instruments.modbus.mode_points import DAYS, STEPS_A_DAY, WEEK_DAYS, WEEK_STEPS, ModePoints
from instruments.program import Mode, Program, Step
from instruments.register_map.block import Block
from instruments.register_map.codec import Value

_CRC_REGISTERS = 2


class StagedMode:
    """The further registers of one program.

    Attributes:
        parts: each block with its values, for one write request each.
        values: the values of all of them, as their registers really hold them.
        active: the blocks in which the program in force is read back.
    """

    def __init__(self, points: ModePoints, wanted: Mapping[str, Value]) -> None:
        """Turn values into what the registers hold.

        Raises:
            PlanError: a value cannot stand in its register.
        """
        try:
            words = [block.encode({**wanted, points.crc: 0}) for block in points.staging]
        except ValueError as misfit:
            raise PlanError("program", "stage", str(misfit), "give a value that the register can hold") from misfit
        covered = [word for block in words for word in block][:-_CRC_REGISTERS]
        crc = zlib.crc32(struct.pack(f">{len(covered)}H", *covered))
        self.parts: list[tuple[Block, dict[str, Value]]] = [
            (block, block.decode(held)) for block, held in zip(points.staging, words, strict=True)
        ]
        self.parts[-1][1][points.crc] = crc
        self.values = {name: value for _, values in self.parts for name, value in values.items()}
        self.active = points.active

    @classmethod
    def of(cls, program: Program, modes: Mapping[Mode, ModePoints]) -> Self | None:
        """Return what a program's mode stages more; None where it stages nothing more.

        Raises:
            PlanError: the pump's map has no registers for it, or a value cannot stand in its register.
        """
        if program.mode is not Mode.WEEKLY_FLEX:
            return None
        if program.mode not in modes:
            seen = f"the register map has no points for the mode {program.mode}"
            raise PlanError("program", "stage", seen, "leave the mode out of the pump's profile, or add the points")
        return cls(modes[program.mode], _week_values(program))


def _week_values(program: Program) -> dict[str, Value]:
    if len(program.week) != DAYS or any(len(day) > STEPS_A_DAY for day in program.week):
        seen = f"its days have {[len(day) for day in program.week]} steps"
        raise PlanError("program", "stage", seen, f"give {DAYS} days with up to {STEPS_A_DAY} steps each")
    values: dict[str, Value] = {f"{WEEK_DAYS}[{day}].step_count": len(steps) for day, steps in enumerate(program.week)}
    padded = [step for day in program.week for step in (*day, *[Step(0, 0.0)] * (STEPS_A_DAY - len(day)))]
    for place, step in enumerate(padded):
        values[f"{WEEK_STEPS}[{place}].start_minute"] = step.start_minute
        values[f"{WEEK_STEPS}[{place}].rate_ul_per_h"] = step.rate_ul_per_h
    return values
