# SPDX-License-Identifier: Apache-2.0
"""A profile may promise that a start takes up the rest of a bolus: then the pump that does passes, and no other."""

from pathlib import Path

import pytest

from metrology.verdict import Verdict
from tests.sim.forked_run import forked_run

PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"
TEST = "stopped_in_the_middle"


@pytest.fixture
def resuming(tmp_path: Path) -> Path:
    text = (PROFILES / "implantable-20ml.toml").read_text(encoding="utf-8")
    ended = "resumed_after_stop = { value = false"
    assert ended in text
    path = tmp_path / "resuming.toml"
    path.write_text(text.replace(ended, "resumed_after_stop = { value = true"), encoding="utf-8")
    return path


@pytest.mark.parametrize(("defects", "verdict"), [(["bolus_resumed"], Verdict.PASS), ([], Verdict.FAIL)])
def test_the_rest_of_a_stopped_bolus_is_due_where_it_is_promised(
    resuming: Path, tmp_path: Path, defects: list[str], verdict: Verdict
) -> None:
    bad = [f"--defect={one}" for one in defects]
    out = tmp_path / "runs"
    out.mkdir()
    run = forked_run(out, f"--profile={resuming}", *bad, "--chapter=bolus", select=TEST)
    assert run.test.verdict is verdict, run.test.reason
    assert ("BOL-004" in run.red_requirements) is (verdict is Verdict.FAIL)
