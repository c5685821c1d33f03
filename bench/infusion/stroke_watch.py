# SPDX-License-Identifier: Apache-2.0
"""Watches the strokes of a slow pump, so that it can be stopped shortly before one is due.

A pump that goes on after its stop shows then by a stroke. Stopped at any other instant it shows by nothing, where
strokes are a quarter of an hour apart: see docs/explanation/any-window.md.
"""

from collections import deque

import numpy as np

from bench.infusion.setting import Setting
from bench.profile import AnyWindowLimits
from bench.sampling import Sample
from metrology.any_window import Arrivals, next_stroke_s, strokes_show, strokes_stand_apart

STROKES_KEPT = 12
PREDICTED_TO_S = 27.0
"""The next stroke is known to 8 s; three times of it, so that a good pump's stop lies well before its next stroke."""


class StrokeWatch:
    """Keeps as many of the last samples as a dozen strokes take."""

    def __init__(self, setting: Setting) -> None:
        profile, interval_s = setting.profile, setting.interval_s
        slowest_s = profile.stroke_period_s(profile.rates.least_ul_per_h.value)
        self._setting = setting
        self._kept: deque[tuple[float, float]] = deque(maxlen=max(1, round(STROKES_KEPT * slowest_s / interval_s)))

    def on_sample(self, sample: Sample) -> None:
        """Take a sample, in the order of time."""
        self._kept.append((sample.actual_s, 1000 * sample.mass.mass_g))

    def stop_at_s(self, now_s: float, rate_ul_per_h: float) -> float:
        """Return when to stop a pump that runs at a steady rate: now, where its next stroke cannot be told."""
        setting = self._setting
        stroke_ul = setting.profile.stroke_volume_ul.value
        noise_mg = setting.run.repeatability().standard_deviation_mg
        before_s = AnyWindowLimits(setting.profile).run_down_s + PREDICTED_TO_S
        apart = rate_ul_per_h > 0 and strokes_stand_apart(stroke_ul, rate_ul_per_h, setting.interval_s)
        if not (apart and strokes_show(stroke_ul, noise_mg)) or before_s > setting.profile.stroke_period_s(
            rate_ul_per_h
        ):
            return now_s
        times_s, masses_mg = np.array(self._kept).T
        arrivals = Arrivals.found(times_s, masses_mg, stroke_ul)
        due_s = next_stroke_s(arrivals, now_s + before_s)
        return now_s if due_s is None else due_s - before_s
