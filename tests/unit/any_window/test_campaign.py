# SPDX-License-Identifier: Apache-2.0
"""The campaign counts what it says: a short one is run, and its shortcut is the bench's own way."""

import numpy as np
import pytest

from bench.account import weighed_course
from metrology.verdict import Verdict
from tests.any_window import campaign
from tests.any_window.constant_air import corrected
from tests.any_window.imagined_pumps import Fault, imagined
from tests.any_window.imagined_record import record_of
from tests.any_window.twin_infusion import judged_twin


def test_in_an_air_that_stays_the_shortcut_is_the_chain_of_corrections() -> None:
    batch = imagined(np.random.default_rng(1), 41.6667, 6.0, 1)
    record = record_of(batch.times_s[0], batch.masses_mg[0], 41.6667, batch.stopped_s)
    all_of_it = np.ones(len(record.samples), dtype=bool)
    short, long = (one(record, all_of_it, 41.6667) for one in (corrected, weighed_course._corrected))
    assert short[0] == pytest.approx(long[0], abs=1e-6)
    assert short[1] == pytest.approx(long[1])


def test_a_bound_is_the_one_of_clopper_and_pearson() -> None:
    assert campaign.bound(0, 6000) == pytest.approx(1 - 0.05 ** (1 / 6000))
    assert campaign.bound(6000, 6000) == 1.0


def test_the_smallest_effect_lies_between_one_that_is_found_and_one_that_is_not() -> None:
    (effect,) = (one for one in campaign.EFFECTS if one.name == "late start")
    row = campaign.smallest(effect, 1000.0, 5)
    # by the reference: 1.5 min, and 1.0 min where not passed is enough
    assert row["smallest"] == pytest.approx(1.5, rel=0.3)
    assert row["share_fail"] == 1.0
    assert row["n"] == 5


def test_clean_infusions_are_counted_with_their_bound() -> None:
    row = campaign.clean(41.6667, 20)
    assert (row["n"], row["fails"], row["inconclusives"]) == (20, 0, 0)
    assert row["bound"] == pytest.approx(1 - 0.05 ** (1 / 20))


@pytest.mark.parametrize("rate", [10.0, 1000.0])
def test_an_individual_of_the_twin_passes(rate: float) -> None:
    assert judged_twin(3, rate, 6.0).verdict is Verdict.PASS


def test_bad_pumps_are_told_from_good_ones() -> None:
    fails, not_pass, n = campaign.shares(campaign.trials(1, 208.333, 6.0, 4, Fault(stall_s=900.0)))
    assert (fails, not_pass, n) == (1.0, 1.0, 4)
