# SPDX-License-Identifier: Apache-2.0
"""A stored run, checked before anything of it is shown: inputs, journal, and all that was made from it.

What contradicts the journal is refused and named. What stands in the folder and no run writes is named, too, and
hinders nobody: it is part of no verdict.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.recorded import MANY_JUDGEMENTS, RecordedRun, refuse_contradictions
from bench.run import recorded_hashes, refuse_changed_inputs
from bench.run_folder import ALLURE_RESULTS, JOURNAL, SUMMARY
from bench.run_process import goes_on
from groundfloor.errors import BenchFault
from groundfloor.system.forked_work import ForkedWork
from reports import samples_parquet
from reports.allure_statuses import has_results, rebuild_allure
from reports.derived_files import SAMPLES, differences, rebuild_tables
from reports.folder_check import others_in
from reports.summary import Summary, summarise, summary_of

EXPECTED = (SUMMARY, SAMPLES, ALLURE_RESULTS)
"""What a run that came to its end leaves behind."""


@dataclass(frozen=True)
class CheckedRun:
    """A run whose record does not contradict itself.

    Attributes:
        folder: where it is.
        recorded: what its journal says.
        summary: made from that now.
        remarks: what is odd about the folder and changes no verdict, a sentence each.
    """

    folder: Path
    recorded: RecordedRun
    summary: Summary
    remarks: tuple[str, ...]

    @classmethod
    def read(cls, folder: Path, *, rebuild: bool = False) -> "CheckedRun":
        """Check the run in a folder.

        Args:
            folder: of the run.
            rebuild: make files that contradict the journal again, instead of refusing them.

        Raises:
            BenchFault: an input was changed, the journal is broken or contradicts itself, or a file that was made from
                it says something else.
            PlanError: the requirements that it keeps are no baseline.
        """
        refuse_changed_inputs(folder)
        recorded = RecordedRun.read(folder / JOURNAL)
        over = not goes_on(folder)
        worth_it = over and not rebuild and len(recorded.judgements) >= MANY_JUDGEMENTS
        made = cache(lambda: summary_of(folder, recorded))  # once, where no copy of this process makes its own
        with ForkedWork(lambda: _differences(folder, made()), worth_it=worth_it) as beside:
            refuse_contradictions(folder, recorded)
            summary = made()
            wrong = json.loads(beside.result()) if over and not rebuild else []
        if not over:
            return cls(folder, recorded, summary, ())
        remarks = [*map(str, others_in(folder, recorded_hashes(folder))), *_missing(folder, recorded)]
        if rebuild:
            summarise(folder)
            samples_parquet.write(folder)
            rebuild_tables(folder)
            rebuild_allure(folder, summary)
        elif wrong:
            seen = "; ".join(wrong)
            next_step = "it was changed after the run: `pumpbench report RUN --rebuild` makes it again from the journal"
            raise BenchFault(f"run folder {folder}", "hold what was made from the journal against it", seen, next_step)
        return cls(folder, recorded, summary, tuple(remarks))


def _differences(folder: Path, summary: Summary) -> bytes:
    """Return what was made from the journal and says something else: JSON of a sentence each."""
    return json.dumps([str(one) for one in differences(folder, summary)]).encode()


def _missing(folder: Path, recorded: RecordedRun) -> Iterator[str]:
    if recorded.aborted:
        return
    for name in EXPECTED:
        if not (folder / name).exists():
            yield f"{name} is missing: the run wrote it, and it was taken away since"
    if recorded.tests and (folder / ALLURE_RESULTS).is_dir() and not has_results(folder):
        yield f"{ALLURE_RESULTS} holds no result: they were written elsewhere, or taken away since"
