# SPDX-License-Identifier: Apache-2.0
"""Two clocks compared: how much faster the pump's runs than the bench's, and how well that can be told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from bench.clock import Clock
from instruments.pump import Pump

RESOLUTION_S = 0.01
"""Pumps tell their clock in hundredths (register map, `device_clock_s`)."""


@dataclass(frozen=True)
class ClockPair:
    """Both clocks at one instant; the bench's lies within `half_width_s` of `bench_s`, for as long as the read took."""

    bench_s: float
    device_s: float
    half_width_s: float

    @classmethod
    def read(cls, pump: Pump, clock: Clock) -> Self:
        """Read the pump's clock between two readings of the bench's."""
        before_s = clock.now_s()
        device_s = pump.read().device_clock_s
        after_s = clock.now_s()
        return cls((before_s + after_s) / 2, device_s, (after_s - before_s) / 2)


@dataclass(frozen=True)
class ClockComparison:
    """Two pairs, the earlier first."""

    start: ClockPair
    end: ClockPair

    def as_dict(self) -> dict[str, Any]:
        """Return both pairs for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, recorded: Mapping[str, Any]) -> Self:
        """Return the comparison that a journal tells of."""
        return cls(ClockPair(**recorded["start"]), ClockPair(**recorded["end"]))

    @property
    def error_ppm(self) -> float:
        """Return how much faster the pump's clock runs than the bench's, in millionths."""
        return ((self.end.device_s - self.start.device_s) / self._span_s - 1.0) * 1e6

    @property
    def standard_uncertainty_ppm(self) -> float:
        """Return how well the two reads bound it: rectangular, over resolution and duration of the reads."""
        bound_s = RESOLUTION_S / 2 * 2 + self.start.half_width_s + self.end.half_width_s
        return bound_s / 3**0.5 / self._span_s * 1e6

    @property
    def _span_s(self) -> float:
        return self.end.bench_s - self.start.bench_s
