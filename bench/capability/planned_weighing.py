# SPDX-License-Identifier: Apache-2.0
"""How a bench is going to weigh, by its file alone: what a plan can be held against before anything is opened."""

import math
from dataclasses import dataclass
from typing import cast

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.weighing import Weighing
from metrology.gravimetry import Evaporation

BLANK_READINGS = 361
BLANK_SPACING_S = 5.0
WANDERING = 2.0
"""So many times the scatter alone the slope of a blank is uncertain: a balance wanders (assumed; twins show 2)."""


@dataclass(frozen=True)
class _FileOnly:
    """A bench of which nothing but its file is asked."""

    file: BenchFile


def planned_weighing(file: BenchFile) -> Weighing:
    """Return the weighing of a bench with a blank as good as its balance and the blank's length allow."""
    duration_s = file.evaporation.blank_s
    readings = min(BLANK_READINGS, max(2, int(duration_s / BLANK_SPACING_S)))
    scatter_mg = max(file.balance.repeatability_mg, file.balance.readability_mg / math.sqrt(12))
    slope_mg_per_h = WANDERING * scatter_mg * math.sqrt(12 / readings) / (duration_s / 3600)
    blank = Evaporation(0.0, slope_mg_per_h, readings - 2, duration_s / 3600, 0.0)
    return Weighing(cast("Bench", _FileOnly(file)), blank)
