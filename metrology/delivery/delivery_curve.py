# SPDX-License-Identifier: Apache-2.0
"""The delivery curve: cumulative delivered volume against time, the one input of every delivery analysis.

It is cumulative on purpose: the mean rate over any window is then one difference of two volumes, and neither a knock in
between nor the noise of the samples inside the window enters it. A curve refuses what no volume can be made of, and it
never makes up volume inside a gap.
"""

from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
import numpy.typing as npt

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery.sampling_grid import grid_steps, lies_on_grid

FloatArray: TypeAlias = npt.NDArray[np.float64]

LONGEST_GAP_INTERVALS = 2.5
"""A longer stretch without a sample, in sampling intervals, is a gap: one lost sample is none, two are."""

_ASSET = "delivery curve"
_SECONDS_PER_HOUR = 3600.0
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class DeliveryCurve:
    """Cumulative delivered volume, corrected for everything that is no delivery (evaporation, drift, buoyancy).

    Attributes:
        times_s: instants, strictly increasing, of any origin; shape (n,), n at least 2.
        volumes_ul: delivered up to each instant, of any origin; same shape.

    Raises:
        PlanError: the two are no equally long rows of at least two numbers.
        Inconclusive: a number is not finite, or time stands still or runs backwards; the first such index is named.
    """

    times_s: FloatArray
    volumes_ul: FloatArray

    def __post_init__(self) -> None:
        for name in ("times_s", "volumes_ul"):
            numbers = np.asarray(getattr(self, name), dtype=np.float64).view()
            numbers.flags.writeable = False
            object.__setattr__(self, name, numbers)
        self._refuse_shapes()
        self._refuse_what_is_no_number("times_s", self.times_s)
        self._refuse_what_is_no_number("volumes_ul", self.volumes_ul)
        self._refuse_time_that_does_not_increase()

    @property
    def duration_s(self) -> float:
        """Return the time from the first sample to the last."""
        return float(self.times_s[-1] - self.times_s[0])

    @property
    def mean_rate_ul_per_h(self) -> float:
        """Return the volume over the time, from the first sample to the last."""
        return float(self.volumes_ul[-1] - self.volumes_ul[0]) / self.duration_s * _SECONDS_PER_HOUR

    @property
    def typical_interval_s(self) -> float:
        """Return the median time from one sample to the next."""
        return float(np.median(np.diff(self.times_s)))

    def between(self, from_s: float, to_s: float, longest_gap_s: float | None = None) -> Self:
        """Return the curve from one instant to another, its two ends interpolated where no sample was taken.

        Args:
            from_s: first instant, on the curve's own time.
            to_s: last instant.
            longest_gap_s: as for `volumes_at`.

        Raises:
            PlanError: the instants are not in order.
            Inconclusive: the curve does not reach them, or one of them lies in a gap.
        """
        if not from_s < to_s:
            seen = f"from {from_s:g} s to {to_s:g} s is no stretch of time"
            raise PlanError(_ASSET, "cut out a stretch", seen, "give two instants in order")
        from_s, to_s = self._reached(np.array([from_s, to_s])).tolist()
        ends_ul = self.volumes_at(np.array([from_s, to_s]), longest_gap_s)
        inside = slice(*np.searchsorted(self.times_s, [np.nextafter(from_s, np.inf), to_s]))
        times_s = np.concatenate(([from_s], self.times_s[inside], [to_s]))
        return type(self)(times_s, np.concatenate((ends_ul[:1], self.volumes_ul[inside], ends_ul[1:])))

    def volumes_at(self, instants_s: FloatArray, longest_gap_s: float | None = None) -> FloatArray:
        """Return the cumulative volume at some instants, in µL, interpolated linearly between two samples.

        Args:
            instants_s: on the curve's own time; shape (m,).
            longest_gap_s: two samples further apart have a gap between them; 2.5 median intervals if not given.

        Raises:
            Inconclusive: an instant lies outside the curve or in a gap.
        """
        instants_s = self._reached(instants_s)
        longest_s = LONGEST_GAP_INTERVALS * self.typical_interval_s if longest_gap_s is None else longest_gap_s
        after = np.searchsorted(self.times_s, instants_s)
        before = np.maximum(after - (self.times_s[after] != instants_s), 0)
        wide = self.times_s[after] - self.times_s[before] > longest_s * (1 + _ROUNDING)
        if np.any(wide):
            raise self._gap(int(before[np.argmax(wide)]), longest_s)
        return np.interp(instants_s, self.times_s, self.volumes_ul)

    def on_grid(self, sample_interval_s: float, longest_gap_s: float | None = None) -> Self:
        """Return the curve at `t0 + k S`, interpolated linearly; what is left over beyond the last whole S is cut off.

        Args:
            sample_interval_s: S; the samples may lie closer together.
            longest_gap_s: two samples further apart have a gap between them; 2.5 S if not given.

        Raises:
            PlanError: S is not over zero, or longer than the curve.
            Inconclusive: there is a gap; the first one is named.
        """
        steps = grid_steps(self.duration_s, sample_interval_s)
        if steps < 1:
            seen = f"sampling interval {sample_interval_s:g} s, but the curve is {self.duration_s:g} s long"
            raise PlanError(_ASSET, "resample", seen, "sample more often, or record longer")
        longest_s = LONGEST_GAP_INTERVALS * sample_interval_s if longest_gap_s is None else longest_gap_s
        regular = len(self.times_s) == steps + 1 and lies_on_grid(self.times_s, sample_interval_s)
        if regular and sample_interval_s <= longest_s:
            return self
        self._refuse_gaps(longest_s)
        grid_s = self.times_s[0] + sample_interval_s * np.arange(steps + 1)
        return type(self)(grid_s, np.interp(grid_s, self.times_s, self.volumes_ul))

    def _reached(self, instants_s: FloatArray) -> FloatArray:
        """Return the instants, moved onto the curve where only rounding keeps them off it."""
        first_s, last_s = float(self.times_s[0]), float(self.times_s[-1])
        reached_s: FloatArray = np.clip(instants_s, first_s, last_s)
        off = ~(np.abs(reached_s - instants_s) <= _ROUNDING * self.duration_s)
        if np.any(off):
            asked_s = float(instants_s[np.argmax(off)])
            seen = f"{asked_s:g} s is asked for, but it reaches from {first_s:g} s to {last_s:g} s"
            raise Inconclusive(_ASSET, "read a volume", seen, "ask for what was recorded, or record longer")
        return reached_s

    def _refuse_gaps(self, longest_s: float) -> None:
        wide = np.diff(self.times_s) > longest_s * (1 + _ROUNDING)
        if np.any(wide):
            raise self._gap(int(np.argmax(wide)), longest_s)

    def _gap(self, index: int, longest_s: float) -> Inconclusive:
        from_s, to_s = self.times_s[index : index + 2]
        seen = (
            f"no sample for {to_s - from_s:g} s after index {index} ({from_s:g} s); the longest gap is {longest_s:g} s"
        )
        return Inconclusive(_ASSET, "interpolate", seen, "analyse a stretch without the gap, or name a longer one")

    def _refuse_shapes(self) -> None:
        times, volumes = self.times_s.shape, self.volumes_ul.shape
        if times != volumes or len(times) != 1 or times[0] < 2:
            seen = f"times of shape {times} and volumes of shape {volumes}"
            raise PlanError(_ASSET, "make a curve", seen, "give two rows of the same length, at least 2")

    def _refuse_what_is_no_number(self, name: str, numbers: FloatArray) -> None:
        finite = np.isfinite(numbers)
        if not np.all(finite):
            index = int(np.argmin(finite))
            seen = f"{name}[{index}] is {numbers[index]:g}"
            raise Inconclusive(_ASSET, "make a curve", seen, "look for what spoilt the reading")

    def _refuse_time_that_does_not_increase(self) -> None:
        increases = self.times_s[1:] > self.times_s[:-1]
        if not np.all(increases):
            index = int(np.argmin(increases)) + 1
            seen = f"times_s[{index}] is {self.times_s[index]:.17g} after {self.times_s[index - 1]:.17g}"
            raise Inconclusive(_ASSET, "make a curve", seen, "look for a clock that jumped or a sample written twice")
