# SPDX-License-Identifier: Apache-2.0
"""What arrives while the pump's counter stands: the store of a catheter that does not run empty in its time.

Between two slow strokes, and after a stop, a free catheter has let out all that it held after ten time constants. One
that is narrowed lets it out later, and its pressure falls by what comes out of it. A pump that gives a stroke which it
does not count raises the pressure, and a sensor that is slow by itself lets nothing arrive: neither looks like this.
"""

import math

from bench.injectors import EffectTolerance

MOST_STROKES = 2.0
"""More than this between two strokes, or more than so many times what is surely missing, no catheter held back."""


class Trickle:
    """Follows stretches in which the counter stands and the catheter should be at rest.

    Args:
        settles_s: after this time a free catheter is at rest.
        least_kpa: a pressure over the outlet that is none of a catheter at rest.
    """

    def __init__(self, settles_s: float, least_kpa: float) -> None:
        self._settles_s = settles_s
        self._least_kpa = least_kpa
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all: a fault stands, or the catheter was seen at rest."""
        self._counter_ul = math.nan
        self._counted_s = -math.inf
        self._first: tuple[float, float, float] | None = None
        self._done_ul = self._done_kpa = 0.0
        self._stretches = 0
        self._here_ul = self._here_kpa = self._missing_ul = 0.0

    def see(
        self,
        at_s: float,
        counter_ul: float,
        mass_mg: float,
        over_kpa: float,
        missing_ul: float,
        tolerance: EffectTolerance,
    ) -> str:
        """Take a sample; return what shows that the catheter runs empty too slowly, empty for nothing.

        Args:
            at_s: bench time.
            counter_ul: what the pump says it gave.
            mass_mg: what the balance shows.
            over_kpa: pressure over the outlet's; NaN where no sensor tells.
            missing_ul: the most that was surely missing of what it gave at any time.
            tolerance: how well a difference of masses is known.
        """
        if counter_ul != self._counter_ul:
            self._end_stretch()
            self._counter_ul, self._counted_s, self._missing_ul = counter_ul, at_s, missing_ul
        if at_s - self._counted_s < self._settles_s:
            return ""
        if self._first is None:
            if over_kpa <= self._least_kpa:  # it is at rest, as a free one is
                self._done_ul, self._done_kpa, self._stretches = 0.0, 0.0, 0
                return ""
            self._first = at_s, mass_mg, over_kpa
        from_s, from_mg, from_kpa = self._first
        least_loss_mg_per_h = tolerance.loss_mg_per_h - tolerance.loss_half_width_mg_per_h
        self._here_ul = mass_mg - from_mg + least_loss_mg_per_h * (at_s - from_s) / 3600
        self._here_kpa = from_kpa - over_kpa
        return self._told(tolerance)

    def _end_stretch(self) -> None:
        if self._first is not None:
            self._done_ul, self._done_kpa = self._done_ul + self._here_ul, self._done_kpa + self._here_kpa
            self._stretches += 1
        self._first, self._here_ul, self._here_kpa = None, 0.0, 0.0

    def _told(self, tolerance: EffectTolerance) -> str:
        count = self._stretches + 1
        came_ul, fell_kpa = self._done_ul + self._here_ul, self._done_kpa + self._here_kpa
        doubt_ul = tolerance.reading_mg * math.sqrt(2 * count)
        told = (
            f"{came_ul:.2f} ± {doubt_ul:.2f} µL arrived while the counter stood and the catheter should have been empty"
        )
        if math.isnan(fell_kpa):
            strokes = tolerance.stroke_ul
            slow = strokes + doubt_ul < came_ul <= MOST_STROKES * (strokes * count + self._missing_ul)
            return told if slow else ""
        within = came_ul - doubt_ul <= tolerance.compliance_ul_per_kpa * fell_kpa
        return f"{told}, and its pressure fell by {fell_kpa:.1f} kPa meanwhile" if came_ul > doubt_ul and within else ""
