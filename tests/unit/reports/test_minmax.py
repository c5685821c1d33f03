# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.minmax import minmax


def test_every_spike_of_one_sample_is_kept():
    random = np.random.default_rng(1)
    values = random.normal(0.0, 0.01, 100_000)
    spikes = random.choice(100_000, 200, replace=False)
    values[spikes] += 0.1
    kept = minmax(values, 2000)
    assert len(kept) <= 2000
    bins = np.linspace(0, 100_000, 1001).astype(int)
    for begin, end in pairwise(bins):
        inside = kept[(kept >= begin) & (kept < end)]
        assert values[inside].max() == values[begin:end].max()
        assert values[inside].min() == values[begin:end].min()


def test_a_short_series_is_shown_whole():
    assert list(minmax(np.arange(7.0), 8)) == list(range(7))


@settings(max_examples=50)
@given(
    values=st.lists(st.floats(allow_infinity=False), max_size=300),
    limit=st.integers(1, 20).map(lambda half: 2 * half),
)
def test_extremes_survive_any_limit_and_the_order_is_kept(values, limit):
    series = np.array(values, dtype=float)
    kept = minmax(series, limit)
    assert len(kept) <= max(limit, 0) or len(kept) == len(series) <= limit
    assert list(kept) == sorted(set(kept.tolist()))
    finite = series[~np.isnan(series)]
    if len(finite):
        shown = series[kept]
        assert np.nanmin(shown) == finite.min()
        assert np.nanmax(shown) == finite.max()


def test_a_missing_value_hides_no_extreme_of_its_bin():
    values = np.array([1.0, np.nan, -2.0, 7.0, np.nan, np.nan, np.nan, np.nan])
    assert set(minmax(values, 4)[:2].tolist()) == {2, 3}
