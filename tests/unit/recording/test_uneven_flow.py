# SPDX-License-Identifier: Apache-2.0
"""A flow that changes for a while or for good is told; noise, strokes and a display's digit are no change."""

import numpy as np
import pytest

from metrology.recording.uneven_flow import uneven_flow

TIMES_S = np.arange(0.0, 21_601.0, 300.0)
MG_PER_S = 500 / 3600


def level(rate_of) -> np.ndarray:
    rates = np.array([rate_of(at_s) for at_s in TIMES_S[:-1]])
    return np.concatenate([[0.0], np.cumsum(rates * np.diff(TIMES_S))])


def noise(of_mg: float) -> np.ndarray:
    return np.random.default_rng(4).normal(0.0, of_mg, len(TIMES_S))


@pytest.mark.parametrize("share", [0.8, 1.2, 2.0])
def test_a_rate_that_changes_for_good_is_told_with_both_rates_and_the_instant(share):
    found = uneven_flow(TIMES_S, level(lambda at_s: MG_PER_S * (share if at_s >= 14_400 else 1.0)) + noise(0.05))
    assert [one.to_s for one in found] == [pytest.approx(14_400, abs=300), 21_600]
    assert [one.rate for one in found] == pytest.approx([MG_PER_S, share * MG_PER_S], rel=0.01)


def test_a_burst_over_several_readings_is_told_with_its_begin_and_end():
    found = uneven_flow(TIMES_S, level(lambda at_s: MG_PER_S * (2.2 if 9_000 <= at_s < 10_200 else 1.0)) + noise(0.05))
    assert [(one.from_s, one.to_s) for one in found] == [(0, 9_000), (9_000, 10_200), (10_200, 21_600)]
    assert found[1].rate == pytest.approx(2.2 * MG_PER_S, rel=0.02)


@pytest.mark.parametrize("seed", [*range(40), 316, 1867])
def test_noise_strokes_and_digits_of_one_flow_are_no_change(seed):
    random = np.random.default_rng(seed)
    count, rate = int(random.integers(30, 400)), 10 ** random.uniform(1.0, 3.3) / 3600
    times_s = 60.0 * np.arange(count)
    came_mg, stroke_mg = rate * times_s, float(random.choice([0.0, 0.5, 2.5, 10.0]))
    if stroke_mg:
        came_mg = stroke_mg * np.floor(came_mg / stroke_mg + random.uniform())
    digit_mg = float(random.choice([0.01, 0.1, 1.0]))
    read_mg = digit_mg * np.round((came_mg + random.normal(0, 0.3, count)) / digit_mg)
    assert uneven_flow(times_s, read_mg, digit_mg) == ()


def test_too_few_readings_say_nothing():
    assert uneven_flow(TIMES_S[:19], level(lambda at_s: float(at_s > 3_000))[:19]) == ()
