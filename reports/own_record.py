# SPDX-License-Identifier: Apache-2.0
"""A run's check of its own record at its end: what a later reader would refuse is told while somebody is there."""

from pathlib import Path

from bench.recorded import RecordedRun, contradictions, told
from bench.run import refuse_changed_inputs
from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault
from reports.allure_statuses import allure_differences
from reports.summary import Summary

SHOWN = 3


def refuse_own_record(run_folder: Path) -> None:
    """Hold inputs and journal of a run against each other, before its last line is written.

    Args:
        run_folder: of the run; its journal is on the disk up to here.

    Raises:
        BenchFault: an input was changed, a line is missing or unreadable, or something does not follow.
        PlanError: an input that the run keeps is not what a run reads.
    """
    refuse_changed_inputs(run_folder)
    recorded = RecordedRun.read(run_folder / JOURNAL)
    if found := contradictions(run_folder, recorded):
        raise BenchFault(f"journal {run_folder / JOURNAL}", "make its verdicts again", told(found))


def refuse_other_results(run_folder: Path, summary: Summary) -> None:
    """Hold the Allure results of a run against its summary.

    Raises:
        BenchFault: one is missing, is there twice, or says something else.
    """
    if wrong := [f"{file} {seen}" for file, seen in allure_differences(run_folder, summary)]:
        more = [f"and {len(wrong) - SHOWN} more"] if len(wrong) > SHOWN else []
        next_step = "`pumpbench report RUN --rebuild` makes them again from the journal"
        seen = "; ".join([*wrong[:SHOWN], *more])
        raise BenchFault(f"run folder {run_folder}", "hold the Allure results against the journal", seen, next_step)
