# SPDX-License-Identifier: Apache-2.0
"""A balance that shows nothing of what the pump counts, until the end: it sticks, or the pump is silent.

To flow alone they are the same. A balance that has proved itself after the run makes it the pump's (`bench.preflight`).
Where its scale rests on the certificate alone, one sign is left: the vessel goes on losing water, and a balance that
shows the loss of the blank follows its load. Where it does not show that either, or where so little was lost that it
could not, nobody can tell, and what was weighed decides nothing.
"""

import math
from collections import deque
from dataclasses import dataclass
from statistics import fmean

from bench.infusion.effect_tolerance import EffectTolerances
from bench.infusion.setting import Setting
from bench.sampling import Sample

MG_PER_G = 1000.0
LEAST_STROKES = 4.0
"""Less than this on top of what a catheter holds is no silence."""
AVERAGED = 5
"""So many readings at either end tell what was lost."""
NO_UNIT = "none: it follows no load"


@dataclass(frozen=True)
class _Reading:
    at_s: float
    mass_mg: float
    counter_ul: float


class SilentBalance:
    """Looks at each sample of one infusion; subscribe its `on_sample` to those that are kept."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._tolerances = EffectTolerances(setting)
        self._highest_mg = -math.inf
        self._first: list[_Reading] = []
        self._newest: deque[_Reading] = deque(maxlen=AVERAGED)
        self._device_clock_s = 0.0

    def on_sample(self, sample: Sample) -> None:
        """Take a sample: the silence begins anew with each gain, and after each fault."""
        mass_mg = MG_PER_G * sample.mass.mass_g
        if not math.isfinite(mass_mg):
            return
        reading = _Reading(sample.actual_s, mass_mg, sample.pump.counter_ul)
        self._device_clock_s = sample.pump.device_clock_s
        tolerance = self._tolerances.at(self._device_clock_s)
        if self._setting.run.injectors.standing or mass_mg > self._highest_mg + tolerance.reading_mg:
            self._highest_mg, self._first = mass_mg, []
            self._newest.clear()
        if len(self._first) < AVERAGED:
            self._first.append(reading)
        self._newest.append(reading)

    def tell(self) -> None:
        """Tell of a silence that lasted to the end, and in which nothing shows that the balance follows its load."""
        if (seen := self._found()) is not None:
            told = {"title": f"Scale suspected: {seen}", "factor": 0.0, "unit": NO_UNIT}
            self._setting.activities.note("event", what="scale-suspected", infusion=self._setting.name, **told)

    def _found(self) -> str | None:
        if not self._first:
            return None
        setting, first, last = self._setting, self._first[0], self._newest[-1]
        tolerance = self._tolerances.at(self._device_clock_s)
        counted_ul = last.counter_ul - first.counter_ul
        sure_ul = (1 - setting.profile.accuracy_percent.value / 100) * counted_ul
        hours = (last.at_s - first.at_s) / 3600
        lost_ul = (tolerance.loss_mg_per_h + tolerance.loss_half_width_mg_per_h) * hours
        if not sure_ul > lost_ul + tolerance.of_a_step_ul + LEAST_STROKES * tolerance.stroke_ul:
            return None
        lost_mg = fmean(one.mass_mg for one in self._first) - fmean(one.mass_mg for one in self._newest)
        drift_mg = setting.bench.file.balance.drift_mg_per_day / 24 * hours
        if lost_mg > tolerance.reading_mg * math.sqrt(2 / AVERAGED) + drift_mg:
            return None
        return (
            f"from {first.at_s:.0f} s to the end the pump counted {counted_ul:.1f} µL, the balance showed none of it, "
            f"and nothing of what evaporates either ({-lost_mg:+.2f} mg)"
        )
