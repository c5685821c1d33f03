# SPDX-License-Identifier: Apache-2.0
"""Steps of the display that no pump makes: a knock, or a drop that falls, between two samples.

Before and after it the mass goes on as it did; in one interval it jumps. What it was nobody can tell afterwards, so its
whole size goes into the uncertainty of every volume that it lies in. A flow that grows, however much, is no step: then
the interval after shows it too. Nor is it one while an injector has just moved, or if program or counter jump along.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bench.injectors import INJECTORS
from bench.sampling.apart_enough import ApartEnough
from bench.sampling.sample import Sample
from metrology.gravimetry import BalanceMark

_POINTS = 4
_NOISES = 5.0
_SPIKE_SLACK = 1.5


@dataclass(frozen=True)
class MassStep:
    """One step, in bench time; `step_mg` is positive when the vessel seemed to get heavier."""

    from_s: float
    to_s: float
    step_mg: float


@dataclass(frozen=True)
class _Point:
    """A mass, and what says whether it may have jumped."""

    at_s: float
    mass_mg: float
    expected_ul: float
    counter_ul: float
    injectors: tuple[float, ...]

    @classmethod
    def of(cls, sample: Sample) -> "_Point":
        pump, rig = sample.pump, sample.rig
        injectors = tuple(injector.observed_percent(rig) for injector in INJECTORS.values())
        mass_mg = 1000 * sample.mass.mass_g
        return cls(sample.actual_s, mass_mg, sample.expected_ul, pump.counter_ul, injectors)


_Interval = tuple[_Point, _Point]


class MassSteps:
    """Finds steps in the samples of one infusion.

    Args:
        noise_mg: standard deviation of a reading.
        readability_mg: the last digit.
        stroke_volume_ul: what the pump moves at once.
        interval_s: planned between two regular samples.

    Attributes:
        found: every step so far.
    """

    def __init__(
        self, noise_mg: float, readability_mg: float, stroke_volume_ul: float, interval_s: float = 0.0
    ) -> None:
        self._apart = ApartEnough(interval_s)
        self.found: list[MassStep] = []
        self._slack_mg = _NOISES * 2**0.5 * noise_mg + readability_mg + stroke_volume_ul
        self._stroke_ul = stroke_volume_ul
        self._points: deque[_Point] = deque(maxlen=_POINTS)

    def see(self, sample: Sample) -> MassStep | None:
        """Take a sample; return a step in the interval before the newest one, which only the newest confirms."""
        point = _Point.of(sample)
        if self._points and point.at_s <= self._points[-1].at_s:
            return None
        if not self._apart.counts(point.at_s):
            return None
        self._points.append(point)
        if len(self._points) < _POINTS:
            return None
        before, inside, after = pairwise(self._points)
        return self._step(inside, [before, after])

    def half_width_mg(self, start: BalanceMark, end: BalanceMark) -> float:
        """Return how much of the mass between two marks may have come or gone in steps."""
        steps = [*self.found, *self._suspected(end)]
        inside = [one.step_mg for one in steps if one.from_s < end.time_s and one.to_s > start.time_s]
        gained_mg = sum(step_mg for step_mg in inside if step_mg > 0)
        return max(gained_mg, gained_mg - sum(inside))

    def _suspected(self, end: BalanceMark) -> list[MassStep]:
        """Return what may be a step in the last intervals before `end`, which no later sample has confirmed yet."""
        points = [point for point in self._points if point.at_s < end.time_s]
        if len(points) < _POINTS - 1 or self._points[-1].at_s > end.time_s:
            return []
        if any(step.to_s > points[-3].at_s for step in self.found):
            return []  # beside a step nobody can tell what is usual
        before, newest, up_to_mark = pairwise(
            [*points[-3:], replace(points[-1], at_s=end.time_s, mass_mg=1000 * end.mass_g)]
        )
        steps = (self._step(newest, [before]), self._step(up_to_mark, [before]))
        return [step for step in steps if step is not None]

    def _step(self, inside: _Interval, beside: Sequence[_Interval]) -> MassStep | None:
        gained_mg = inside[1].mass_mg - inside[0].mass_mg
        slack_mg = self._slack_mg * (1 + max(_duration_s(inside) / _duration_s(one) for one in beside))
        usual_mg = [_usual(inside, one, _mass_mg) for one in beside]
        least_mg, most_mg = min(usual_mg), max(usual_mg)
        if least_mg - slack_mg <= gained_mg <= most_mg + slack_mg:
            return None  # as nearly always; what program and counter say would only allow more
        if len({point.injectors for interval in (inside, *beside) for point in interval}) > 1:
            return None
        least_mg, most_mg = self._allowed_mg(inside, beside, least_mg, most_mg)
        if least_mg - slack_mg <= gained_mg <= most_mg + slack_mg:
            return None
        nearest_mg = min(max(gained_mg, least_mg), most_mg)
        return MassStep(inside[0].at_s, inside[1].at_s, gained_mg - nearest_mg)

    def _allowed_mg(
        self, inside: _Interval, beside: Sequence[_Interval], least_mg: float, most_mg: float
    ) -> tuple[float, float]:
        """Return what may have come inside: what comes beside it, and what program and counter say of a change."""
        for volume_ul in (_expected_ul, _counter_ul):
            gained_ul = volume_ul(inside[1]) - volume_ul(inside[0])
            usual_ul = [_usual(inside, one, volume_ul) for one in beside]
            least_mg -= _SPIKE_SLACK * max(0.0, min(usual_ul) - gained_ul - self._stroke_ul)
            most_mg += _SPIKE_SLACK * max(0.0, gained_ul - max(usual_ul) - self._stroke_ul)
        return least_mg, most_mg


def _expected_ul(point: _Point) -> float:
    return point.expected_ul


def _counter_ul(point: _Point) -> float:
    return point.counter_ul


def _mass_mg(point: _Point) -> float:
    return point.mass_mg


def _duration_s(interval: _Interval) -> float:
    return interval[1].at_s - interval[0].at_s


def _usual(inside: _Interval, beside: _Interval, of: Callable[[_Point], float]) -> float:
    """Return what would come inside at the rate beside it."""
    return (of(beside[1]) - of(beside[0])) / _duration_s(beside) * _duration_s(inside)
