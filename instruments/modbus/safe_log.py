# SPDX-License-Identifier: Apache-2.0
"""The rig's log of its safe states, read over Modbus.

A map may leave the log out, as a whole: such a rig works like any other, and nobody can ask it afterwards what it did
while the bench was gone. A map with a part of the log is refused, because half a log would be read as a whole one.
"""

from typing import Self, cast

from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.line import ModbusLine
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.rig_guard import SafeEntry, SafeLog, SafeReason

_CLOCK, _COUNT, _RING = "rig_clock_s", "safe_log_count", "safe_log"
_MEMBERS = ("reason", "entered_s", "left_s", "pump_stopped")
_NONE = "none"
_MOST_READS = 3


class ModbusSafeLog:
    """Reads the ring, and the count and the clock that belong to it."""

    def __init__(self, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> None:
        self._head = register_map.block(_CLOCK, _COUNT)
        self._ring = register_map.list_block(_RING)
        self._length = register_map.list_lengths[_RING]
        self._line = line
        self._unit_id = unit_id
        self._asset = asset

    @classmethod
    def of(cls, register_map: RegisterMap, line: ModbusLine, unit_id: int, asset: str) -> Self | None:
        """Return the log that `register_map` describes, or None where it has none.

        Raises:
            PlanError: the map has a part of the log, or a reason that the bench does not know.
        """
        length = register_map.list_lengths.get(_RING, 0)
        if not length and not {_CLOCK, _COUNT} & set(register_map.points):
            return None
        register_map.require(
            [_CLOCK, _COUNT, *(f"{_RING}[{n}].{name}" for n in range(length or 1) for name in _MEMBERS)]
        )
        known = {_NONE, *map(str, SafeReason)}
        if strange := set(register_map.point(f"{_RING}[0].reason").values) - known:
            seen = f"{_RING}.reason names {', '.join(sorted(strange))}, which the bench does not know"
            raise PlanError(f"register map {register_map.name}", "check", seen, f"use only: {', '.join(sorted(known))}")
        return cls(register_map, line, unit_id, asset)

    def read(self, since: int) -> SafeLog:
        """Return the entries from number `since` on, as far back as the ring reaches.

        Raises:
            BenchFault: the rig does not answer, lost its log, or logs faster than it can be read.
        """
        ring, clock_s, count = self._steady()
        if since > count:
            seen = f"it holds {count} entries, {since} were there before"
            raise self._fault(seen, "the rig lost its log or was exchanged: find out why")
        first = max(since, count - self._length)
        return SafeLog(clock_s, count, tuple(self._entry(ring, number) for number in range(first, count)))

    def _steady(self) -> tuple[dict[str, Value], float, int]:
        """Return ring, clock and count of one moment: the count has to be the same before and after."""
        before = self._line.read(self._unit_id, self._head)
        for _ in range(_MOST_READS):
            ring = self._line.read(self._unit_id, self._ring)
            after = self._line.read(self._unit_id, self._head)
            if after[_COUNT] == before[_COUNT]:
                return ring, cast(float, after[_CLOCK]), cast(int, after[_COUNT])
            before = after
        raise self._fault("it grew during each of the reads", "see what makes the rig go safe again and again")

    def _entry(self, ring: dict[str, Value], number: int) -> SafeEntry:
        reason, entered_s, left_s, pump_stopped = (
            ring[f"{_RING}[{number % self._length}].{member}"] for member in _MEMBERS
        )
        if reason == _NONE:
            raise self._fault(f"entry {number} is empty", "find out why the rig's log has a hole")
        return SafeEntry(
            number,
            SafeReason(cast(str, reason)),
            cast(float, entered_s),
            cast(float, left_s) or None,
            cast(bool, pump_stopped),
        )

    def _fault(self, seen: str, next_step: str) -> BenchFault:
        return BenchFault(self._asset, f"read {_RING}", seen, next_step)
