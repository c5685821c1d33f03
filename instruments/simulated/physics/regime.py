# SPDX-License-Identifier: Apache-2.0
"""A stretch of time in which nothing changes but the strokes: equal strokes at equal intervals into one catheter.

The catheter holds `excess` = C (P - P_outlet) more than at rest and lets it go with the time constant R C. A stroke
adds its volume at once. After n strokes the excess is what is left of the first excess plus a geometric sum of decaying
exponentials, which has a closed form: any instant costs the same, whether one stroke or a million came before.

The balance follows its load with a first-order lag. The lag obeys a linear equation driven by the same strokes; split
into a share that follows the excess and a rest that decays by the balance's own time constant, it is such a sum too.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

_LEAST_GAP = 1e-6
"""Two equal time constants would make the split singular; so near, the error is below 1e-6 of a stroke."""


@dataclass(frozen=True, slots=True)
class Regime:
    """Constant conditions from `start_s` on; volumes in uL, times in s.

    Attributes:
        start_s: when it began.
        first_stroke_s: when its first stroke falls; infinite when none comes.
        interval_s: time between strokes.
        stroke_ul: true volume of one stroke.
        most_strokes: strokes that the reservoir still has.
        excess_ul: excess at the start.
        decay_s: time constant R C; infinite when kinked shut, 0 when the catheter is off.
        lag_ul: at the start, by how much the balance has not yet followed the vessel.
        lag_decay_s: time constant of the balance.
        vessel_share: share of the outflow that reaches the vessel.
    """

    start_s: float
    first_stroke_s: float
    interval_s: float
    stroke_ul: float
    most_strokes: int
    excess_ul: float
    decay_s: float
    lag_ul: float
    lag_decay_s: float
    vessel_share: float

    def strokes(self, now_s: float) -> int:
        """Return how many strokes fell until `now_s`, that instant included."""
        if now_s < self.first_stroke_s:
            return 0
        return min(int((now_s - self.first_stroke_s) / self.interval_s) + 1, self.most_strokes)

    def stroke_s(self, number: int) -> float:
        """Return when stroke `number` falls, counted from 1."""
        return self.first_stroke_s + (number - 1) * self.interval_s if number > 1 else self.first_stroke_s

    def excess_at(self, now_s: float) -> float:
        """Return the excess at `now_s`."""
        return self._excess(now_s, self.strokes(now_s))

    def excess_after(self, number: int) -> float:
        """Return the excess right after stroke `number`."""
        when_s = self.stroke_s(number)
        rest = self.excess_ul * _decayed(when_s - self.start_s, self.decay_s)
        return rest + self.stroke_ul * self._sum(when_s, number, self.decay_s)

    def limit_excess(self) -> float:
        """Return what the excess right after a stroke tends to when strokes go on for ever."""
        if math.isinf(self.decay_s):
            return math.inf if self.stroke_ul > 0 else self.excess_ul
        return self.stroke_ul * _geometric(math.inf, self.interval_s, self.decay_s)

    def outflow_at(self, now_s: float) -> float:
        """Return the volume that left the catheter since the start; negative when the vessel filled it."""
        count = self.strokes(now_s)
        return self._outflow(count, self._excess(now_s, count))

    def lag_at(self, now_s: float) -> float:
        """Return by how much the balance is behind the vessel at `now_s`."""
        count = self.strokes(now_s)
        return self._lag(now_s, count, self._excess(now_s, count))

    def outflow_and_lag_at(self, now_s: float) -> tuple[float, float]:
        """Return both; they rest on the same strokes and the same excess, which are worked out once."""
        count = self.strokes(now_s)
        excess_ul = self._excess(now_s, count)
        return self._outflow(count, excess_ul), self._lag(now_s, count, excess_ul)

    def _excess(self, now_s: float, count: int) -> float:
        rest = self.excess_ul * _decayed(now_s - self.start_s, self.decay_s)
        return rest + self.stroke_ul * self._sum(now_s, count, self.decay_s) if count else rest

    def _outflow(self, count: int, excess_ul: float) -> float:
        return self.excess_ul + self.stroke_ul * count - excess_ul

    def _lag(self, now_s: float, count: int, excess_ul: float) -> float:
        follow = self._follow()
        rest = (self.lag_ul - follow * self.excess_ul) * _decayed(now_s - self.start_s, self.lag_decay_s)
        if not follow:
            return rest
        kicks = follow * self.stroke_ul * self._sum(now_s, count, self.lag_decay_s) if count else 0.0
        return follow * excess_ul + rest - kicks

    def first_stroke_where(self, true_of: Callable[[float], bool], after: int = 0) -> int | None:
        """Return the first stroke later than number `after` whose excess right after it fulfils `true_of`, or None.

        The excess after a stroke runs monotonically to its limit. `true_of` is a threshold, so it turns true at most
        once on that way; the search doubles and then halves.
        """
        first = after + 1
        if math.isinf(self.first_stroke_s) or first > self.most_strokes:
            return None
        if true_of(self.excess_after(first)):
            return first
        if not true_of(self.limit_excess()):
            return None
        step = 1
        while not true_of(self.excess_after(first + step)):
            step *= 2
            if first + step // 2 > self.most_strokes:
                return None
        low, high = first + step // 2, first + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if true_of(self.excess_after(middle)) else (middle, high)
        return high if high <= self.most_strokes else None

    def _follow(self) -> float:
        if math.isinf(self.decay_s) or not self.decay_s or not self.vessel_share:
            return 0.0
        gap_s = self.decay_s - self.lag_decay_s
        if abs(gap_s) < _LEAST_GAP * self.lag_decay_s:
            gap_s = _LEAST_GAP * self.lag_decay_s
        return self.vessel_share * self.lag_decay_s / gap_s

    def _sum(self, now_s: float, count: int, decay_s: float) -> float:
        since_last_s = now_s - self.stroke_s(count)
        return _decayed(since_last_s, decay_s) * _geometric(count, self.interval_s, decay_s)


def _decayed(duration_s: float, decay_s: float) -> float:
    return math.exp(-duration_s / decay_s) if decay_s else 0.0


def _geometric(count: float, interval_s: float, decay_s: float) -> float:
    """Return the sum of exp(-k interval / decay) over k below `count`."""
    if math.isinf(decay_s):
        return count
    if not decay_s:
        return 0.0
    return math.expm1(-count * interval_s / decay_s) / math.expm1(-interval_s / decay_s)
