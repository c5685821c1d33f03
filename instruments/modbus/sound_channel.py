# SPDX-License-Identifier: Apache-2.0
"""The sound channel of a rig behind a register map, over Modbus: count, level, clock and ring in one request."""

from typing import Self, cast

from instruments.modbus.line import ModbusLine
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.sound_channel import Burst, SoundReading

COUNT, LEVEL, CLOCK, RING = "sound_count", "sound_level_db", "sound_clock_s", "sound_log"
_MEMBERS = ("onset_s", "duration_s", "low_hz", "high_hz", "level_db")
_NUMBERS = 65536


class ModbusSoundChannel:
    """Reads the microphone of one rig."""

    def __init__(self, register_map: RegisterMap, line: ModbusLine, unit_id: int) -> None:
        self._length = register_map.list_lengths[RING]
        names = (f"{RING}[{slot}].{member}" for slot in range(self._length) for member in _MEMBERS)
        self._block = register_map.block(COUNT, LEVEL, CLOCK, *names)
        self._line = line
        self._unit_id = unit_id

    @classmethod
    def of(cls, register_map: RegisterMap, line: ModbusLine, unit_id: int) -> Self | None:
        """Return the channel that a map describes, or None where it has none.

        Raises:
            PlanError: the map has a part of it.
        """
        length = register_map.list_lengths.get(RING, 0)
        if not length and not {COUNT, LEVEL, CLOCK} & set(register_map.points):
            return None
        register_map.require(
            [COUNT, LEVEL, CLOCK, *(f"{RING}[{slot}].{member}" for slot in range(length or 1) for member in _MEMBERS)]
        )
        return cls(register_map, line, unit_id)

    def read(self, since: int) -> SoundReading:
        """Return what was heard from burst `since` on, as far back as the ring reaches."""
        values = self._line.read(self._unit_id, self._block)
        count = cast(int, values[COUNT])
        new = min((count - since) % _NUMBERS, self._length)
        bursts = tuple(self._burst(values, (count - back) % _NUMBERS) for back in range(new, 0, -1))
        return SoundReading(count, cast(float, values[CLOCK]), cast(float, values[LEVEL]), bursts)

    def _burst(self, values: dict[str, Value], number: int) -> Burst:
        members = (values[f"{RING}[{number % self._length}].{member}"] for member in _MEMBERS)
        return Burst(number, *(float(cast(float, member)) for member in members))
