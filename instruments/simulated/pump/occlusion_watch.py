# SPDX-License-Identifier: Apache-2.0
"""Finds when the catheter pressure will have stayed at or over the occlusion threshold long enough, without ticking.

The pressure saws: up at a stroke, down between strokes. A spell over the threshold therefore begins at a stroke, and
ends between strokes when the excess decays under the threshold before the next one. Within one regime the peaks run
monotonically, so the first stroke that begins a lasting spell, and the one after which it ends, are found by bisection.
"""

import math
from dataclasses import dataclass

from instruments.simulated.pump.pressure_watch import PressureWatch


@dataclass(frozen=True)
class Spell:
    """A stretch of time spent over the threshold."""

    start_s: float
    end_s: float

    def holds_at(self, now_s: float) -> bool:
        """Tell whether `now_s` lies in the spell."""
        return self.start_s <= now_s < self.end_s


class OcclusionWatch(PressureWatch):
    """Calls `alarm` once the pressure has been at or over `threshold_kpa` for `hold_s` while the watch is armed."""

    _armed_since_s: float | None = None
    _spells: tuple[Spell, ...] = ()

    def plan(self, armed: bool) -> None:
        """Look ahead under present conditions; called after every change of them and of `armed`."""
        self._timer.drop()
        if not armed:
            self._armed_since_s, self._spells = None, ()
            return
        if self._armed_since_s is None:
            self._armed_since_s = self._timeline.now_s
        present = self._present_spell(self._armed_since_s)
        coming = self._coming_spell()
        self._spells = tuple(spell for spell in (present, coming) if spell is not None)
        for spell in self._spells:
            if spell.start_s + self._hold_s <= spell.end_s:
                self._timer.set_at(spell.start_s + self._hold_s)
                return

    def _present_spell(self, armed_since_s: float) -> Spell | None:
        now_s = self._timeline.now_s
        lasting_s = self._lasting_s(self._hydraulics.regime.excess_at(now_s))
        if lasting_s < 0:
            return None
        started_s = next((spell.start_s for spell in self._spells if spell.holds_at(now_s)), None)
        if started_s is None:
            started_s = max(self._hydraulics.last_stroke_s, armed_since_s)
        return Spell(started_s, self._end_s(now_s, lasting_s, self._hydraulics.regime.strokes(now_s)))

    def _coming_spell(self) -> Spell | None:
        regime = self._hydraulics.regime
        enough_s = min(self._hold_s, regime.interval_s)
        number = regime.first_stroke_where(
            lambda excess_ul: self._lasting_s(excess_ul) >= enough_s, regime.strokes(self._timeline.now_s)
        )
        if number is None:
            return None
        start_s = regime.stroke_s(number)
        return Spell(start_s, self._end_s(start_s, self._lasting_s(regime.excess_after(number)), number))

    def _end_s(self, from_s: float, lasting_s: float, strokes: int) -> float:
        """Return when a spell ends that holds at `from_s`, after `strokes` strokes, and lasts unless a stroke comes."""
        regime = self._hydraulics.regime
        if from_s + lasting_s < regime.stroke_s(strokes + 1):
            return from_s + lasting_s
        last = regime.first_stroke_where(lambda excess_ul: self._lasting_s(excess_ul) < regime.interval_s, strokes)
        return math.inf if last is None else regime.stroke_s(last) + self._lasting_s(regime.excess_after(last))

    def _lasting_s(self, excess_ul: float) -> float:
        """Return for how long an excess stays at or over the threshold without a stroke; negative if it is under it."""
        threshold_ul = self._hydraulics.excess_of(self._threshold_kpa)
        decay_s = self._hydraulics.regime.decay_s
        if excess_ul < threshold_ul:
            return -1.0
        if threshold_ul <= 0 or math.isinf(decay_s):
            return math.inf
        return decay_s * math.log(excess_ul / threshold_ul)
