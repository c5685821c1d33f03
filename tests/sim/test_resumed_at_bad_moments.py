# SPDX-License-Identifier: Apache-2.0
"""A run that is killed just after its pump's start, or in a bolus, does not turn a good pump into a bad one.

Both were found by stopping a reference run at every write, sync, command and reply.
"""

from pathlib import Path

import pytest

from bench.journal import JournalLine, read_lines
from metrology.verdict import Verdict
from tests.sim.resume_lab import Outcome, killed_and_resumed

PLAN = Path(__file__).with_name("bolus_plan.py")
SEED = 1


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[JournalLine]:
    """The journal of the run that nobody kills."""
    folder = tmp_path_factory.mktemp("unbroken")
    assert killed_and_resumed(folder, SEED, [], plan=PLAN).verdict is Verdict.PASS
    (run,) = (folder / "runs").iterdir()
    return list(read_lines(run / "journal.jsonl"))


def _killed_behind(folder: Path, lines: list[JournalLine], what: str) -> Outcome:
    """Kill the run at the second request behind the last line that tells of `what`."""
    place = max(number for number, line in enumerate(lines, start=1) if str(line.data.get("title")).startswith(what))
    return killed_and_resumed(folder, SEED, [place + 1], plan=PLAN)


def test_a_first_stroke_that_came_while_nobody_looked_is_not_missing(tmp_path: Path, lines: list[JournalLine]) -> None:
    outcome = _killed_behind(tmp_path, lines, "start: ")
    assert outcome.resumes == 1
    assert outcome.verdict in (Verdict.PASS, Verdict.INCONCLUSIVE), outcome.reason
    assert "none came" not in outcome.reason


def test_a_bolus_that_an_interruption_cut_is_left_open(tmp_path: Path, lines: list[JournalLine]) -> None:
    outcome = _killed_behind(tmp_path, lines, "bolus: ")
    assert outcome.resumes == 1
    assert outcome.verdict is Verdict.INCONCLUSIVE, outcome.reason
