# SPDX-License-Identifier: Apache-2.0
"""A stored run, checked before anything of it is shown: inputs, journal, and all that was made from it.

What contradicts the journal is refused and named. What stands in the folder and no run writes is named, too, and
hinders nobody: it is part of no verdict.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.journal import CONTINUED
from bench.recorded import RecordedRun, refuse_contradictions
from bench.run import recorded_hashes, refuse_changed_inputs
from bench.run_folder import ABSENCE, ALLURE_RESULTS, JOURNAL, SUMMARY
from bench.run_process import PID_FILE, REQUEST_FILE, STOPPING_FILE, goes_on
from groundfloor.errors import BenchFault
from reports import samples_parquet
from reports.allure_statuses import has_results, rebuild_allure
from reports.derived_files import SAMPLES, differences, rebuild_tables
from reports.infusion_files import PICTURES
from reports.infusion_files import SAMPLES as TABLES
from reports.page import PAGE
from reports.summary import Summary, summarise, summary_of

WRITTEN = (JOURNAL, CONTINUED, SUMMARY, ABSENCE, SAMPLES, PID_FILE, REQUEST_FILE, STOPPING_FILE, PAGE)
"""Files that a run writes or makes, its inputs apart."""
WRITTEN_FOLDERS = (ALLURE_RESULTS, PICTURES, TABLES, "report")
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
        refuse_contradictions(folder, recorded)
        summary = summary_of(folder, recorded)
        if goes_on(folder):
            return cls(folder, recorded, summary, ())
        remarks = [*_odd(folder), *_missing(folder, recorded)]
        if rebuild:
            summarise(folder)
            samples_parquet.write(folder)
            rebuild_tables(folder)
            rebuild_allure(folder, summary)
        elif wrong := differences(folder, summary):
            seen = "; ".join(map(str, wrong))
            next_step = "it was changed after the run: `pumpbench report RUN --rebuild` makes it again from the journal"
            raise BenchFault(f"run folder {folder}", "hold what was made from the journal against it", seen, next_step)
        return cls(folder, recorded, summary, tuple(remarks))


def _odd(folder: Path) -> Iterator[str]:
    """Tell of files that no run writes, and of inputs that the journal does not bind."""
    bound = recorded_hashes(folder)
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            continue
        if name in bound or name in WRITTEN or name.partition("/")[0] in WRITTEN_FOLDERS:
            continue
        yield f"{name}: no run writes this, or its journal does not bind it; no verdict rests on it"


def _missing(folder: Path, recorded: RecordedRun) -> Iterator[str]:
    if recorded.aborted:
        return
    for name in EXPECTED:
        if not (folder / name).exists():
            yield f"{name} is missing: the run wrote it, and it was taken away since"
    if recorded.tests and (folder / ALLURE_RESULTS).is_dir() and not has_results(folder):
        yield f"{ALLURE_RESULTS} holds no result: they were written elsewhere, or taken away since"
