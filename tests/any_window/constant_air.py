# SPDX-License-Identifier: Apache-2.0
"""The correction of imagined readings, whose air never changes: one factor instead of a chain per sample.

A campaign judges a hundred million readings. A test holds that both ways give the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from bench.account import InfusionRecord, weighed_course
from bench.account.sample_table import Column, Truths
from metrology.gravimetry import Conditions, CorrectedCourse


def corrected(record: InfusionRecord, usable: Truths, rate_ul_per_h: float) -> tuple[Column, float]:
    """Return what `weighed_course` corrects, for an air that stays as it is."""
    samples = record.samples
    air = Conditions(
        *(float(one[0]) for one in (samples.temperature_c, samples.air_pressure_hpa, samples.humidity_percent))
    )
    course = CorrectedCourse(record.weighing, 0.0, 0.0, air)
    # a volume of no time but with mass: the factor of buoyancy and density alone
    ul_per_mg = (course.volume_ul(1e-6, 1000.0, air) - course.volume_ul(2e-6, 0.0, air)) / 1000.0
    masses_mg: Column = 1000 * samples.mass_g[usable]
    return ul_per_mg * (masses_mg - masses_mg[0]), course.growth_ul_per_h(rate_ul_per_h)


@contextmanager
def constant_air() -> Iterator[None]:
    """Correct all records like that while the block runs."""
    with patch.object(weighed_course, "_corrected", corrected):
        yield
