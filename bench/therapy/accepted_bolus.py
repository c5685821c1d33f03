# SPDX-License-Identifier: Apache-2.0
"""A patient bolus that was accepted: the one kind of event that changes a scheduled volume."""

from dataclasses import dataclass
from itertools import pairwise

from bench.therapy.interval import SECONDS_PER_HOUR, overlap_s


@dataclass(frozen=True)
class AcceptedBolus:
    """A patient bolus that a pump must deliver.

    Attributes:
        started_s: instant of the request, in seconds of the device clock.
        volume_ul: the volume that was *programmed*, never the pump's own account of it.
        duration_s: the time over which it runs.
        steps: where it does not run evenly, each instant and the rate in µL/h from it on; the first is `started_s`.
    """

    started_s: float
    volume_ul: float
    duration_s: float
    steps: tuple[tuple[float, float], ...] = ()

    @property
    def ends_s(self) -> float:
        """Return the instant from which nothing more comes of it."""
        return self.started_s + self.duration_s

    @property
    def rate_ul_per_h(self) -> float:
        """Return the rate that it adds while it runs, in the mean."""
        return self.volume_ul * SECONDS_PER_HOUR / self.duration_s

    @property
    def rates(self) -> tuple[tuple[float, float], ...]:
        """Return each instant at which it begins or changes, and the rate in µL/h from it on."""
        return self.steps or ((self.started_s, self.rate_ul_per_h),)

    @property
    def edges_s(self) -> tuple[float, ...]:
        """Return the instants at which it begins, changes and ends."""
        return (*(at_s for at_s, _ in self.rates), self.ends_s)

    def rate_at_ul_per_h(self, at_s: float) -> float:
        """Return the rate that it adds at an instant."""
        if not self.started_s <= at_s < self.ends_s:
            return 0.0
        return next(rate for from_s, rate in reversed(self.rates) if from_s <= at_s)

    def between_ul(self, from_s: float, to_s: float) -> float:
        """Return what comes of it between two instants."""
        if self.duration_s <= 0:
            return 0.0
        if not self.steps:
            return self.volume_ul * overlap_s(from_s, to_s, self.started_s, self.ends_s) / self.duration_s
        return sum(
            rate * overlap_s(from_s, to_s, begins_s, ends_s) / SECONDS_PER_HOUR
            for (_, rate), (begins_s, ends_s) in zip(self.steps, pairwise(self.edges_s), strict=True)
        )

    def until(self, ends_s: float) -> "AcceptedBolus":
        """Return what comes of it before an instant; all of it where it is over by then."""
        if ends_s >= self.ends_s:
            return self
        kept = tuple((at_s, rate) for at_s, rate in self.steps if at_s < ends_s)
        given_ul = self.between_ul(self.started_s, ends_s)
        return AcceptedBolus(self.started_s, given_ul, max(0.0, ends_s - self.started_s), kept)

    def taken_up(self, stopped_s: float, starts_s: float) -> "AcceptedBolus":
        """Return what is left of it at a stop, given from a later start on at the rates that it still had to come."""
        left_ul = self.between_ul(stopped_s, self.ends_s)
        left_s = max(0.0, self.ends_s - stopped_s)
        late_s = starts_s - stopped_s
        steps = tuple((max(at_s, stopped_s) + late_s, rate) for at_s, rate in self._rates_behind(stopped_s))
        return AcceptedBolus(starts_s, left_ul, left_s, steps if self.steps else ())

    def _rates_behind(self, instant_s: float) -> tuple[tuple[float, float], ...]:
        edges_s = self.edges_s
        return tuple(rate for rate, ends_s in zip(self.rates, edges_s[1:], strict=True) if ends_s > instant_s)
