# SPDX-License-Identifier: Apache-2.0
"""Accuracy over consecutive boluses, the late part of each included."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import BolusSpan, DeliveryCurve, FloatArray, bolus_accuracy

EVERY_S, PUSH_S, WAIT_S = 3600.0, 600.0, 1500.0
NOMINAL_UL = 20.0
DECAY_S = 120.0


def spans(count: int, wait_s: float = WAIT_S) -> list[BolusSpan]:
    starts_s = [600 + EVERY_S * number for number in range(count)]
    return [BolusSpan(start_s, start_s + PUSH_S, start_s + PUSH_S + wait_s) for start_s in starts_s]


def delivery(volumes_ul: list[float], late_share: float = 0.0, basal_ul_per_h: float = 0.0) -> DeliveryCurve:
    """Boluses of which a share is late: it arrives after the nominal end and dies away with `DECAY_S`."""
    times_s = 5.0 * np.arange(round((600 + EVERY_S * len(volumes_ul)) / 5) + 1)
    total_ul: FloatArray = basal_ul_per_h / 3600 * times_s
    for span, volume_ul in zip(spans(len(volumes_ul)), volumes_ul, strict=True):
        pushed = np.clip((times_s - span.start_s) / PUSH_S, 0, 1)
        late = 1 - np.exp(-np.maximum(times_s - span.nominal_end_s, 0) / DECAY_S)
        total_ul = total_ul + volume_ul * ((1 - late_share) * pushed + late_share * late)
    return DeliveryCurve(times_s, total_ul)


def test_mean_greatest_and_least_error_of_25_boluses() -> None:
    volumes_ul = [NOMINAL_UL] * 22 + [19.0, 18.0, 21.0]
    accuracy = bolus_accuracy(delivery(volumes_ul, basal_ul_per_h=2.0), 2.0, spans(25), NOMINAL_UL)
    assert accuracy.count == 25
    assert accuracy.volumes_ul == pytest.approx(volumes_ul)
    assert accuracy.mean_error_percent == pytest.approx(-2 / 25 / NOMINAL_UL * 100)
    assert accuracy.greatest_error_percent == pytest.approx(5.0)
    assert accuracy.least_error_percent == pytest.approx(-10.0)
    assert accuracy.late_share_percent == pytest.approx(0, abs=1e-9)


def test_what_arrives_late_belongs_to_its_bolus_and_its_share_is_told() -> None:
    accuracy = bolus_accuracy(delivery([NOMINAL_UL] * 25, 0.12, 2.0), 2.0, spans(25), NOMINAL_UL)
    still_missing = 0.12 * math.exp(-WAIT_S / DECAY_S)
    assert accuracy.late_share_percent == pytest.approx(100 * (0.12 - still_missing) / (1 - still_missing), abs=1e-6)
    assert accuracy.mean_error_percent == pytest.approx(-100 * still_missing, abs=1e-6)
    assert accuracy.greatest_wait_s == WAIT_S


def test_without_waiting_what_is_late_is_missing() -> None:
    accuracy = bolus_accuracy(delivery([NOMINAL_UL] * 25, 0.12), 0.0, spans(25, wait_s=0.0), NOMINAL_UL)
    assert accuracy.mean_error_percent == pytest.approx(-12.0)
    assert accuracy.late_share_percent == pytest.approx(0)


def test_a_basal_rate_that_is_not_taken_off_would_count_as_bolus() -> None:
    accuracy = bolus_accuracy(delivery([NOMINAL_UL] * 25, basal_ul_per_h=2.0), 0.0, spans(25), NOMINAL_UL)
    assert accuracy.mean_error_percent == pytest.approx(2.0 * (PUSH_S + WAIT_S) / 3600 / NOMINAL_UL * 100)


@given(volumes_ul=st.lists(st.floats(0, 40), min_size=1, max_size=5), late_share=st.floats(0, 0.3))
def test_the_mean_lies_between_the_extremes(volumes_ul: list[float], late_share: float) -> None:
    accuracy = bolus_accuracy(
        delivery(volumes_ul, late_share), 0.0, spans(len(volumes_ul)), NOMINAL_UL, consecutive=len(volumes_ul)
    )
    assert accuracy.least_error_percent - 1e-9 <= accuracy.mean_error_percent <= accuracy.greatest_error_percent + 1e-9


def test_where_nothing_came_no_share_was_late() -> None:
    accuracy = bolus_accuracy(delivery([0.0] * 25), 0.0, spans(25), NOMINAL_UL)
    assert (accuracy.mean_error_percent, accuracy.late_share_percent) == (-100.0, None)


def test_a_bolus_left_out_is_missed() -> None:
    with pytest.raises(PlanError, match="24 boluses of 25"):
        bolus_accuracy(delivery([NOMINAL_UL] * 25), 0.0, spans(24), NOMINAL_UL)


def test_volume_is_never_counted_for_two_boluses() -> None:
    with pytest.raises(PlanError, match="one begins at 4200 s, the one before it is collected until 4201 s"):
        bolus_accuracy(delivery([20.0] * 2), 0.0, spans(2, wait_s=3001.0), NOMINAL_UL, consecutive=2)


@pytest.mark.parametrize("instants_s", [(0.0, 0.0, 5.0), (0.0, 5.0, 4.0), (math.nan, 5.0, 6.0), (0.0, 5.0, math.nan)])
def test_instants_out_of_order_are_refused(instants_s: tuple[float, float, float]) -> None:
    with pytest.raises(PlanError, match="order the instants"):
        BolusSpan(*instants_s)


@pytest.mark.parametrize(("nominal_ul", "basal"), [(0.0, 0.0), (math.nan, 0.0), (20.0, math.nan)])
def test_figures_that_cannot_be_are_refused(nominal_ul: float, basal: float) -> None:
    with pytest.raises(PlanError, match="nominal volume"):
        bolus_accuracy(delivery([20.0]), basal, spans(1), nominal_ul, consecutive=1)


def test_a_wait_beyond_the_recording_is_refused() -> None:
    with pytest.raises(Inconclusive, match="4700 s is asked for, but it reaches from 0 s to 4200 s"):
        bolus_accuracy(delivery([20.0]), 0.0, spans(1, wait_s=3500.0), NOMINAL_UL, consecutive=1)


def test_a_bolus_that_ends_in_a_gap_is_refused() -> None:
    whole = delivery([20.0])
    kept = (whole.times_s < 1195) | (whole.times_s > 1215)
    with pytest.raises(Inconclusive, match="no sample for 30 s"):
        bolus_accuracy(DeliveryCurve(whole.times_s[kept], whole.volumes_ul[kept]), 0.0, spans(1), 20.0, consecutive=1)
