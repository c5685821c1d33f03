# SPDX-License-Identifier: Apache-2.0
"""What arrives while the pump's counter stands: the store of a catheter that does not run empty in its time.

Between two slow strokes, and after a stop, a free catheter has let out all that it held after ten time constants. One
that is narrowed lets it out later, and its pressure falls by what comes out of it. A sensor that is slow by itself lets
nothing arrive. A pump that gives what it does not count raises the pressure, also after it had fallen to rest; it gives
more than ever lacked, and only where it does so, while a narrow catheter keeps every stroke waiting.
"""

import math

from bench.injectors import EffectTolerance

HELD = 2.0
"""A catheter never held back more than so many times what surely lacked for a while.

Of a lag Q·T, (1 − a)·Q·t less what arrived shows at most 0.57·Q·T, where the pump may give a = 14.5 % less.
"""
RESTS_AFTER = 0.5
"""Of the time in which a free catheter runs empty; from there on its pressure tells of rest."""


def most_held_back_ul(held_ul: float, tolerance: EffectTolerance) -> float:
    """Return the most that a catheter lets out between two strokes: the last one, and what it held before."""
    return tolerance.stroke_ul + HELD * held_ul + math.sqrt(2) * tolerance.reading_mg


class Trickle:
    """Follows stretches in which the counter stands and the catheter should be at rest.

    Args:
        settles_s: after this time a free catheter is at rest.
        least_kpa: a pressure over the outlet that is none of a catheter at rest.
    """

    def __init__(self, settles_s: float, least_kpa: float) -> None:
        self._settles_s = settles_s
        self._least_kpa = least_kpa
        self._first: tuple[float, float, float] | None = None
        self._lowest_kpa = math.inf
        self._is_over = False
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all: a fault stands, or the pump gave more than it counted."""
        self._counter_ul = math.nan
        self._counted_s = -math.inf
        self._done_ul = self._done_kpa = 0.0
        self._stretches = 0
        self._begin_stretch()

    def see(
        self,
        at_s: float,
        counter_ul: float,
        mass_mg: float,
        over_kpa: float,
        held_ul: float,
        tolerance: EffectTolerance,
    ) -> str:
        """Take a sample; return what shows that the catheter runs empty too slowly, empty for nothing.

        Args:
            at_s: bench time.
            counter_ul: what the pump says it gave.
            mass_mg: what the balance shows.
            over_kpa: pressure over the outlet's; NaN where no sensor tells.
            held_ul: the most that surely lacked of what it gave, for as long as a free catheter never holds it.
            tolerance: how well a difference of masses is known.
        """
        if counter_ul != self._counter_ul:
            self._end_stretch()
            self._counter_ul, self._counted_s = counter_ul, at_s
        if self._is_over or at_s - self._counted_s < RESTS_AFTER * self._settles_s:
            return ""
        if self._first is None:
            self._begin_to_weigh(at_s, mass_mg, over_kpa)
            return ""
        from_s, from_mg, from_kpa = self._first
        least_loss_mg_per_h = tolerance.loss_mg_per_h - tolerance.loss_half_width_mg_per_h
        self._here_ul = mass_mg - from_mg + least_loss_mg_per_h * (at_s - from_s) / 3600
        self._here_kpa = from_kpa - over_kpa
        self._is_over = over_kpa <= self._least_kpa
        self._lowest_kpa = min(self._lowest_kpa, over_kpa)
        too_much = math.isnan(over_kpa) and self._here_ul > most_held_back_ul(held_ul, tolerance)
        if too_much or over_kpa > self._lowest_kpa + self._least_kpa:
            self._leave_to_the_pump()
        return self._told(tolerance)

    def _begin_to_weigh(self, at_s: float, mass_mg: float, over_kpa: float) -> None:
        """Begin where a free catheter is at rest; one that is seen at rest by then is free."""
        if over_kpa <= self._least_kpa:
            self._done_ul, self._done_kpa, self._stretches, self._is_over = 0.0, 0.0, 0, True
        self._lowest_kpa = min(self._lowest_kpa, over_kpa)
        if over_kpa > self._lowest_kpa + self._least_kpa:
            self._leave_to_the_pump()
        elif at_s - self._counted_s >= self._settles_s:
            self._first = at_s, mass_mg, over_kpa

    def _leave_to_the_pump(self) -> None:
        """Count nothing of this stretch: without a stroke that is counted no catheter's pressure rises."""
        self._is_over, self._first, self._here_ul, self._here_kpa = True, None, 0.0, 0.0

    def _begin_stretch(self) -> None:
        self._first = None
        self._here_ul = self._here_kpa = 0.0
        self._lowest_kpa, self._is_over = math.inf, False

    def _end_stretch(self) -> None:
        if self._first is not None:
            self._done_ul, self._done_kpa = self._done_ul + self._here_ul, self._done_kpa + self._here_kpa
            self._stretches += 1
        self._begin_stretch()

    def _told(self, tolerance: EffectTolerance) -> str:
        came_ul, fell_kpa = self._done_ul + self._here_ul, self._done_kpa + self._here_kpa
        doubt_ul = tolerance.reading_mg * math.sqrt(2 * (self._stretches + 1))
        told = (
            f"{came_ul:.2f} ± {doubt_ul:.2f} µL arrived while the counter stood and the catheter should have been empty"
        )
        if math.isnan(fell_kpa):
            return told if came_ul > tolerance.stroke_ul + doubt_ul else ""
        within = came_ul - doubt_ul <= tolerance.compliance_ul_per_kpa * fell_kpa
        return f"{told}, and its pressure fell by {fell_kpa:.1f} kPa meanwhile" if came_ul > doubt_ul and within else ""
