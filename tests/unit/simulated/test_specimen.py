# SPDX-License-Identifier: Apache-2.0
"""What a seed draws: an individual bench and pump, each figure as spread as a data sheet of the type says."""

import math
import statistics
from collections.abc import Callable

import pytest

from instruments.simulated.specimen.linearity_error import LinearityError
from instruments.simulated.specimen.reading_delay import ReadingDelay
from instruments.simulated.specimen.slow_course import BLOCK_S, FIRST_S, STEADY, SlowCourse
from instruments.simulated.specimen.specimen import IDEAL, Specimen
from instruments.simulated.twin.twin import Twin

SEEDS = range(2000)
MANY = [Specimen.drawn(seed) for seed in SEEDS]


@pytest.mark.parametrize(
    ("figure", "middle", "half_width"),
    [
        (lambda one: one.stroke_trim, 0.0, 0.03),
        (lambda one: one.stroke_phase, 0.5, 0.5),
        (lambda one: one.linearity.at(60_000.0), 0.0, 0.1),
        (lambda one: one.linearity.at(60_048.0), 0.0, 0.1),
        (lambda one: one.delay.at(5000.0), 1.0, 1.0),
        (lambda one: one.temperature_error_c.mean, 0.0, 1.0),
        (lambda one: one.air_pressure_offset_hpa, 0.0, 2.0),
        (lambda one: one.humidity_offset_percent, 0.0, 5.0),
    ],
)
def test_every_bounded_figure_fills_its_bounds_evenly(
    figure: Callable[[Specimen], float], middle: float, half_width: float
) -> None:
    values = [figure(one) for one in MANY]
    assert all(abs(value - middle) <= half_width * (1 + 1e-9) for value in values)
    assert statistics.mean(values) == pytest.approx(middle, abs=4 * half_width / math.sqrt(3 * len(values)))
    assert statistics.stdev(values) == pytest.approx(half_width / math.sqrt(3), rel=0.05)


def test_deviations_at_two_loads_have_nothing_to_do_with_each_other() -> None:
    near, far = zip(*((one.linearity.at(60_000.0), one.linearity.at(60_048.0)) for one in MANY), strict=True)
    assert statistics.correlation(near, far) == pytest.approx(0.0, abs=0.15)


def test_the_sensitivity_scatters_as_the_certificate_says() -> None:
    at_the_vessel_mg = [60_000.0 * one.sensitivity_error for one in MANY]
    assert statistics.stdev(at_the_vessel_mg) == pytest.approx(0.025, rel=0.05)


def test_a_slow_course_stays_for_the_first_hours_and_then_differs_by_up_to_its_half_width() -> None:
    changes = []
    for seed in SEEDS:
        course = SlowCourse(3.0, 2.0, seed, "test")
        assert course.integral(float, FIRST_S) == pytest.approx(3.0 * FIRST_S)
        later = course.integral(float, FIRST_S + 1000.0) - course.integral(float, FIRST_S)
        changes.append(later / 1000.0 - 3.0)
    assert all(abs(change) <= 2.0 for change in changes)
    assert statistics.stdev(changes) == pytest.approx(2.0 / math.sqrt(3), rel=0.05)


def test_a_slow_course_is_continuous_over_its_changes() -> None:
    course = SlowCourse(1.0, 5.0, 7, "test")
    for edge_s in (FIRST_S, FIRST_S + BLOCK_S, FIRST_S + 2 * BLOCK_S):
        before, after = course.integral(float, edge_s - 1e-3), course.integral(float, edge_s + 1e-3)
        assert after - before == pytest.approx(0.0, abs=0.02)


def test_the_ideal_specimen_has_no_deviation_at_all() -> None:
    assert (IDEAL.stroke_trim, IDEAL.sensitivity_error, IDEAL.temperature_error_c.at(1e5)) == (0.0, 0.0, 0.0)
    assert (IDEAL.linearity.at(123.0), IDEAL.delay.at(1e5)) == (0.0, 0.0)
    assert (IDEAL.drift_mg_per_day.integral(float, 1e6), STEADY.integral(float, 1e6)) == (0.0, 1e6)


def test_the_twin_of_a_seed_is_the_specimen_of_the_seed() -> None:
    twin = Twin.assemble(seed=4)
    stroke_ul = twin.hydraulics.regime.stroke_ul / (1 + twin.hydraulics.conditions.stroke_bias)
    assert stroke_ul == pytest.approx(0.5 * (1 + Specimen.drawn(4).stroke_trim))
    shown_c = twin.rig.read(["temperature_c"])["temperature_c"]
    true_c = Twin.assemble(seed=4, specimen=IDEAL).rig.read(["temperature_c"])["temperature_c"]
    assert isinstance(shown_c, float)
    assert isinstance(true_c, float)
    assert shown_c - true_c == pytest.approx(Specimen.drawn(4).temperature_error_c.at(0.0))


def test_what_is_shown_is_what_had_arrived_a_delay_ago() -> None:
    late = Specimen(delay=ReadingDelay(1.0, 3))
    twins = [Twin.assemble(seed=3, specimen=specimen) for specimen in (IDEAL, late)]
    for twin in twins:
        twin.hydraulics.drive(1000.0)
        twin.timeline.advance_to(1000.0)
    at_once_g, later_g = (twin.cell.weigh().net_mass_g for twin in twins)
    flow_mg_per_s = 1000.0 / 3600.0
    behind_s = 1000.0 * (at_once_g - later_g) / flow_mg_per_s
    assert 0.0 < late.delay.at(1000.0) <= 2.0
    assert behind_s == pytest.approx(late.delay.at(1000.0), abs=0.15)


def test_a_linearity_error_is_the_same_at_the_same_load_and_another_in_another_balance() -> None:
    assert LinearityError(0.1, 1).at(60_017.0) == LinearityError(0.1, 1).at(60_017.0)
    assert len({LinearityError(0.1, seed).at(60_017.0) for seed in range(20)}) == 20
