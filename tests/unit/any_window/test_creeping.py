# SPDX-License-Identifier: Apache-2.0
"""A display that was moved at once and creeps back is no pump that gives more, or less, up to how far it was moved."""

import numpy as np
import pytest

from metrology.any_window import Jump, Span, crept_down_ul, crept_up_ul, worst_window
from metrology.delivery import FloatArray

RATE_UL_PER_H, MOVED_S, OFF_UL, HOME_S = 40.0, 3600.0, 15.0, 300.0
TIMES_S = np.arange(0.0, 5 * 3600.0, 30.0)
DUE_UL = RATE_UL_PER_H / 3600 * TIMES_S
FALL = Span(MOVED_S - 30.0, MOVED_S)


def moved(off_ul: float, home_s: float) -> FloatArray:
    """A pump without fault on a display that is moved at once and creeps home with a time constant."""
    since_s = TIMES_S - MOVED_S
    return DUE_UL + np.where(since_s >= 0, off_ul * np.exp(-np.maximum(since_s, 0) / home_s), 0.0)


def worst_ul(level_ul: FloatArray) -> float:
    """The worst window that does not reach over the fall, as the course of an infusion cuts it there."""
    found = worst_window(TIMES_S, level_ul, (int(MOVED_S / 30.0),))
    assert found is not None
    return found.rise_ul


def test_what_creeps_up_after_a_fall_is_open_up_to_the_fall() -> None:
    shown_ul = moved(-OFF_UL, HOME_S)
    crept_ul = crept_up_ul(TIMES_S, shown_ul, 1.145 * DUE_UL, [FALL])
    assert worst_ul(shown_ul - 1.145 * DUE_UL) > 9.0
    assert worst_ul(shown_ul - crept_ul - 1.145 * DUE_UL) == pytest.approx(0.0, abs=0.1)


def test_what_comes_beyond_the_fall_or_later_than_half_an_hour_is_the_pumps() -> None:
    shown_ul = moved(-OFF_UL, HOME_S)
    burst_ul = np.where(TIMES_S >= MOVED_S + 900.0, 30.0, 0.0)
    late_ul = np.where(TIMES_S >= MOVED_S + 2400.0, 10.0, 0.0)
    for more_ul, at_least_ul in ((burst_ul, 25.0), (late_ul, 9.5)):
        crept_ul = crept_up_ul(TIMES_S, shown_ul + more_ul, 1.145 * DUE_UL, [FALL])
        assert worst_ul(shown_ul + more_ul - crept_ul - 1.145 * DUE_UL) > at_least_ul


def test_what_lacks_after_a_jump_that_nothing_answers_for_is_open_up_to_the_jump() -> None:
    shown_ul, jump = moved(OFF_UL, 3000.0), Jump(FALL, OFF_UL, makes_up=False)
    crept_ul = crept_down_ul(TIMES_S, shown_ul, 0.855 * DUE_UL, [jump])
    assert worst_ul(0.855 * DUE_UL - shown_ul) > 4.0
    assert worst_ul(0.855 * DUE_UL - shown_ul - crept_ul) == pytest.approx(0.0, abs=0.1)


def test_a_stall_that_takes_more_than_the_jump_brought_is_the_pumps() -> None:
    stalled_ul = np.minimum(DUE_UL, DUE_UL[int(MOVED_S / 30.0)]) + np.where(TIMES_S >= MOVED_S, 5.0, 0.0)
    crept_ul = crept_down_ul(TIMES_S, stalled_ul, 0.855 * DUE_UL, [Jump(FALL, 5.0, makes_up=False)])
    assert worst_ul(0.855 * DUE_UL - stalled_ul - crept_ul) > 100.0


def test_without_a_fall_or_a_jump_nothing_is_open() -> None:
    assert not np.any(crept_up_ul(TIMES_S, DUE_UL, 1.145 * DUE_UL, []))
    assert not np.any(crept_down_ul(TIMES_S, DUE_UL, 0.855 * DUE_UL, []))
