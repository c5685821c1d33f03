# SPDX-License-Identifier: Apache-2.0
"""`pumpbench run` forked from a process that has imported it all: a third of the processor time of a short run."""

from collections.abc import Sequence
from pathlib import Path

from tests.campaigns.forked_runs import PRINTED, ForkedRuns
from tests.journal_validation import misfits
from tests.sim.bench_run import LIMIT_S, BenchRun

_RUNS = ForkedRuns(LIMIT_S)


def forked_run(out: Path, *options: str, select: str = "", more: Sequence[str] = ()) -> BenchRun:
    """Run the simulated bench to the end, and leave only journal and summary in the one folder under `out`."""
    selection = ["-k", select] if select else []
    plugins = ["-p", "no:unraisableexception", "-p", "no:hypothesispytest"]
    words = ["simulated", f"--out={out}", "--journal-only", *options, "--", *plugins, *selection, *more]
    exit_code = _RUNS.run(words, out)
    printed = (out / PRINTED).read_text(encoding="utf-8", errors="replace")
    folders = [path for path in out.iterdir() if path.is_dir()]
    assert len(folders) == 1, f"{folders}\n{printed}"
    journal = folders[0] / "journal.jsonl"
    assert not (journal.is_file() and misfits(journal)), misfits(journal)
    return BenchRun(exit_code, printed, "", folders[0])
