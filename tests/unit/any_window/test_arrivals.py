# SPDX-License-Identifier: Apache-2.0
"""Strokes that stand apart tell by their times what the balance cannot tell by their mass."""

import numpy as np
import pytest

from metrology.any_window import (
    Arrivals,
    Span,
    first_arrival,
    next_stroke_s,
    noise_of_falls,
    pace,
    quiet_time,
    reading_noise,
    stroke_size,
    strokes_show,
    strokes_stand_apart,
)
from metrology.delivery import FloatArray
from metrology.latency import Bracket

STROKE_UL, EVERY_S, NOISE_UL = 0.5, 30.0, 0.02
PERIOD_S = 900.0
"""Of 2 µL/h."""


def staircase(strokes_at_s: list[float], until_s: float, every_s: float = EVERY_S) -> tuple[FloatArray, FloatArray]:
    times_s = np.arange(0.0, until_s, every_s)
    volumes_ul = STROKE_UL * np.searchsorted(np.array(strokes_at_s), times_s, side="right")
    return times_s, volumes_ul + NOISE_UL * np.random.default_rng(1).normal(size=len(times_s))


REGULAR_S = [310.0 + PERIOD_S * number for number in range(40)]


def test_every_stroke_is_found_between_the_readings_around_it() -> None:
    arrivals = Arrivals.found(*staircase(REGULAR_S, 36000.0), STROKE_UL)
    found = [arrivals.bracket(number) for number in range(len(arrivals.last_before))]
    assert len(found) == 40
    assert all(one.after_s < at_s <= one.before_s for one, at_s in zip(found, REGULAR_S, strict=True))


@pytest.mark.parametrize("every_s", [5.0, 30.0, 120.0])
def test_a_missing_stroke_is_a_quiet_time_of_two_periods_whatever_the_interval(every_s: float) -> None:
    strokes_s = [at_s for number, at_s in enumerate(REGULAR_S) if number != 20]
    quiet = quiet_time(Arrivals.found(*staircase(strokes_s, 36000.0, every_s), STROKE_UL), Span(0.0, 36000.0))
    assert quiet is not None
    assert quiet.span.duration_s <= 2 * PERIOD_S <= quiet.at_most_s
    assert quiet.at_most_s - quiet.span.duration_s == pytest.approx(4 * every_s)
    assert REGULAR_S[19] < quiet.span.from_s < quiet.span.to_s < REGULAR_S[21]


def test_pace_lies_about_the_true_rate_and_tells_a_quarter_more() -> None:
    for share in (1.0, 1.25):
        strokes_s = [310.0 + PERIOD_S / share * number for number in range(80)]
        times_s, volumes_ul = staircase(strokes_s, 62000.0)
        arrivals = Arrivals.found(times_s, volumes_ul, STROKE_UL)
        size = stroke_size(arrivals, volumes_ul, 0.5)
        assert size is not None
        assert size.mean_ul == pytest.approx(STROKE_UL, abs=0.002)
        assert size.half_width_ul == pytest.approx(0.5 / len(arrivals.last_before))
        found = pace(arrivals, size, Span(0.0, 7200.0), 1.0)
        assert found is not None
        assert found.least_ul_per_h < 2.0 * share < found.greatest_ul_per_h
        assert found.greatest_ul_per_h - found.least_ul_per_h < 0.1


def test_too_few_strokes_have_no_pace() -> None:
    times_s, volumes_ul = staircase(REGULAR_S[:3], 3000.0)
    arrivals = Arrivals.found(times_s, volumes_ul, STROKE_UL)
    assert stroke_size(arrivals, volumes_ul, 0.1) is None


def test_the_first_arrival_lies_between_two_readings() -> None:
    times_s, volumes_ul = staircase([1010.0, 1910.0], 3000.0)
    found = first_arrival(times_s, volumes_ul, 600.0, Span(0.0, 3000.0), 0.2)
    assert found == Bracket(990.0, 1020.0)
    assert first_arrival(times_s, volumes_ul, 600.0, Span(0.0, 900.0), 0.2) is None


def test_a_bad_reading_is_no_first_arrival() -> None:
    times_s, volumes_ul = staircase([1010.0, 1910.0], 3000.0)
    volumes_ul[25] += 5.0
    assert first_arrival(times_s, volumes_ul, 600.0, Span(0.0, 3000.0), 0.2) == Bracket(990.0, 1020.0)


def test_anything_in_a_span_is_told_and_what_lies_before_is_not() -> None:
    arrivals = Arrivals.found(*staircase([1010.0, 1910.0], 3000.0), STROKE_UL)
    assert arrivals.any_in(Span(1500.0, 3000.0))
    assert not arrivals.any_in(Span(1080.0, 1850.0))
    assert not arrivals.any_in(Span(1980.0, 3000.0))


def test_strokes_show_while_noise_is_a_seventeenth_and_stand_apart_at_four_samples() -> None:
    assert strokes_show(0.5, 0.5 / 17)
    assert not strokes_show(0.5, 0.5 / 16.9)
    assert strokes_stand_apart(0.5, 15.0, 30.0)
    assert not strokes_stand_apart(0.5, 15.1, 30.0)
    assert strokes_stand_apart(0.5, 41.6667, 10.0)


def test_falls_of_the_display_tell_the_noise_of_the_worst_hour_at_any_flow_that_is_not_faster() -> None:
    times_s, even_ul = 30.0 * np.arange(1440), 41.6667 / 3600 * 30.0 * np.arange(1440)
    noise = np.random.default_rng(2).normal(size=1440)
    quiet = noise_of_falls(times_s, even_ul + 0.02 * noise)
    assert quiet is not None
    assert quiet.standard_deviation_mg < 0.02
    worn = noise_of_falls(times_s, even_ul + np.where(times_s > 21600.0, 2.0, 0.02) * noise)
    assert worn is not None
    assert worn.standard_deviation_mg == pytest.approx(2.0, rel=0.3)


def test_noise_is_found_where_nothing_flows() -> None:
    times_s, volumes_ul = staircase([], 60000.0)
    found = reading_noise(times_s, volumes_ul, [Span(0.0, 900.0), Span(10000.0, 10000.0), Span(30000.0, 32000.0)])
    assert found is not None
    assert found.dof == 30 + 66
    assert found.standard_deviation_mg == pytest.approx(NOISE_UL, rel=0.2)
    assert reading_noise(times_s, volumes_ul, [Span(0.0, 31.0)]) is None


def test_the_next_stroke_is_told_from_the_last_ones() -> None:
    times_s, volumes_ul = staircase(REGULAR_S, 15500.0)
    arrivals = Arrivals.found(times_s, volumes_ul, STROKE_UL)
    after = [at_s for at_s in REGULAR_S if at_s > 15600.0]
    assert next_stroke_s(arrivals, 15600.0) == pytest.approx(after[0], abs=10.0)
    assert next_stroke_s(arrivals, after[0] + 20.0) == pytest.approx(after[1], abs=10.0)


def test_uneven_or_few_strokes_foretell_nothing() -> None:
    uneven_s = [310.0, 1210.0, 2110.0, 3310.0, 3910.0]
    assert next_stroke_s(Arrivals.found(*staircase(uneven_s, 5000.0), STROKE_UL), 5000.0) is None
    assert next_stroke_s(Arrivals.found(*staircase(REGULAR_S[:3], 3000.0), STROKE_UL), 3000.0) is None
