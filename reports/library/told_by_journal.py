# SPDX-License-Identifier: Apache-2.0
"""What a journal says against its summary: a list of runs reads summaries, which anybody can change."""

from pathlib import Path

from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault, PlanError
from metrology.verdict import Verdict
from reports.summary import Summary
from reports.why.journal_map import JournalMap

_ENDED = b'"kind":"test-ended"'


def refuse_better_than_journal(folder: Path, summary: Summary) -> None:
    """Refuse a summary by which a test passed that did not pass by the end that its journal has.

    A verdict that was made worse after the end of its test stands in the summary alone; none is ever made better.

    Raises:
        BenchFault: it says so; or the journal cannot be read there.
    """
    passed = {entry.node for entry in summary.tests if entry.verdict is Verdict.PASS}
    try:
        with JournalMap(folder / JOURNAL) as journal:
            ends = {str(line.data.get("node")): str(line.data.get("verdict")) for line in journal.lines_with(_ENDED)}
    except PlanError:  # it holds nothing
        return
    wrong = [node for node, verdict in ends.items() if node in passed and verdict.upper() != Verdict.PASS.name]
    if wrong:
        seen = f"its summary says PASS of {wrong[0]}, its journal {ends[wrong[0]].upper()}"
        raise BenchFault(f"run {folder}", "list", seen, f"make it again: pumpbench report --rebuild {folder}")
