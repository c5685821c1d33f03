# SPDX-License-Identifier: Apache-2.0
"""What is no delivery is refused by name; what a pulsed pump and a noisy balance do is not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from metrology.recording.exclusion import Stretch, exclude
from metrology.recording.flow_end import flow_end_s
from metrology.recording.recording import Recording
from metrology.recording.screening import cut, screen
from metrology.recording.unit import Dimension

DAY_S = 24 * 3600.0


def recorded(amounts, interval_s=30.0, measured=Dimension.VOLUME, times_s=None):
    times_s = interval_s * np.arange(len(amounts)) if times_s is None else times_s
    return Recording("day.csv", times_s, np.asarray(amounts, dtype=float), measured, ("t", "v"), 2)


def day(rate_ul_per_h=41.7, stroke_ul=0.0, noise_ul=0.0, seed=1, interval_s=30.0, duration_s=DAY_S):
    times_s = np.arange(0.0, duration_s + 1, interval_s)
    volumes_ul = rate_ul_per_h * times_s / 3600
    if stroke_ul:
        volumes_ul = np.floor(volumes_ul / stroke_ul) * stroke_ul
    return recorded(volumes_ul + np.random.default_rng(seed).normal(0, noise_ul, len(times_s)), interval_s)


def refused(recording, **options):
    with pytest.raises(PlanError) as wrong:
        screen(recording, **options)
    assert wrong.value.next_step
    return str(wrong.value)


@given(
    rate_ul_per_h=st.floats(1.0, 1000.0),
    stroke_share=st.one_of(st.just(0.0), st.floats(0.001, 0.04)),
    noise_share=st.floats(0.0, 0.01),
    seed=st.integers(0, 10_000),
)
def test_a_pump_that_delivers_to_the_end_is_let_through(rate_ul_per_h, stroke_share, noise_share, seed):
    all_ul = 24 * rate_ul_per_h
    screen(day(rate_ul_per_h, stroke_share * all_ul, noise_share * all_ul, seed, interval_s=60.0))


@pytest.mark.parametrize("noise_ul", [0.0, 0.05, 1.0])
@pytest.mark.parametrize("stroke_ul", [0.0, 0.25, 2.5])
@pytest.mark.parametrize("stopped_h", [12.0, 20.0, 22.5])
def test_the_tail_after_the_reservoir_ran_dry_is_found_with_its_time(noise_ul, stroke_ul, stopped_h):
    full = day(stroke_ul=stroke_ul, noise_ul=0.0)
    noise = np.random.default_rng(3).normal(0, noise_ul, len(full.times_s))
    dry = np.minimum(full.amounts, 41.7 * stopped_h) + noise
    found_s = flow_end_s(full.times_s, dry)
    assert found_s is not None
    assert found_s / 3600 == pytest.approx(stopped_h, abs=0.25)
    message = refused(replace(full, amounts=dry))
    assert "reservoir ran dry, or the pump was stopped" in message
    assert "--use-to" in message


def test_a_tail_in_which_the_vessel_dries_is_found_as_well():
    full = day()
    dry = np.where(full.times_s < 20 * 3600, full.amounts, 834 - 0.05 * (full.times_s / 3600 - 20))
    assert flow_end_s(full.times_s, dry) == pytest.approx(20 * 3600, abs=60)


def test_leaving_the_tail_out_as_the_message_says_lets_the_rest_through():
    full = day()
    dry = replace(full, amounts=np.minimum(full.amounts, 834.0))
    to_h = float(refused(dry).rpartition("--use-to '")[2].removesuffix(" s'")) / 3600
    assert to_h == pytest.approx(20, abs=0.01)
    screen(cut(dry, None, to_h * 3600))


def test_a_pump_that_starts_late_and_pauses_in_between_is_let_through():
    full = day()
    delayed = np.clip(full.amounts - 41.7, 0, None)
    paused = np.where(full.times_s < 12 * 3600, delayed, np.maximum(delayed - 41.7 * 2, 458.7))
    screen(replace(full, amounts=paused))


def test_a_gap_is_told_with_its_line_and_allowed_when_it_is_said_to_be():
    full = day()
    kept = np.delete(np.arange(len(full.times_s)), slice(100, 103))
    torn = replace(full, times_s=full.times_s[kept], amounts=full.amounts[kept])
    message = refused(torn)
    assert "no reading for 120 s after line 101" in message
    assert "the longest allowed is 75 s" in message
    screen(torn, longest_gap_s=120.0)


def test_one_lost_reading_is_no_gap():
    full = day()
    kept = np.delete(np.arange(len(full.times_s)), 100)
    screen(replace(full, times_s=full.times_s[kept], amounts=full.amounts[kept]))


def test_an_emptied_vessel_is_told_with_its_line():
    full = day()
    emptied = full.amounts - np.where(np.arange(len(full.amounts)) >= 1000, 300.0, 0.0)
    message = refused(replace(full, amounts=emptied, measured=Dimension.MASS))
    assert "the mass falls by" in message
    assert "line 1002" in message


def test_the_flicker_of_a_coarse_balance_is_no_fall():
    full = day(rate_ul_per_h=1.0)
    flicker = np.round(full.amounts + np.random.default_rng(5).normal(0, 0.6, len(full.amounts)))
    screen(replace(full, amounts=flicker, measured=Dimension.MASS))


def test_a_negative_volume_is_told_with_its_line_and_value():
    full = day()
    assert "line 2: -12 µL" in refused(replace(full, amounts=full.amounts - 12.0))


def test_a_mass_below_zero_is_only_another_tare():
    full = day()
    screen(replace(full, amounts=full.amounts - 12_000.0, measured=Dimension.MASS))


def test_a_source_on_the_balance_is_told():
    full = day()
    assert "the pump itself was weighed" in refused(replace(full, amounts=2000 - full.amounts, measured=Dimension.MASS))


def test_an_amount_that_no_bench_weighs_is_told():
    assert "impossible" in refused(recorded(1e9 * np.arange(1, 100)))


def test_lines_and_times_are_those_of_the_file_after_a_cut():
    full = day()
    part = cut(full, 3600.0, None)
    assert (part.times_s[0], part.begins_s, part.line(0)) == (0.0, 3600.0, 122)
    assert "21 h after the first reading" in refused(replace(part, amounts=np.minimum(part.amounts, 41.7 * 21)))


def test_a_cut_that_leaves_nothing_is_refused():
    with pytest.raises(PlanError, match="0 readings"):
        cut(day(), 5.0, 6.0)


def test_a_refill_over_minutes_is_one_stretch_to_be_left_out():
    full = day()
    filled = full.amounts - 300 * np.clip((full.times_s - 36_000) / 240, 0, 1)
    told = refused(replace(full, amounts=filled))
    begin_s, end_s = (float(one) for one in told.partition("--exclude '")[2].partition(" s'")[0].split(" s.."))
    assert (begin_s, end_s) == pytest.approx((36_000, 36_240), abs=60)
    left, _ = exclude(replace(full, amounts=filled), (Stretch(begin_s, end_s),))
    screen(left)


def test_several_gaps_are_told_at_once_and_one_option_bridges_them_all():
    full = day()
    kept = np.ones(len(full.times_s), dtype=bool)
    for first, lost in ((100, 5), (200, 7), (300, 9)):
        kept[first : first + lost] = False
    few = full.part(kept)
    told = refused(few)
    assert told.count("--exclude") == 3
    assert ", and 2 more" in told
    screen(few, float(told.partition("--longest-gap '")[2].partition(" s'")[0]))
    kept[400:402] = kept[500:502] = False
    told = refused(full.part(kept))
    assert "--exclude" not in told
    screen(full.part(kept), float(told.partition("--longest-gap '")[2].partition(" s'")[0]))


def test_what_is_cut_at_a_tail_ends_before_the_interval_in_which_the_flow_ended():
    full = day()
    level = float(full.amounts[700]) + 0.5 * float(full.amounts[701] - full.amounts[700])
    told = refused(replace(full, amounts=np.minimum(full.amounts, level)))
    assert float(told.rpartition("--use-to '")[2].removesuffix(" s'")) == full.times_s[700]


def test_all_emptyings_are_told_at_once_and_leaving_them_out_lets_the_rest_through():
    full = day()
    emptied = replace(full, amounts=np.mod(full.amounts, 200.0))
    told = refused(emptied)
    assert ", and 4 times more" in told
    left, _ = exclude(emptied, stretches(told))
    screen(left)


def stretches(told):
    found = [one.partition("'")[0].removesuffix(" s").split(" s..") for one in told.split("--exclude '")[1:]]
    return tuple(Stretch(float(begin), float(end)) for begin, end in found)


@pytest.mark.parametrize("first", [5, 900])
def test_what_is_told_of_a_recording_with_a_stretch_taken_out_is_on_the_time_of_the_file(first):
    full = day()
    kept = np.ones(len(full.times_s), dtype=bool)
    kept[1000:1010] = False
    gone = full.part(kept)
    left, _ = exclude(gone, (Stretch(full.times_s[first], full.times_s[first + 50]),))
    told = refused(left)
    assert stretches(told) == (Stretch(full.times_s[999], full.times_s[1010]),)
    both, _ = exclude(gone, (Stretch(full.times_s[first], full.times_s[first + 50]), *stretches(told)))
    screen(both)
    assert both.file_s(len(both.times_s) - 1) == pytest.approx(full.times_s[-1])


def test_a_stretch_right_behind_one_that_was_taken_out_begins_at_its_end():
    full = day()
    taken, _ = exclude(full, (Stretch(3000.0, 3600.0),))
    index = int(np.searchsorted(taken.times_s, 3000.0))
    assert (taken.file_s(index), taken.file_begin_s(index), taken.file_s(index + 1)) == (3000.0, 3600.0, 3630.0)


def test_stretches_that_overlap_are_taken_out_once():
    full = day()
    one, _ = exclude(full, (Stretch(3000.0, 6000.0),))
    both, taken = exclude(full, (Stretch(3000.0, 5000.0), Stretch(4000.0, 6000.0)))
    assert len(taken) == 1
    assert both.times_s.tolist() == one.times_s.tolist()


def test_a_volume_that_falls_below_nought_may_be_what_is_left():
    full = day()
    assert "--loss-in-weight" in refused(replace(full, amounts=-full.amounts))
    assert "--loss-in-weight" in refused(replace(full, amounts=20_000 - full.amounts))
