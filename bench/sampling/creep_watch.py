# SPDX-License-Identifier: Apache-2.0
"""What crept between strokes so far, while an infusion runs: the same measure that its closing account takes.

A window that is judged on the way must not call a drift of the display the pump's (`metrology/any_window/creep.py`).
"""

import math
from collections.abc import Callable

import numpy as np

from bench.sampling.sample import Sample
from metrology.any_window import Arrivals, Creep, CreepAllowance, Span, find_creep
from metrology.gravimetry import Conditions, CorrectedCourse, WeighingSetup

MG_PER_G = 1000.0


class CreepWatch:
    """Takes the samples of one infusion.

    Args:
        setup: how a mass becomes a volume.
        stroke_ul: what the pump moves at once.
        settles_s: a catheter is at rest so long after a stroke.
        stands_apart: tells of a sample whether strokes stand apart in it and no injector stands.
    """

    def __init__(
        self,
        setup: WeighingSetup,
        stroke_ul: float,
        settles_s: float,
        stands_apart: Callable[[Sample], bool],
    ) -> None:
        self._setup = setup
        self._stroke_ul = stroke_ul
        self._settles_s = settles_s
        self._stands_apart = stands_apart
        self._course: CorrectedCourse | None = None
        self._times_s: list[float] = []
        self._volumes_ul: list[float] = []
        self._spans: list[tuple[float, float]] = []
        self._is_open = False
        self._coldest_c, self._warmest_c = math.inf, -math.inf

    def see(self, sample: Sample) -> None:
        """Take a sample; one at a fast rate, or under a fault, ends a stretch."""
        rig, mass_mg, at_s = sample.rig, MG_PER_G * sample.mass.mass_g, sample.actual_s
        air = Conditions(rig.temperature_c, rig.air_pressure_hpa, rig.humidity_percent)
        known = all(map(math.isfinite, (mass_mg, air.temperature_c, air.air_pressure_hpa, air.humidity_percent)))
        if not known or not self._stands_apart(sample):
            self._is_open = False
            return
        if self._times_s and at_s <= self._times_s[-1]:
            return
        if self._course is None:
            self._course = CorrectedCourse(self._setup, at_s, mass_mg, air)
        self._times_s.append(at_s)
        self._volumes_ul.append(self._course.volume_ul(at_s, mass_mg, air))
        self._coldest_c = min(self._coldest_c, air.temperature_c)
        self._warmest_c = max(self._warmest_c, air.temperature_c)
        begun_s = self._spans.pop()[0] if self._is_open else at_s
        self._spans.append((begun_s, at_s))
        self._is_open = True

    def between_mg(self, from_s: float, to_s: float) -> float:
        """Return how much of the mass between two instants crept between strokes, ±."""
        creep = self._found()
        return 0.0 if creep is None else creep.between_ul(from_s, to_s) / self._ul_per_mg

    def _found(self) -> Creep | None:
        if self._course is None:
            return None
        times_s, volumes_ul = np.array(self._times_s), np.array(self._volumes_ul)
        vessel, balance = self._setup.vessel, self._setup.balance
        warmth_mg = MG_PER_G * vessel.gross_g * balance.sensitivity_per_c * (self._warmest_c - self._coldest_c)
        growth_ul_per_h = self._course.growth_ul_per_h(0.0)
        allowance = CreepAllowance(growth_ul_per_h, warmth_mg * self._ul_per_mg, self._settles_s)
        spans = [Span(*one) for one in self._spans]
        arrivals = Arrivals.found(times_s, volumes_ul, self._stroke_ul)
        return find_creep(arrivals, volumes_ul, self._stroke_ul, allowance, spans)

    @property
    def _ul_per_mg(self) -> float:
        middle_c = (self._coldest_c + self._warmest_c) / 2
        return MG_PER_G / float(self._setup.liquid.density_kg_m3(middle_c))
