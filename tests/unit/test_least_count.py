# SPDX-License-Identifier: Apache-2.0
"""The least count that is enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.capability.least_count import least_count

counts = st.integers(1, 100_000)


@given(counts, counts)
def test_of_what_grows_better_the_least_that_is_enough_is_found(threshold: int, most: int) -> None:
    found = least_count(lambda count: count >= threshold, most)
    assert found == (threshold if threshold <= most else None)


@given(st.sets(st.integers(1, 200)), st.integers(1, 200))
def test_whatever_is_found_is_enough_and_one_less_is_not(enough: set[int], most: int) -> None:
    found = least_count(lambda count: count in enough, most)
    assert found is None or (found in enough and found <= most and found - 1 not in enough)
    assert found is not None or most not in enough


@pytest.mark.parametrize("most", [0, -1])
def test_where_nothing_can_be_tried_nothing_is_found(most: int) -> None:
    assert least_count(lambda _count: True, most) is None


def test_few_are_asked() -> None:
    asked = []
    least_count(lambda count: asked.append(count) or count >= 70_000, 336_000)
    assert len(asked) < 40
