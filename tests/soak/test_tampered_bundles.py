# SPDX-License-Identifier: Apache-2.0
"""Ten thousand random tamperings of a sealed record; `PUMPBENCH_SOAK_TAMPERINGS` sets another number."""

import os
from pathlib import Path

import pytest

from tests.sim.bundle_tampering import missed
from tests.sim.sealed_runs import SealedRuns
from tests.sim.strange_tampering import EVERY_TAMPERING
from tests.soak.figures import Figures

pytestmark = pytest.mark.soak
SEED = 20270103


def test_no_tampering_of_a_sealed_record_is_missed(tmp_path: Path) -> None:
    trials = int(os.environ.get("PUMPBENCH_SOAK_TAMPERINGS", "10000"))
    runs = SealedRuns.make(tmp_path)
    place = tmp_path / "tampered"
    place.mkdir()
    found = list(missed(runs, trials, SEED, place, EVERY_TAMPERING))
    Figures(
        "Sealed records tampered with at random, each class in its turn: found, and what was changed named",
        ("tamperings", "classes", "missed"),
        ((trials, len(EVERY_TAMPERING), len(found)),),
    ).keep("tampered_bundles")
    assert found == []
