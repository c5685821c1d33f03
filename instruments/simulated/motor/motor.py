# SPDX-License-Identifier: Apache-2.0
"""The motor: it turns as the firmware asks it to, and a bad one also in ways of its own."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from instruments.simulated.motor.push import NOTHING, Push
from instruments.simulated.motor.turning import Turning
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer


@dataclass(frozen=True)
class Spell:
    """A push with its beginning and its end; one of a therapy ends with it."""

    push: Push
    from_s: float
    until_s: float
    of_a_therapy: bool


class Motor:
    """Drives the strokes.

    Args:
        timeline: the twin's time.
        hydraulics: what the strokes go into.
        count: takes the share of the strokes that the pump's counter takes notice of from now on.
    """

    def __init__(self, timeline: Timeline, hydraulics: Hydraulics, count: Callable[[float], None]) -> None:
        self.asked_ul_per_h = 0.0
        self._timeline = timeline
        self._hydraulics = hydraulics
        self._count = count
        self._spells: list[Spell] = []
        self._standing = NOTHING
        self._held = self._counts_while_held = False
        self._turning = Turning()
        self._timer = Timer(timeline, self._turn)

    def ask(self, rate_ul_per_h: float) -> None:
        """Turn at this rate from now on, in nominal volume and true time."""
        self.asked_ul_per_h = rate_ul_per_h
        self._turn()

    def push(self, push: Push, for_s: float, after_s: float = 0.0, *, of_a_therapy: bool = False) -> Spell:
        """Take a push that begins after `after_s` and lasts for `for_s`."""
        from_s = self._timeline.now_s + after_s
        spell = Spell(push, from_s, from_s + for_s, of_a_therapy)
        self._spells.append(spell)
        self._turn()
        return spell

    def drop(self, spell: Spell) -> None:
        """End a push before its time, or before it begins."""
        self._spells = [one for one in self._spells if one is not spell]
        self._turn()

    def stand_under(self, push: Push) -> None:
        """Take a push that lasts until another one takes its place."""
        self._standing = push
        self._turn()

    def hold(self, *, counts: bool) -> None:
        """Make no stroke from now on, whatever is asked for.

        Args:
            counts: whether the pump's counter takes the strokes for made that it asked for.
        """
        self._held, self._counts_while_held = True, counts
        self._turn()

    def release(self) -> None:
        """Turn again as it is asked to."""
        self._held = False
        self._turn()

    def end_therapy(self) -> None:
        """Drop what was pushed for the therapy that ends."""
        self._spells = [spell for spell in self._spells if not spell.of_a_therapy]

    def _turn(self) -> None:
        now_s = self._timeline.now_s
        self._spells = [spell for spell in self._spells if spell.until_s > now_s]
        push = self._standing
        for spell in self._spells:
            if spell.from_s <= now_s:
                push = push.with_(spell.push)
        turning = self._held_turning() if self._held else Turning.pushed(self.asked_ul_per_h, push)
        if turning.counted_share != self._turning.counted_share:
            self._count(turning.counted_share)
        self._turning = turning
        edges_s = [edge_s for spell in self._spells for edge_s in (spell.from_s, spell.until_s) if edge_s > now_s]
        self._timer.set_at(min(edges_s, default=math.inf))
        self._hydraulics.drive(turning.rate_ul_per_h, turning.stroke_gain)

    def _held_turning(self) -> Turning:
        return Turning(self.asked_ul_per_h, stroke_gain=0.0) if self._counts_while_held else Turning()
