# SPDX-License-Identifier: Apache-2.0
"""What a campaign without a failure claims is no more than its number of trials allows."""

import pytest

from tests.soak.bound import Bound


def test_none_in_n_trials_is_bounded_by_one_less_the_nth_root_of_a_twentieth() -> None:
    assert Bound("kills", 0, 1000).at_most == pytest.approx(1 - 0.05 ** (1 / 1000))
    assert Bound("kills", 0, 1).at_most == pytest.approx(0.95)
    assert str(Bound("kills", 0, 200)) == "kills: 0 of 200, so at most 1.5 %"


def test_failures_widen_the_bound_as_clopper_and_pearson_say() -> None:
    # of 1 in 20 the one-sided 95 % limit is 21.61 % (Clopper and Pearson 1934)
    assert Bound("kills", 1, 20).at_most == pytest.approx(0.2161, abs=1e-4)
    assert Bound("kills", 20, 20).at_most == 1.0
