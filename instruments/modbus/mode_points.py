# SPDX-License-Identifier: Apache-2.0
"""The points that one mode stages beside what every program does; a map may leave them out, all together.

They have a checksum of their own, so that a map without them keeps the registers and the checksum that it has.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from instruments.program import Mode
from instruments.register_map.block import Block
from instruments.register_map.map import RegisterMap

WEEK_STEPS, WEEK_DAYS, WEEK_CRC = "week_steps", "week_days", "week_crc"
STEPS_A_DAY = 13
DAYS = 7


@dataclass(frozen=True)
class ModePoints:
    """The blocks of one mode.

    Attributes:
        staging: in the order of their addresses, each written in one request; the last ends with the checksum.
        active: the same of the program in force, by the staged names with `active_` in front.
        crc: the point that holds the checksum, of every register before it.
    """

    staging: tuple[Block, ...]
    active: tuple[Block, ...]
    crc: str

    @classmethod
    def of(cls, register_map: RegisterMap) -> Mapping[Mode, Self]:
        """Return the modes that stage more and are in a map.

        Raises:
            PlanError: the map has some points of a mode and not the others.
        """
        blocks = {Mode.WEEKLY_FLEX: (_week_names(), WEEK_CRC)}
        found: dict[Mode, Self] = {}
        for mode, (names, crc) in blocks.items():
            staged = [name for block in names for name in block]
            if not set(staged) & set(register_map.points):
                continue
            register_map.require([*staged, *(f"active_{name}" for name in staged)])
            active = tuple(register_map.block(*(f"active_{name}" for name in block)) for block in names)
            found[mode] = cls(tuple(register_map.block(*block) for block in names), active, crc)
        return found


def _week_names() -> list[list[str]]:
    """Return the points of a week, a list for each request: the steps of each day, and the counts with the checksum."""
    days = [
        [
            f"{WEEK_STEPS}[{place}].{member}"
            for place in range(day * STEPS_A_DAY, (day + 1) * STEPS_A_DAY)
            for member in ("start_minute", "rate_ul_per_h")
        ]
        for day in range(DAYS)
    ]
    return [*days, [*(f"{WEEK_DAYS}[{day}].step_count" for day in range(DAYS)), WEEK_CRC]]
