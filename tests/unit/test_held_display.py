# SPDX-License-Identifier: Apache-2.0
"""A display that is held is told from a balance that happens to repeat itself, and from a pump that stands."""

import math
import random

import pytest

from bench.sampling.held_display import HeldDisplay

DIGIT_MG = 0.01


def first_complaint(display: HeldDisplay, masses_mg: list[float], interval_s: float = 30.0) -> int | None:
    """How many readings it took until the display was called held."""
    for number, mass_mg in enumerate(masses_mg):
        if display.see(number * interval_s, round(mass_mg / DIGIT_MG) * DIGIT_MG / 1000):
            return number + 1
    return None


def test_the_same_figure_again_and_again_is_called_held_after_minutes() -> None:
    display = HeldDisplay(0.02, DIGIT_MG)
    assert display.most_in_a_row == 18
    assert first_complaint(display, [1234.56] * 100) == 19


@pytest.mark.parametrize("noise_mg", [0.01, 0.02, 0.2])
def test_a_pump_that_stands_leaves_the_balance_its_noise_and_is_never_called_held(noise_mg: float) -> None:
    draw = random.Random(7)
    standing_mg = [1000.0 + draw.gauss(0, noise_mg) for _ in range(200_000)]
    assert first_complaint(HeldDisplay(noise_mg, DIGIT_MG), standing_mg) is None


def test_a_night_half_as_noisy_is_not_called_held_either() -> None:
    draw = random.Random(8)
    assert first_complaint(HeldDisplay(0.02, DIGIT_MG), [draw.gauss(0, 0.01) for _ in range(200_000)]) is None


def test_a_balance_whose_noise_does_not_show_cannot_be_watched() -> None:
    display = HeldDisplay(0.004, DIGIT_MG)
    assert math.isinf(display.most_in_a_row)
    assert first_complaint(display, [5.0] * 10_000) is None


def test_readings_that_follow_each_other_fast_may_repeat_for_a_minute() -> None:
    assert first_complaint(HeldDisplay(0.02, DIGIT_MG), [5.0] * 200, interval_s=1.0) == 61


def test_one_other_figure_begins_the_count_anew() -> None:
    assert first_complaint(HeldDisplay(0.02, DIGIT_MG), ([5.0] * 18 + [5.01]) * 20) is None
