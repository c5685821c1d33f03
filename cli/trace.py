# SPDX-License-Identifier: Apache-2.0
"""`pumpbench trace`: which requirement was shown by which judgement of which test, over one run or several."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bench.recorded import RecordedRun
from bench.run import kept_requirements, run_evidence
from bench.run_folder import REQUIREMENTS
from bench.trace import Matrix, Requirements, RunEvidence
from cli.journal import journal_of
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.printable import printable
from reports.checked_run import CheckedRun
from reports.entry import MeasuredValue
from reports.terminal_text import terminal_text
from reports.trace_record import TraceRecord
from reports.trace_table import Values, by_requirement, by_test

Folders = Annotated[list[Path], typer.Argument(help="The folders of one run or several.", show_default=False)]


class Side(StrEnum):
    """From which side the matrix is read."""

    REQUIREMENT = "requirement"
    TEST = "test"


class Wanted(StrEnum):
    """What the exit code asks for."""

    NOTHING = "nothing"
    ALL = "all"


def trace(
    runs: Folders,
    requirements: Annotated[
        Path | None, typer.Option(help="A baseline to hold the runs against; else the one that the newest run keeps.")
    ] = None,
    require: Annotated[
        Wanted, typer.Option(help="`all`: 0 only if every requirement is PASS or NOT APPLICABLE, 1 if any is FAIL.")
    ] = Wanted.NOTHING,
    by: Annotated[Side, typer.Option(help="From which side the matrix is read.")] = Side.REQUIREMENT,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON, for machines.")] = False,
) -> None:
    """Show which requirement was shown by which judgement of which test, and which was not.

    A requirement's state is made of the judgements bound to it and of nothing else. Several runs combine by profile and
    firmware: of each test the newest run counts in which it ran. What was judged by another text or revision than the
    baseline has is STALE. What a bench left out, or judged by wider limits than are shipped, is told as a deviation.
    Every run is checked first: a record that contradicts itself is refused.

    Example:
    `pumpbench trace runs/20270101T120000Z-simulated-SIM20-0001 --require all`

    Exit code: 0; 2 wrong use; 3 a run cannot be read, or contradicts itself. With `--require all` also 1 if any
    requirement is FAIL, and 3 if any is neither PASS nor NOT APPLICABLE.
    """
    recorded = {folder: _checked(folder) for folder in dict.fromkeys(folder.resolve() for folder in runs)}
    evidence = {folder: run_evidence(folder, run) for folder, run in recorded.items()}
    baseline = Requirements.load(requirements) if requirements is not None else _newest_baseline(evidence)
    made = TraceRecord.of(Matrix.of(baseline, evidence.values()), evidence.values())
    deviations = {evidence[folder].run_id: run.deviations for folder, run in recorded.items() if run.deviations}
    if as_json:
        typer.echo(made.to_json(deviations=deviations), nl=False)
    else:
        table = by_requirement if by is Side.REQUIREMENT else by_test
        console = wide_console()
        console.print(table(made, _values(recorded, evidence)))
        for run_id, sentences in deviations.items():
            for one in sentences:
                console.print(terminal_text(f"Deviation of {run_id}: {one}"), soft_wrap=True)
    raise typer.Exit(made.exit_code if require is Wanted.ALL else ExitCode.PASSED)


def _checked(folder: Path) -> RecordedRun:
    journal_of(folder)
    run = CheckedRun.read(folder)
    for remark in run.remarks:
        typer.echo(f"{printable(str(folder))}: {printable(remark)}", err=True)
    return run.recorded


def _newest_baseline(evidence: dict[Path, RunEvidence]) -> Requirements:
    newest = max(evidence, key=lambda folder: evidence[folder].order)
    kept = kept_requirements(newest)
    if kept is None:
        next_step = "name a baseline with --requirements"
        raise PlanError(f"run folder {newest}", "trace", f"it keeps no {REQUIREMENTS}", next_step)
    return kept


def _values(recorded: dict[Path, RecordedRun], evidence: dict[Path, RunEvidence]) -> Values:
    return {
        (evidence[folder].run_id, judgement.id): MeasuredValue.of(judgement)
        for folder, run in recorded.items()
        for judgement in run.judgements
    }
