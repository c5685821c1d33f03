# SPDX-License-Identifier: Apache-2.0
"""What is no whole record is refused by whatever judges or compares it, however well its summary reads."""

import pytest

from cli.compare import compare
from groundfloor.errors import BenchFault
from reports.replay import replayed
from tests.unit.reports.kept_runs import judged, kept_run


@pytest.fixture
def broken(tmp_path):
    folder = kept_run(tmp_path / "broken", (judged("volume", 100.0),))
    (folder / "journal.jsonl").write_text("junk")
    return folder


def test_a_journal_that_holds_no_test_is_judged_by_nobody(broken):
    with pytest.raises(BenchFault, match=r"judge it again: .* Next: name the folder of a run that tested something"):
        replayed(broken)


def test_an_input_that_is_another_is_named_before_a_run_is_judged_again(tmp_path):
    folder = kept_run(tmp_path / "run", (judged("volume", 100.0),))
    first = '{"seq":0,"t":0.0,"kind":"journal-opened","data":{"format":"1.0","inputs":{"profile.toml":"0"}},"prev":"0"}'
    (folder / "journal.jsonl").write_text(first.replace('"prev":"0"', f'"prev":"{"0" * 64}"') + "\n")
    with pytest.raises(BenchFault, match=r"check profile\.toml"):
        replayed(folder)


def test_a_run_is_compared_only_where_its_journal_bears_its_summary_out(broken):
    with pytest.raises(BenchFault):
        compare(broken, broken)
