# SPDX-License-Identifier: Apache-2.0
"""Boluses of a recording: what comes late is theirs, a basal flow is not, and what is none of a pump is told."""

import numpy as np
import pytest

from groundfloor.errors import PlanError
from metrology.recording.boluses import find_boluses
from metrology.recording.recording import Recording
from metrology.recording.unit import Dimension
from tests.unit.recording.recorded_truth import LIQUID, MG_PER_UL, AnalysisRequest

EVERY_S = 5.0
BEGINS_S = 300 + 900.0 * np.arange(15)


def recorded(late_ul=0.0, basal_ul_per_h=0.0, stroke_ul=0.0, more_mg=None, measured=Dimension.MASS, seed=4):
    """Return boluses of 10 µL in a minute each, every 15 min."""
    times_s = np.arange(0.0, 4 * 3600, EVERY_S)
    volumes_ul = basal_ul_per_h * times_s / 3600
    for begin_s in BEGINS_S:
        since_s = np.maximum(times_s - begin_s, 0)
        volumes_ul += (10 - late_ul) * np.minimum(since_s / 60, 1)
        volumes_ul += np.where(since_s > 60, late_ul * (1 - np.exp(-(since_s - 60) / 120)), 0)
    if stroke_ul:
        volumes_ul = stroke_ul * np.floor(volumes_ul / stroke_ul + 0.3)
    each = MG_PER_UL if measured is Dimension.MASS else 1.0
    noise = np.random.default_rng(seed).normal(0, 0.02, len(times_s))
    amounts = each * volumes_ul + noise + (more_mg(times_s) if more_mg is not None else 0.0)
    amounts = 0.01 * np.round((12_000 * (measured is Dimension.MASS) + amounts) / 0.01)
    return Recording("bolus.csv", times_s, amounts, measured, ("t", "m"), 2)


def found_in(recording):
    return find_boluses(recording, AnalysisRequest(LIQUID), 10.0, None)


@pytest.mark.parametrize("late_ul", [0.0, 1.0, 2.0])
@pytest.mark.parametrize("seed", range(3))
def test_what_comes_late_belongs_to_a_bolus_and_is_no_basal_flow(late_ul, seed):
    found = found_in(recorded(late_ul, seed=seed))
    assert len(found.boluses) == 15
    assert found.basal_ul_per_h == 0
    assert float(np.mean(found.errors_percent)) == pytest.approx(0, abs=0.3)
    if late_ul <= 1.0:  # of more, a part lies before nine tenths of the volume, and so in the bolus itself
        assert found.boluses[3].late_ul == pytest.approx(late_ul, abs=0.25)
    assert found.doubts == ()


@pytest.mark.parametrize(("basal", "stroke"), [(20.0, 0.0), (100.0, 0.0), (20.0, 0.5), (60.0, 0.5)])
def test_a_basal_flow_is_none_of_a_bolus_whether_it_is_even_or_in_strokes(basal, stroke):
    found = found_in(recorded(basal_ul_per_h=basal, stroke_ul=stroke))
    assert len(found.boluses) == 15
    assert found.basal_ul_per_h == pytest.approx(basal, rel=0.1)
    for one in found.boluses:
        assert abs(one.volume.value - 10) <= 1.3 * one.volume.expanded_uncertainty()
    assert any("a basal flow of" in told for told in found.assumed)


def test_a_bolus_that_failed_is_told_as_one():
    recording = recorded()
    failed = 7.0 * MG_PER_UL * np.clip((recording.times_s - BEGINS_S[5] - 18) / 42, 0, 1)
    short = Recording("bolus.csv", recording.times_s, recording.amounts - failed, Dimension.MASS, ("t", "m"), 2)
    found = found_in(short)
    assert len(found.boluses) == 15
    assert found.boluses[5].volume.value == pytest.approx(3.0, abs=0.1)


def test_a_vessel_that_dries_between_boluses_puts_them_in_doubt_with_the_option_that_says_so():
    (doubt,) = found_in(recorded(more_mg=lambda times_s: -2 * times_s / 3600)).doubts
    lost = float(doubt.partition("--evaporation '")[2].partition(" mg/h'")[0])
    assert lost == pytest.approx(2, rel=0.15)
    (told,) = found_in(recorded(measured=Dimension.VOLUME, more_mg=lambda times_s: -2 * times_s / 3600)).doubts
    assert "µL an hour are lost between the boluses" in told


def test_a_knock_among_boluses_is_in_doubt_with_the_option_that_takes_it_out():
    found = found_in(recorded(more_mg=lambda times_s: 6.0 * (times_s >= 2000)))
    assert len(found.boluses) == 16
    (doubt,) = found.doubts
    assert "bolus 3 takes" in doubt
    assert "--exclude '1995 s..2000 s'" in doubt


@pytest.mark.parametrize("size_mg", [50.0, -50.0])
def test_a_touch_between_boluses_is_left_out_and_told(size_mg):
    found = found_in(recorded(more_mg=lambda times_s: size_mg * ((times_s >= 2000) & (times_s < 2010))))
    assert len(found.boluses) == 15
    assert float(np.mean(found.errors_percent)) == pytest.approx(0, abs=0.3)
    assert any("go off and come back are left out, 1 times, first at line 402" in told for told in found.assumed)


def test_a_tare_and_a_gap_among_boluses_are_refused():
    with pytest.raises(PlanError, match="falls by 70"):
        found_in(recorded(more_mg=lambda times_s: -70.0 * (times_s >= 7000)))
    whole = recorded()
    with pytest.raises(PlanError, match="a gap"):
        found_in(whole.part((whole.times_s < 2000) | (whole.times_s > 2600)))


def test_a_nominal_volume_that_is_far_too_large_is_refused():
    with pytest.raises(PlanError, match="no rise by a tenth"):
        find_boluses(recorded(), AnalysisRequest(LIQUID), 100.0, None)
