# SPDX-License-Identifier: Apache-2.0
"""One pass finds what trying all windows finds."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrology.any_window import Span, extreme, maximal_windows, worst_window
from metrology.delivery import FloatArray

levels = st.lists(st.integers(-50, 50), min_size=2, max_size=40).map(lambda one: np.array(one, dtype=np.float64))


def of(*numbers: float) -> FloatArray:
    return np.array(numbers, dtype=np.float64)


def instants(level: FloatArray) -> FloatArray:
    return 30.0 * np.arange(len(level))


def by_trying_all(level: FloatArray) -> float:
    return max(0.0, max(level[j] - level[i] for i, j in combinations(range(len(level)), 2)))


@given(levels)
def test_the_worst_of_all_pairs_is_found_in_one_pass(level: FloatArray) -> None:
    found = worst_window(instants(level), level, confirmed=False)
    assert found is not None
    assert found.rise_ul == by_trying_all(level)
    if found.rise_ul > 0:
        begin, end = (int(at / 30) for at in (found.span.from_s, found.span.to_s))
        assert level[end] - level[begin] == found.rise_ul


@given(levels.filter(lambda level: len(level) >= 4))
def test_confirmed_ends_take_the_less_extreme_of_two_readings(level: FloatArray) -> None:
    pairs = combinations(range(1, len(level) - 1), 2)
    wanted = max(min(level[j], level[j + 1]) - max(level[i], level[i - 1]) for i, j in pairs)
    found = worst_window(instants(level), level)
    assert found is not None
    assert found.rise_ul == max(0.0, wanted)


@pytest.mark.parametrize("bad_mg", [-200.0, 200.0])
def test_one_bad_reading_changes_nothing(bad_mg: float) -> None:
    level = of(0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0)
    spoilt = level.copy()
    spoilt[5] += bad_mg
    good, bad = worst_window(instants(level), level), worst_window(instants(level), spoilt)
    assert good is not None
    assert bad is not None
    assert bad.rise_ul == good.rise_ul == 1.0


def test_no_window_crosses_a_break() -> None:
    level = of(0, 0, 2, 2, 50, 50, 53, 53)
    across, split = (worst_window(instants(level), level, breaks) for breaks in ((), (4,)))
    assert across is not None
    assert split is not None
    assert across.rise_ul == 53.0
    assert (split.rise_ul, split.span) == (3.0, Span(150.0, 180.0))
    unconfirmed = worst_window(instants(level), level, (4,), confirmed=False)
    assert unconfirmed is not None
    assert (unconfirmed.rise_ul, unconfirmed.span) == (3.0, Span(120.0, 180.0))


def test_too_few_samples_make_no_window() -> None:
    assert worst_window(of(0, 30, 60), of(0, 1, 2)) is None
    assert worst_window(of(0), of(0), confirmed=False) is None


def test_what_grows_with_time_tilts_the_level_to_either_side() -> None:
    times_s, level = 3600.0 * np.arange(12), np.concatenate((np.zeros(4), np.full(8, 3.0)))
    found = extreme(times_s, level, level, growth_ul=0.1 * np.arange(12))
    assert found is not None
    # With the readings that confirm it the shortest window over the step takes three hours, and the longest nine.
    assert (found.at_least_ul, found.window.rise_ul) == (pytest.approx(3.0 - 0.3), 3.0)
    assert found.at_most_ul == pytest.approx(3.0 + 0.9)


@given(levels)
def test_maximal_windows_do_not_overlap_and_hold_the_worst(level: FloatArray) -> None:
    found = maximal_windows(instants(level), level, least_ul=0.0)
    assert max((one.rise_ul for one in found), default=0.0) == by_trying_all(level)
    assert all(one.span.to_s <= other.span.from_s for one, other in pairwise(found))


def test_every_event_is_told_and_small_ones_are_left_out() -> None:
    level = of(0, 5, 4, 3, 10, 2, 2, 3, 1, 9)
    found = maximal_windows(instants(level), level, least_ul=2.0)
    assert [(one.span.from_s / 30, one.span.to_s / 30, one.rise_ul) for one in found] == [(0, 4, 10), (8, 9, 8)]


def test_a_month_of_a_falling_level_takes_one_pass() -> None:
    count = 86_400
    level = np.where(np.arange(count) % 3 == 0, 0.5, 0.0) - 0.4 * np.arange(count)
    assert len(maximal_windows(instants(level), level, least_ul=0.05)) == len(range(3, count, 3))
