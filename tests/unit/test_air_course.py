# SPDX-License-Identifier: Apache-2.0
"""The mean air between two marks is that of all samples, not that of both ends."""

import math
import tracemalloc

import numpy as np
import pytest

from metrology.gravimetry import AirCourse, Conditions

DAY_S = 86400.0


def air_at(time_s: float) -> Conditions:
    turn = 2 * math.pi * time_s / DAY_S
    return Conditions(21 + 3 * math.sin(turn), 1013 + 5 * math.cos(turn), 50 + 29 * math.sin(turn))


def course(every_s: float, until_s: float = DAY_S) -> AirCourse:
    seen = AirCourse()
    for time_s in np.arange(0.0, until_s + 1, every_s):
        air = air_at(float(time_s))
        seen.see(float(time_s), air.temperature_c, air.air_pressure_hpa, air.humidity_percent)
    return seen


def test_half_a_swing_has_its_own_mean_which_the_ends_do_not_show() -> None:
    start_s, end_s = 3.0, DAY_S / 2 - 3
    start, end = air_at(start_s), air_at(end_s)
    over, ends = course(60.0).over(start_s, start, end_s, end), start.mean_with(end)
    assert over.temperature_c == pytest.approx(21 + 3 * 2 / math.pi, abs=0.01)
    assert ends.temperature_c == pytest.approx(21, abs=0.01)
    times_s = np.linspace(start_s, end_s, 200_001)
    celsius, percent = 21 + 3 * np.sin(2 * np.pi * times_s / DAY_S), 50 + 29 * np.sin(2 * np.pi * times_s / DAY_S)
    deficit = 6.112 * np.exp(17.62 * celsius / (243.12 + celsius)) * (1 - percent / 100)
    assert over.vapour_deficit_hpa == pytest.approx(float(deficit.mean()), rel=5e-3)  # by Magnus
    assert over.vapour_deficit_hpa < 0.7 * ends.vapour_deficit_hpa
    assert (over.air_pressure_rise_hpa, over.temperature_half_width_c) == (ends.air_pressure_rise_hpa, 1.0)


def test_the_driest_air_since_the_beginning_counts() -> None:
    seen = course(60.0)
    late = DAY_S * 0.99
    assert seen.over(late, air_at(late), DAY_S - 1, air_at(DAY_S - 1)).least_humidity_percent == pytest.approx(
        21, abs=0.1
    )
    assert seen.over(3.0, air_at(3.0), 7200.0, air_at(7200.0)).least_humidity_percent == pytest.approx(50, abs=0.1)


def test_without_a_sample_in_between_both_ends_count_and_half_of_what_changed_widens_the_bounds() -> None:
    start, end = air_at(0.0), air_at(7200.0)
    assert AirCourse().over(0.0, start, 7200.0, end) == start.mean_with(end)
    assert course(60.0).over(DAY_S * 2, start, DAY_S * 2 + 9, end) == start.mean_with(end)


def test_a_sample_without_a_number_is_left_out_and_so_is_one_that_came_before() -> None:
    seen = AirCourse()
    seen.see(0.0, 21.0, 1013.0, 50.0)
    seen.see(60.0, math.nan, 1013.0, 50.0)
    seen.see(-5.0, 30.0, 1013.0, 50.0)
    seen.see(120.0, 21.0, 1013.0, 50.0)
    still = Conditions(21.0, 1013.0, 50.0)
    assert seen.over(0.0, still, 120.0, still).temperature_c == pytest.approx(21.0)


def test_a_sample_takes_little_more_than_sixty_four_bytes() -> None:
    tracemalloc.start()
    try:
        seen, number = AirCourse(), 20_000
        before = tracemalloc.get_traced_memory()[0]
        for second in range(number):
            seen.see(float(second), 20.0 + second % 7, 1000.0 + second % 11, 40.0 + second % 13)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown / number <= 64 * 1.15  # what an array keeps in reserve included
