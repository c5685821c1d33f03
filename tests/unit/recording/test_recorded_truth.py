# SPDX-License-Identifier: Apache-2.0
"""Recordings of a known delivery: a figure lies within its U, or a word was said; `tests/soak` draws 5,000 of them."""

from groundfloor.errors import PlanError
from metrology.recording import analyse, read_csv
from tests.unit.recording.recorded_truth import RecordedTruth

DRAWN = 80
QUIET = ("none", "dropout", "dip")


def test_a_figure_lies_within_its_uncertainty_or_a_word_was_said(tmp_path):
    beyond, figures, refused_quiet = [], 0, []
    for seed in range(DRAWN):
        drawn = RecordedTruth.drawn(seed)
        try:
            analysis = analyse(read_csv(drawn.written(tmp_path), options=drawn.options), drawn.request)
        except PlanError as refused:
            if drawn.disturbance in QUIET:
                refused_quiet.append((seed, str(refused)))
            continue
        if analysis.doubts:
            continue
        figures += 1
        off = abs(analysis.error.value - drawn.true_error_percent) / analysis.error.expanded_uncertainty()
        if off > 1:
            beyond.append((seed, drawn.disturbance, off))
    assert not refused_quiet
    assert figures >= DRAWN // 3
    assert len(beyond) <= 0.06 * figures + 2, beyond
    assert not [one for one in beyond if one[2] > 3]
