# SPDX-License-Identifier: Apache-2.0
"""`pumpbench end`: give up a run that was cut short."""

from pathlib import Path
from typing import Annotated

import typer

from bench.journal import Journal
from bench.journal.lines import RunEnded
from bench.lease import Holder
from bench.run import UnfinishedRun, forget_begun, join_left_chapters, refuse_changed_inputs
from bench.run_folder import JOURNAL
from bench.run_process import RunProcess, goes_on
from cli.journal import journal_of
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from reports import samples_parquet
from reports.run_views import write_views
from reports.summary import Summary, summarise
from reports.terminal_text import terminal_text
from reports.verdict_table import verdict_table


def end(
    run_folder: Annotated[Path, typer.Argument(help="The folder of a run that was killed, or lost its power.")],
    why: Annotated[str, typer.Option(metavar="TEXT", help="Why it is given up; it stands in the record.")],
) -> None:
    """Give a run that was cut short its end, with your name and your reason; it cannot be resumed any more.

    No bench is opened and nothing is moved. What was judged before stays as it was judged; what was not is not tested.

    Example:
    `pumpbench end runs/20270101T120000Z-lab-2-NGP123456H --why "the pump went back to its maker"`

    Exit code: 0; 2 wrong use, or a run that goes on or has its end; 3 its record cannot be read or written.
    """
    journal_of(run_folder)
    if not why.strip():
        raise PlanError(f"run {run_folder}", "end", "no reason was given", "say why with --why")
    if goes_on(run_folder):
        raise PlanError(f"run {run_folder}", "end", "it goes on", f"stop it: pumpbench stop-run {run_folder}")
    with RunProcess(run_folder):  # nobody goes on with it meanwhile: an end is the last that was said of a run
        summary = _end(run_folder, why)
    console = wide_console()
    console.print(verdict_table(summary, console.width))
    console.print(f"page     {terminal_text(str(write_views(run_folder, summary)))}", soft_wrap=True)


def _end(run_folder: Path, why: str) -> Summary:
    refuse_changed_inputs(run_folder)
    last_s = UnfinishedRun.read(run_folder / JOURNAL).last_s
    person = Holder.here().person
    with Journal.reopen(run_folder / JOURNAL, now_s=lambda: last_s) as journal:
        left = join_left_chapters(journal, run_folder)
        journal.put(RunEnded(reason=f"given up by {person}", troubles=(f"given up by {person}: {why.strip()}", *left)))
    forget_begun(run_folder)
    samples_parquet.write(run_folder)
    return summarise(run_folder)
