# SPDX-License-Identifier: Apache-2.0
"""A mark in which strokes fall: its line is off by little, and its scatter says by more; fewer strokes do not show."""

import numpy as np
import pytest

from metrology.gravimetry import BalanceMark
from metrology.gravimetry.mark_influences import LEAST_STROKES, unfinished_stroke

STROKE_UL, SECONDS = 0.5, np.arange(11.0) - 5.0
PHASES = np.linspace(0.0, 1.0, 200, endpoint=False)


def marks(strokes: float) -> list[tuple[float, BalanceMark]]:
    """Every phase of so many strokes in ten seconds: how far the mark is off the mean flow, and the mark."""
    found = []
    for phase in PHASES:
        turned = SECONDS * strokes / 10 + phase
        mark = BalanceMark.fit(SECONDS.tolist(), (STROKE_UL * np.floor(turned) / 1000).tolist())
        found.append((1000 * mark.mass_g - STROKE_UL * (phase - 0.5), mark))
    return found


@pytest.mark.parametrize("strokes", [LEAST_STROKES, 1.16, 1.3, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0])
def test_from_so_many_strokes_on_the_scatter_covers_the_line_at_every_phase(strokes: float) -> None:
    for off_ul, mark in marks(strokes):
        assert abs(off_ul) < STROKE_UL / 6
        assert mark.scatter_mg > STROKE_UL / 4


@pytest.mark.parametrize("strokes", [0.5, 0.8])
def test_with_fewer_some_phases_show_nothing_and_are_off_by_more(strokes: float) -> None:
    assert any(abs(off_ul) > 2.26 * mark.scatter_mg + 0.01 for off_ul, mark in marks(strokes))


@pytest.mark.parametrize("strokes", [0.5, 0.8, 0.95, 1.16, 1.5, 2.0, 4.0])
def test_no_mark_goes_without_both_the_stroke_and_a_scatter_that_covers_it(strokes: float) -> None:
    """By the slope of the mark's own line, which a staircase makes too steep or too flat."""
    for off_ul, mark in marks(strokes):
        unseen_ul = unfinished_stroke(mark, STROKE_UL).number.u * 3**0.5
        assert abs(off_ul) <= max(unseen_ul, mark.scatter_mg) + 1e-9
