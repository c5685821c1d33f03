# SPDX-License-Identifier: Apache-2.0
"""Finds when the catheter pressure will have stayed under the disconnect threshold long enough.

The threshold lies under the outlet pressure, so a connected catheter at rest is over it. It is under it while the
catheter is off, and after reconnection until fluid from the vessel or the pump has filled it again. A pressure as far
under that of the air is no open catheter either: its outlet lies lower than the pump. Of one that is torn in its middle
the first half still answers each stroke, so it is taken for whole.
"""

import math

from instruments.simulated.pump.pressure_watch import PressureWatch


class DisconnectWatch(PressureWatch):
    """Calls `alarm` once the pressure has been under `threshold_kpa` for `hold_s` while the watch is armed."""

    _low_since_s: float | None = None

    def plan(self, armed: bool) -> None:
        """Look ahead under present conditions; called after every change of them and of `armed`."""
        self._timer.drop()
        now_s = self._timeline.now_s
        conditions = self._hydraulics.conditions
        taken_for_whole = conditions.torn or conditions.end_kpa <= -self._threshold_kpa
        if not armed or taken_for_whole or self._hydraulics.pressure_kpa() >= self._threshold_kpa:
            self._low_since_s = None
            return
        if self._low_since_s is None:
            self._low_since_s = now_s
        if self._low_since_s + self._hold_s <= self._end_s():
            self._timer.set_at(self._low_since_s + self._hold_s)

    def _end_s(self) -> float:
        """Return when a stroke, or fluid that runs back from the vessel, lifts the pressure over the threshold."""
        if self._hydraulics.conditions.disconnected:
            return math.inf
        regime, now_s = self._hydraulics.regime, self._timeline.now_s
        threshold_ul = self._hydraulics.excess_of(self._threshold_kpa)
        stroke = regime.first_stroke_where(lambda excess_ul: excess_ul >= threshold_ul, regime.strokes(now_s))
        by_stroke_s = math.inf if stroke is None else regime.stroke_s(stroke)
        if math.isinf(regime.decay_s):
            return by_stroke_s
        return min(by_stroke_s, now_s + regime.decay_s * math.log(regime.excess_at(now_s) / threshold_ul))
