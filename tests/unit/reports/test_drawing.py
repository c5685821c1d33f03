# SPDX-License-Identifier: Apache-2.0
import re

import numpy as np
import pytest

from reports.deviation import Deviation
from reports.page.drawing import path_data
from reports.page.figures import allowed, duration, measured, number, share


def points_of(path: str) -> list[tuple[float, float]]:
    """The points of path data in pixels; steps are added up as a browser does."""
    found: list[tuple[float, float]] = []
    for part in re.findall(r"M[^M]+", path):
        numbers = [int(one) for one in re.findall(r"-?\d+", part)]
        x, y = numbers[0], numbers[1]
        found.append((x / 10, y / 10))
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x / 10, y / 10))
    return found


def test_a_path_passes_its_points_to_a_tenth_of_a_pixel() -> None:
    x, y = np.array([0.0, 1.04, 2.0, 3.0]), np.array([5.0, 6.0, 4.0, 7.0])
    assert points_of(path_data(x, y)) == [(0.0, 5.0), (1.0, 6.0), (2.0, 4.0), (3.0, 7.0)]


def test_a_straight_line_takes_two_points() -> None:
    x = np.arange(100.0)
    assert points_of(path_data(x, 2 * x)) == [(0.0, 0.0), (99.0, 198.0)]


def test_a_spike_up_and_down_one_line_is_kept() -> None:
    x, y = np.array([0.0, 1.0, 1.0, 1.0, 2.0]), np.array([0.0, 0.0, 9.0, 0.0, 0.0])
    assert (1.0, 9.0) in points_of(path_data(x, y))


def test_a_gap_breaks_the_path() -> None:
    x, y = np.array([0.0, 1.0, np.nan, 3.0, 4.0]), np.array([0.0, 1.0, np.nan, 2.0, 5.0])
    assert path_data(x, y).count("M") == 2
    assert path_data(np.array([np.nan]), np.array([1.0])) == ""


def test_a_value_is_written_to_the_place_of_its_uncertainty() -> None:
    assert measured(42.23666, 0.43812) == "42.24 ± 0.44"
    assert measured(-1.5, 12.34) == "−2 ± 12"
    assert measured(21064.91, 0.283) == "21064.91 ± 0.28"
    assert measured(3.25, None) == "3.25"
    assert measured(None, None) == "–"


def test_limits_are_written_as_what_is_allowed() -> None:
    assert allowed(35.91, 48.09) == "35.91 … 48.09"
    assert allowed(None, 600.0) == "≤ 600"
    assert allowed(-1.8, None) == "≥ −1.8"


@pytest.mark.parametrize(
    ("value", "told"), [(364878.0, "364878"), (1e12, "1e+12"), (float("inf"), "∞"), (float("nan"), "–"), (None, "–")]
)
def test_a_figure_is_written_out_where_that_is_possible(value: float | None, told: str) -> None:
    assert number(value) == told


def test_a_share_says_what_it_is_a_share_of() -> None:
    assert share(Deviation(141.2, 23.4, "limit")) == "+141 ± 23 %"
    assert share(Deviation(-5.84, 1.25, "limit")) == "−5.8 ± 1.2 %"
    assert share(Deviation(62.19, 0.0008, "most")) == "62.2 ± < 0.1 % of the most"
    assert share(Deviation(689.0, None, "least")) == "689 % of the least"
    assert share(None) == "–"


@pytest.mark.parametrize(
    ("seconds", "told"), [(40.0, "40 s"), (3600.0, "60 min"), (57254.0, "15.9 h"), (3e5, "3.47 d")]
)
def test_a_duration_is_written_in_the_unit_that_reads_best(seconds: float, told: str) -> None:
    assert duration(seconds) == told
