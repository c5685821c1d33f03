# SPDX-License-Identifier: Apache-2.0
"""The effect of a fault that stands: does the flow at the balance do what the injector promises?

An injector's own sensor may echo the order that was given to the actuator. What a clamp does shows behind it: the flow
ends, or the pressure in front of it rises. Flow decides wherever enough of it was due, because the balance knows
nothing of pump and rig; the pressure, which may be the pump's own word, only confirms, and only where the flow cannot
tell yet. A pump that gives nothing leaves the flow ended as well: then an alarm is missing either way.
"""

import math
from collections import deque
from dataclasses import dataclass

from bench.injectors.effect_finding import EffectFinding, EffectState
from bench.injectors.effect_point import EffectPoint, EffectTolerance
from bench.injectors.promised_effect import PressureMove, PromisedEffect

BALANCE_FOLLOWS_S = 5.0
"""So long after the confirmation a balance may still show what came before (assumed: lag and filter)."""
LEAST_RISE_KPA = 2.0
LEAST_PRESSURE_KPA = 0.3
"""Less than this over ambient is none: a disconnection could not be told from it."""
_REMEMBERED = 32
_SECONDS_PER_HOUR = 3600.0
FAR_MORE = 1.0
"""Of the programmed flow on top of it: no injector that does nothing makes twice of it."""
SURELY = 0.9
"""Share of the room beside the threshold that may be uncertain when a whole flow, or none, is to be told for sure."""


@dataclass(frozen=True)
class LostShare:
    """Which share of the programmed volume did not reach the vessel, and how well that is known."""

    share: float
    half_width: float

    def __str__(self) -> str:
        """Return it for a person."""
        arrived = f"{100 * (1 - self.share):.0f} ± {100 * self.half_width:.0f} %"
        return f"{arrived} of the programmed flow reached the balance"


class InjectionEffect:
    """Follows one fault from its order on.

    Args:
        promise: what the injector does at this position.
        tolerance: how well flow can be told.
        confirmed_s: when its sensor showed it.
        before: the last point before it was ordered; None if there is none.
    """

    def __init__(
        self,
        promise: PromisedEffect,
        tolerance: EffectTolerance,
        confirmed_s: float,
        before: EffectPoint | None = None,
    ) -> None:
        self.promise = promise
        self._tolerance = tolerance
        self._from_s = confirmed_s + BALANCE_FOLLOWS_S
        self._before = before
        self._first: EffectPoint | None = None
        self._points: deque[EffectPoint] = deque(maxlen=_REMEMBERED)

    def see(self, point: EffectPoint) -> None:
        """Take a point; one that came too early, or without a mass, is left out."""
        if point.at_s < self._from_s or not point.weighs:
            return
        if self._first is None:
            self._first = point
        self._points.append(point)

    @property
    def tells(self) -> bool:
        """Tell whether enough was due by now for a whole flow, or the promised one, to be told for sure."""
        lost, promise = self.lost(), self.promise
        room = min(promise.least_share_lost, promise.share_lost - promise.least_share_lost)
        return lost is not None and lost.half_width <= SURELY * room

    def lost(self, until_s: float = math.inf) -> LostShare | None:
        """Return which share of the flow is lost, by the balance alone; None while nothing was due."""
        first, last = self._first, self._last(until_s)
        return None if first is None or last is None else lost_between(first, last, self._tolerance)

    def finding(self, until_s: float = math.inf) -> EffectFinding:
        """Return what the points up to an instant say."""
        lost = self.lost(until_s)
        if lost is not None:
            state = held_against(self.promise, lost)
            if state is not EffectState.UNKNOWN:
                return EffectFinding(state, str(lost))
        if (moved := self._pressure(until_s)) is not None:
            return EffectFinding(EffectState.CONFIRMED, moved)
        return EffectFinding(EffectState.UNKNOWN, str(lost) if lost is not None else "nothing was due yet")

    def _last(self, until_s: float) -> EffectPoint | None:
        return next((point for point in reversed(self._points) if point.at_s <= until_s), None)

    def _pressure(self, until_s: float) -> str | None:
        before, last = self._before, self._last(until_s)
        if before is None or last is None:
            return None
        pairs = zip(before.pressures_kpa, last.pressures_kpa, strict=True)
        due_ul = last.programmed_ul - before.programmed_ul
        moved = [(one, other) for one, other in pairs if self._has_moved(one, other, due_ul)]
        return None if not moved else f"the pressure went from {moved[0][0]:.2f} to {moved[0][1]:.2f} kPa"

    def _has_moved(self, before_kpa: float, now_kpa: float, due_ul: float) -> bool:
        """Tell whether a pressure did what is promised; one that is no number did not."""
        if self.promise.pressure is PressureMove.RISES:
            due_kpa = due_ul / self._tolerance.compliance_ul_per_kpa
            return now_kpa - before_kpa >= max(LEAST_RISE_KPA, due_kpa / 2)
        if self.promise.pressure is PressureMove.FALLS:
            return before_kpa >= LEAST_PRESSURE_KPA and now_kpa <= before_kpa / 2
        return False


def lost_between(first: EffectPoint, last: EffectPoint, tolerance: EffectTolerance) -> LostShare | None:
    """Return which share of the flow was lost between two points, by the balance alone; None where nothing was due."""
    if last.programmed_ul <= first.programmed_ul:
        return None
    hours, due_ul = (last.at_s - first.at_s) / _SECONDS_PER_HOUR, last.programmed_ul - first.programmed_ul
    arrived_ul = last.mass_mg - first.mass_mg + tolerance.loss_mg_per_h * hours
    return LostShare(1 - arrived_ul / due_ul, tolerance.after_ul(hours) / due_ul)


def held_against(promise: PromisedEffect, lost: LostShare) -> EffectState:
    """Return what a lost share says of an injector, beyond its uncertainty.

    An injector that does nothing leaves the programmed flow as it is. Far more than that is no word about it: a field
    that opens a pump's valves has an effect.
    """
    if lost.share + lost.half_width < -FAR_MORE:
        return EffectState.UNKNOWN
    if lost.share - lost.half_width >= promise.least_share_lost:
        return EffectState.CONFIRMED
    if lost.share + lost.half_width < promise.least_share_lost:
        return EffectState.CONTRADICTED
    return EffectState.UNKNOWN
