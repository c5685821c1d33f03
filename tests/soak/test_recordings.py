# SPDX-License-Identifier: Apache-2.0
"""5,000 recordings of a known delivery, with the quirks and disturbances of real ones: no figure is wrong unsaid."""

from pathlib import Path

import pytest

from groundfloor.errors import PlanError
from metrology.recording import analyse, read_csv
from tests.unit.recording.recorded_truth import RecordedTruth

pytestmark = pytest.mark.soak

DRAWN = 5_000
BEYOND_U = 0.06
"""5 % ± 1 %."""
FAR = 3.0


def test_no_figure_lies_beyond_its_uncertainty_more_often_than_it_says(tmp_path: Path) -> None:
    beyond, figures, far = 0, 0, []
    for seed in range(DRAWN):
        drawn = RecordedTruth.drawn(seed)
        try:
            analysis = analyse(read_csv(drawn.written(tmp_path), options=drawn.options), drawn.request)
        except PlanError:
            continue
        if analysis.doubts:
            continue
        figures += 1
        off = abs(analysis.error.value - drawn.true_error_percent) / analysis.error.expanded_uncertainty()
        beyond += off > 1
        if off > FAR:
            far.append((seed, drawn.disturbance, off))
    print(f"{figures} figures of {DRAWN} recordings, {beyond} beyond U")
    assert beyond <= BEYOND_U * figures
    assert not far, far
