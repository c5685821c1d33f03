# SPDX-License-Identifier: Apache-2.0
"""A jump in one interval: its pressure, seen each second, makes it the pump's; a knock leaves none and decides nothing.

Samples each second are there for the pressure. As readings of the curve they count one in ten seconds.
"""

import numpy as np
import pytest

from bench.acceptance import Standing
from bench.account import InfusionRecord
from bench.sampling import ApartEnough
from metrology.verdict import Verdict
from tests.any_window.imagined_pumps import Fault, imagined
from tests.any_window.imagined_record import record_of, with_mass_added
from tests.unit.any_window.test_examiners_of_delivery import judged, verdict_of
from tests.unit.test_registers import altered

INTERVAL_S = 30.0
JUMP_S = 21600.0
"""The regular sample that shows it."""
BURST_UL = 30.0
KPA_PER_UL = 5.0
CONSTANT_S = 7.2


def record(rate_ul_per_h: float, *, each_second: bool = True) -> InfusionRecord:
    """Return a good pump's record of 12 h, every 30 s a sample, and each second in the minute after the jump."""
    batch = imagined(np.random.default_rng(5), rate_ul_per_h, 12.0, 1, Fault())
    times_s, masses_mg = batch.times_s[0], batch.masses_mg[0]
    more_s = np.setdiff1d(np.arange(JUMP_S + 1.0, JUMP_S + 61.0), times_s) if each_second else np.empty(0)
    noise_mg = np.random.default_rng(6).normal(0.0, 0.02, len(more_s))
    order = np.argsort(np.concatenate((times_s, more_s)))
    at_s = np.concatenate((times_s, more_s))[order]
    mass_mg = np.concatenate((masses_mg, np.interp(more_s, times_s, masses_mg) + noise_mg))[order]
    return record_of(at_s, mass_mg, rate_ul_per_h, batch.stopped_s)


def with_a_jump(good: InfusionRecord, before_s: float, *, is_burst: bool) -> InfusionRecord:
    """Return the record with 30 mg more, so long before the regular sample; a burst comes through the catheter."""
    at_s = good.samples.at_s
    since_s = np.maximum(at_s - (JUMP_S - before_s), 0.0)
    stored_ul = np.where(at_s >= JUMP_S - before_s, BURST_UL * np.exp(-since_s / CONSTANT_S), 0.0)
    came_ul = np.where(at_s >= JUMP_S - before_s, BURST_UL, 0.0)
    if not is_burst:
        return with_mass_added(good, came_ul)
    scatter_kpa = np.random.default_rng(7).normal(0.0, 0.2, len(at_s))
    pressed = altered(good, pressure_kpa=good.samples.pressure_kpa + KPA_PER_UL * stored_ul + scatter_kpa)
    return with_mass_added(pressed, came_ul)  # all at once: what goes on to arrive would tell as well


@pytest.mark.parametrize("before_s", [1.0, 10.0, 20.0])
def test_a_burst_that_nobody_counted_fails_by_its_pressure(before_s: float) -> None:
    burst = with_a_jump(record(208.333), before_s, is_burst=True)
    assert verdict_of(burst, Standing.EXCESS) is Verdict.FAIL


def test_a_burst_that_was_still_to_come_at_the_regular_sample_is_seen_in_the_seconds_after_it() -> None:
    """The balance shows it, and the pressure was read a moment before it rose."""
    good = record(208.333)
    burst = with_a_jump(good, 0.5, is_burst=True)
    at_jump = good.samples.at_s == JUMP_S
    burst = altered(burst, pressure_kpa=np.where(at_jump, good.samples.pressure_kpa, burst.samples.pressure_kpa))
    assert verdict_of(burst, Standing.EXCESS) is Verdict.FAIL
    only_regular = np.abs(good.samples.at_s / INTERVAL_S - np.round(good.samples.at_s / INTERVAL_S)) < 1e-6
    kept = only_regular | (good.samples.at_s < 300.0) | (good.samples.at_s > JUMP_S + 61.0)
    columns = {name: column[kept] for name, column in vars(burst.samples).items()}
    assert verdict_of(altered(burst, **columns), Standing.EXCESS) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("before_s", [1.0, 20.0])
def test_a_knock_that_stays_leaves_no_pressure_and_decides_nothing(before_s: float) -> None:
    assert verdict_of(with_a_jump(record(208.333), before_s, is_burst=False), Standing.EXCESS) is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("rate_ul_per_h", [2.0, 10.0, 41.6667, 1000.0])
def test_samples_each_second_change_no_verdict_of_a_good_pump(rate_ul_per_h: float) -> None:
    assert {one.verdict for _, one in judged(record(rate_ul_per_h))} == {Verdict.PASS}


def test_of_samples_each_second_one_in_ten_counts() -> None:
    at_s = [0.0, 30.0, 60.0, 61.0, 62.0, 69.0, 70.0, 71.0, 80.0, 81.0, 90.0, 120.0]
    apart = ApartEnough(INTERVAL_S)
    assert [one for one in at_s if apart.counts(one)] == [0.0, 30.0, 60.0, 69.0, 80.0, 90.0, 120.0]
    apart = ApartEnough(INTERVAL_S)
    assert [one for one in range(70) if apart.counts(float(one))] == [0, 10, 20, 30, 40, 50, 60]
    apart = ApartEnough(1.0)
    assert all(apart.counts(one) for one in at_s)
