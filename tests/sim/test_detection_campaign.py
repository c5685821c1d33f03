# SPDX-License-Identifier: Apache-2.0
"""A small campaign on real twins: made once, gone on with, and the folder of a surprise kept."""

from pathlib import Path

import pytest

from tests.campaigns.detection.campaign import carry_out
from tests.campaigns.detection.outcome import Outcome
from tests.campaigns.detection.trial import Group, Trial

BAD = Trial(Group.SHOWING, ("rate_bias",), chapter="delivery", test="high")
REFUSED = Trial(Group.SHOWING, ("rate_bais",), chapter="delivery", test="high")


def lost(_trial: Trial, outcome: Outcome) -> str | None:
    return "it is lost" if outcome.verdict == "LOST" else None


def test_a_campaign_reads_each_run_keeps_what_surprises_and_makes_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUMPBENCH_STATE", str(tmp_path / "state"))  # the campaign sets its own; this puts it back
    results, told = tmp_path / "detection.jsonl", list[str]()
    bad, refused = carry_out([BAD, REFUSED], results, 2, told.append, lost)
    assert (bad.verdict, bad.exit_code) == ("FAIL", 1)
    assert {"DEL-003", "DEL-004"} <= set(bad.reddened)
    assert (bad.counts, bad.cpu_s > 0.0) == ({"FAIL": 1}, True)
    assert (refused.verdict, refused.exit_code) == ("LOST", 2)
    (kept,) = results.with_suffix(".surprises").iterdir()
    assert "did you mean 'rate_bias'" in (kept / "printed.txt").read_text(encoding="utf-8")
    again = carry_out([BAD, REFUSED], results, 2, told.append, lost)
    assert again == [bad, refused]
    assert told[-1] == "2 of 2 trials are made, 0 to come"
