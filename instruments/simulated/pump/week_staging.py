# SPDX-License-Identifier: Apache-2.0
"""The staging registers of a week: seven days of thirteen steps, with a checksum of their own; a map may lack them."""

import zlib
from collections.abc import Mapping

from instruments.program import Step
from instruments.register_map.codec import Codec, Value
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point
from instruments.simulated.pump.therapy_modes import DAYS_A_WEEK, MOST_STEPS

CHECKSUM = "week_crc"
_CHECKSUM_REGISTERS = 2


class WeekStaging:
    """What the registers of a week hold.

    Attributes:
        points: all of them, none where the map has no week.
    """

    def __init__(self, register_map: RegisterMap) -> None:
        of_a_week = [point for name, point in register_map.points.items() if name.startswith("week_")]
        self.points: tuple[Point, ...] = tuple(sorted(of_a_week, key=lambda point: point.address))
        if self.points:
            first, last = self.points[0], self.points[-1]
            count = last.address + last.registers - first.address
            self._codec = Codec(self.points, first.address, count)
            self._count = count

    def empty(self) -> dict[str, Value]:
        """Return what they hold before anything was staged."""
        return self._codec.decode([0] * self._count) if self.points else {}

    def is_sound(self, values: Mapping[str, Value]) -> bool:
        """Tell whether the checksum fits what is staged."""
        if not self.points:
            return True
        words = self._codec.encode(values)[:-_CHECKSUM_REGISTERS]
        return zlib.crc32(b"".join(word.to_bytes(2, "big") for word in words)) == values[CHECKSUM]

    def days(self, values: Mapping[str, Value]) -> tuple[tuple[Step, ...], ...]:
        """Return the staged days; none where there are no registers for them, or one has more steps than places."""
        if not self.points:
            return ()
        counts = [_whole(values[f"week_days[{day}].step_count"]) for day in range(DAYS_A_WEEK)]
        if any(count > MOST_STEPS for count in counts):
            return ()
        return tuple(
            tuple(_step(values, day * MOST_STEPS + place) for place in range(count)) for day, count in enumerate(counts)
        )


def _step(values: Mapping[str, Value], place: int) -> Step:
    rate = values[f"week_steps[{place}].rate_ul_per_h"]
    return Step(_whole(values[f"week_steps[{place}].start_minute"]), float(rate) if isinstance(rate, float) else 0.0)


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value
