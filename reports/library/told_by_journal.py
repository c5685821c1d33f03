# SPDX-License-Identifier: Apache-2.0
"""What a journal says against its summary: a list of runs reads summaries, which anybody can change."""

from pathlib import Path

from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault, PlanError
from metrology.verdict import Verdict
from reports.why.journal_map import JournalMap

_ENDED = b'"kind":"test-ended"'


def refuse_better_than_journal(folder: Path) -> None:
    """Refuse a summary that says PASS of a run in which a test did not, by the end that its journal has for it.

    A verdict that was made worse after the end of its test stands in the summary alone; none is ever made better.

    Raises:
        BenchFault: a test did not pass; or the journal cannot be read there.
    """
    try:
        with JournalMap(folder / JOURNAL) as journal:
            ends = {str(line.data.get("node")): str(line.data.get("verdict")) for line in journal.lines_with(_ENDED)}
    except PlanError:  # it holds nothing
        return
    wrong = [f"{verdict.upper()} of {node}" for node, verdict in ends.items() if verdict.upper() != Verdict.PASS.name]
    if wrong:
        seen = f"its summary says PASS, its journal {wrong[0]}"
        raise BenchFault(f"run {folder}", "list", seen, f"make it again: pumpbench report --rebuild {folder}")
