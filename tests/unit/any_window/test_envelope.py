# SPDX-License-Identifier: Apache-2.0
"""Between the two curves lies every course that a good pump may take."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrology.any_window import Envelope, RateChange, Span

HOUR_S = 3600.0


def at(*hours: float) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return HOUR_S * np.array(hours)


def test_without_any_reach_both_curves_are_the_programmed_volume() -> None:
    envelope = Envelope.of([RateChange(0.0, 20.0), RateChange(2 * HOUR_S, 60.0), RateChange(3 * HOUR_S, 0.0)])
    programmed_ul = [0.0, 0.0, 20.0, 40.0, 70.0, 100.0, 100.0]
    hours = at(-1, 0, 1, 2, 2.5, 3, 9)
    assert envelope.greatest.at(hours).tolist() == pytest.approx(programmed_ul)
    assert envelope.least.at(hours).tolist() == pytest.approx(programmed_ul)


def test_a_change_counts_early_where_it_rises_and_late_where_it_falls_for_the_greatest_and_the_other_way_round() -> (
    None
):
    step = RateChange(HOUR_S, 60.0, early_s=60.0, late_s=360.0)
    envelope = Envelope.of([RateChange(0.0, 20.0), step])
    # 40 µL/h more for 60 s is 0.667 µL, 40 µL/h less for 360 s is 4 µL.
    assert envelope.greatest.at(at(2))[0] == pytest.approx(80 + 40 / 60)
    assert envelope.least.at(at(2))[0] == pytest.approx(80 - 4)
    falls = Envelope.of([RateChange(0.0, 60.0), RateChange(HOUR_S, 20.0, early_s=60.0, late_s=360.0)])
    assert falls.greatest.at(at(2))[0] == pytest.approx(80 + 4)
    assert falls.least.at(at(2))[0] == pytest.approx(80 - 40 / 60)


def test_layers_add_up() -> None:
    bolus = [RateChange(HOUR_S, 120.0, late_s=60.0), RateChange(HOUR_S + 600.0, 0.0, late_s=60.0)]
    envelope = Envelope.of([RateChange(0.0, 20.0)], bolus)
    assert envelope.greatest.at(at(3))[0] == pytest.approx(60 + 20 + 2)
    assert envelope.least.at(at(3))[0] == pytest.approx(60 + 20 - 2)


def test_under_a_fault_nothing_is_due_and_what_was_stored_may_come_on_release() -> None:
    envelope = Envelope.of([RateChange(0.0, 60.0)])
    shut = envelope.with_nothing_due_in([Span(HOUR_S, 2 * HOUR_S)]).with_released([(2 * HOUR_S, 18.75)])
    assert shut.least.at(at(1, 1.5, 2, 3)).tolist() == pytest.approx([60, 60, 60, 120])
    assert shut.greatest.at(at(1.5, 1.999, 2)).tolist() == pytest.approx([90, 119.94, 120 + 18.75])


changes = st.lists(
    st.tuples(st.floats(1.0, 5000.0), st.floats(0.0, 100.0), st.floats(0.0, 900.0), st.floats(0.0, 900.0)),
    min_size=1,
    max_size=8,
)


@given(changes, st.integers(0, 2**32 - 1))
def test_a_course_with_every_change_early_or_late_stays_between_in_every_window(
    drawn: list[tuple[float, float, float, float]], seed: int
) -> None:
    programmed, began_s = [], 0.0
    for lasts_s, rate, early_s, late_s in drawn:
        programmed.append(RateChange(began_s, rate, early_s, late_s))
        began_s += lasts_s
    rng, came = np.random.default_rng(seed), []
    for one in programmed:
        least_s = max([one.at_s - one.early_s, *[other.at_s for other in came]])
        came.append(RateChange(rng.uniform(least_s, max(least_s, one.at_s + one.late_s)), one.rate_ul_per_h))
    # Where two changes may pass each other their order is not that of the program any more: no such pump is claimed.
    if any(real.at_s > one.at_s + one.late_s for real, one in zip(came, programmed, strict=True)):
        return
    times_s = np.linspace(-1000.0, began_s + 2000.0, 300)
    volume_ul = Envelope.of(came).greatest.at(times_s)
    envelope = Envelope.of(programmed)
    for curve, sign in ((envelope.greatest, 1.0), (envelope.least, -1.0)):
        # in every window the allowed volume is at least what came: the difference never falls
        assert np.all(np.diff(sign * (curve.at(times_s) - volume_ul)) >= -1e-9)
