# SPDX-License-Identifier: Apache-2.0
"""The effect of a release: does the flow come back, or what was held back come out, or the pressure go home?

A clamp whose sensor says "open" may be shut all the same. A good pump then seems to deliver nothing; a pump that really
delivers nothing looks the same at the balance. So a flow that does not come back is the pump's only if something else
has shown that the way was free: what the catheter had stored came out, or the pressure moved.

One that closes late is found by what came first: from the release on just as much was lost as under the fault.
"""

import math
from collections.abc import Sequence

from bench.injectors.effect_point import EffectPoint, EffectTolerance
from bench.injectors.injection_effect import (
    BALANCE_FOLLOWS_S,
    LEAST_PRESSURE_KPA,
    LEAST_RISE_KPA,
    SURELY,
    LostShare,
    lost_between,
)
from bench.injectors.promised_effect import PressureMove, PromisedEffect

LEAST_HELD_KPA = 10.0
"""Less than this over the outlet is not told from none: two sensors may be wrong by a part of it (assumed)."""
MOST_CHANGE = 0.03
"""Share of its flow by which a good pump may give less after a leak than before it (assumed: a fifth of accuracy)."""


class ReleaseEffect:
    """Follows one fault from its release on.

    Args:
        promise: what the fault did.
        tolerance: how well flow can be told.
        at_release: the last point under the fault.
        lost_before: which share was lost under it, where that was weighed.
        released_s: when its sensor showed the release.
    """

    def __init__(
        self,
        promise: PromisedEffect,
        tolerance: EffectTolerance,
        at_release: EffectPoint,
        lost_before: Sequence[LostShare] = (),
        released_s: float = -math.inf,
    ) -> None:
        self.promise = promise
        self._tolerance = tolerance
        self._start = at_release
        self._lost_before = tuple(lost_before)
        self._most_mg = -math.inf
        self._moved = False
        self._newest = at_release
        self._from_s = released_s + BALANCE_FOLLOWS_S
        self._first: EffectPoint | None = None
        self._lost_since: list[LostShare] = []

    def see(self, point: EffectPoint) -> None:
        """Take a point after the release."""
        self._newest = point
        if point.weighs and self._start.weighs:
            hours = (point.at_s - self._start.at_s) / 3600
            least_loss_mg = (self._tolerance.loss_mg_per_h - self._tolerance.loss_half_width_mg_per_h) * hours
            self._most_mg = max(self._most_mg, point.mass_mg + least_loss_mg)
        if point.weighs and point.at_s >= self._from_s:
            self._keep_what_is_lost(point)
        pairs = zip(self._start.pressures_kpa, point.pressures_kpa, strict=True)
        self._moved = self._moved or any(self._went_home(*pair) for pair in pairs)

    def _keep_what_is_lost(self, point: EffectPoint) -> None:
        """Keep which share is lost since the release, as soon as that can be told and at each time twice as well."""
        first = self._first = self._first or point
        lost, promise = lost_between(first, point, self._tolerance), self.promise
        room = SURELY * min(promise.least_share_lost, promise.share_lost - promise.least_share_lost)
        least = min([room, *(one.half_width / 2 for one in self._lost_since)])
        if lost is not None and lost.half_width <= least:
            self._lost_since.append(lost)

    def stood_on(self, accuracy: float) -> LostShare | None:
        """Return the share that was lost just after the release as it was under the fault; None where none was.

        Args:
            accuracy: share by which a good pump's flow may be off.
        """
        return next((one for one in self._lost_since if self.still_stands(one, accuracy)), None)

    @property
    def came_out_ul(self) -> float:
        """Return the most that came into the vessel since the release; minus infinity before it was weighed."""
        return self._most_mg - self._start.mass_mg

    @property
    def shown(self) -> bool:
        """Tell whether anything but a steady flow has shown that the fault is gone."""
        let_out = self.promise.stops_the_flow and self.came_out_ul > self._tolerance.of_a_step_ul
        return let_out or self._moved

    def holds_back(self, stored_ul: float) -> bool:
        """Tell whether the fault still stands, by what did not come out of a pump that is stopped.

        Args:
            stored_ul: how much the pump counted while nothing reached the vessel.
        """
        if not self.promise.stops_the_flow or self._unknown or self.shown:
            return False
        pressed = any(kpa >= LEAST_RISE_KPA for kpa in self._start.pressures_kpa)
        measured = math.isfinite(self._start.pressures_kpa[0])
        # a pump that took its pressure back before, or that pressed nothing into the catheter, has nothing to let out
        return stored_ul > 4 * self._tolerance.of_a_step_ul and (pressed or not measured)

    @property
    def held_up(self) -> str:
        """Return how the pressure stayed up behind a clamp that opened a little only; empty where it went home.

        To be asked when a free catheter has run empty. What came out meanwhile has to be too little as well, or the
        pressure, which is the pump's own word, proves nothing.
        """
        before_kpa, now_kpa = _over_the_outlet(self._start), _over_the_outlet(self._newest)
        if self.promise.pressure is not PressureMove.RISES or self._unknown or not before_kpa >= LEAST_HELD_KPA:
            return ""
        if not now_kpa > before_kpa / 2 or self.came_out_ul > self._tolerance.compliance_ul_per_kpa * before_kpa / 2:
            return ""
        took_s = self._newest.at_s - self._start.at_s
        return (
            f"the pressure over the outlet went from {before_kpa:.1f} to {now_kpa:.1f} kPa only in {took_s:.0f} s, "
            f"and {self.came_out_ul:.1f} µL came out"
        )

    def still_stands(self, lost: LostShare, accuracy: float) -> bool:
        """Tell whether a good pump behind a fault that was not released would show just this.

        Args:
            lost: which share of the flow was lost in a window after the release.
            accuracy: share by which a good pump's flow may be off.
        """
        passing = 1 - self.promise.share_lost
        if self._unknown or lost.share - lost.half_width < self.promise.least_share_lost or self.shown:
            return False
        if abs(lost.share - self.promise.share_lost) > accuracy * passing + lost.half_width:
            return False
        return all(
            abs(lost.share - one.share) <= accuracy * passing + lost.half_width + one.half_width
            for one in self._lost_before
        )

    def leaves_less_than(self, before: LostShare, after: LostShare) -> bool:
        """Tell whether less arrives after a leak than before it: what is missing may go past the vessel still.

        A pump that gives less from just then on looks the same, whether or not the rest lies within its accuracy. The
        end of what stops the flow is shown by what comes out, and the flow is the pump's again.

        Args:
            before: what was lost before any fault.
            after: what is lost in a window after the release.
        """
        more = after.share - before.share - after.half_width - before.half_width
        return not self.promise.stops_the_flow and more > MOST_CHANGE

    @property
    def _unknown(self) -> bool:
        return not math.isfinite(self._most_mg)

    def _went_home(self, at_release_kpa: float, now_kpa: float) -> bool:
        if self.promise.pressure is PressureMove.RISES:
            return at_release_kpa >= LEAST_RISE_KPA and now_kpa <= at_release_kpa / 2
        if self.promise.pressure is PressureMove.FALLS:
            return now_kpa - at_release_kpa >= LEAST_PRESSURE_KPA
        return False


def _over_the_outlet(point: EffectPoint) -> float:
    catheter_kpa, outlet_kpa = point.pressures_kpa
    return catheter_kpa - outlet_kpa
