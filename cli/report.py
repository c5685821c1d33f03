# SPDX-License-Identifier: Apache-2.0
"""`pumpbench report`: check a run that is there already, and make its views again from its journal."""

from pathlib import Path
from typing import Annotated

import typer

from bench.run_folder import RECORD_PDF
from bench.run_process import goes_on
from cli.journal import journal_of
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.file_in_folder import write_in_folder
from reports.allure_html import generate
from reports.checked_run import CheckedRun
from reports.page.page_view import PageView
from reports.page.run_page import run_page
from reports.record_pdf.record_pdf import record_pdf
from reports.run_views import write_views
from reports.summary import Summary, write_summary
from reports.terminal_text import terminal_text
from reports.verdict_table import verdict_table


def report(
    run_folder: Annotated[Path, typer.Argument(help="The folder of a run.")],
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make files that contradict the journal again, instead of refusing them.")
    ] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="Make the record as a PDF as well, with room to sign.")] = False,
    docx: Annotated[
        Path | None, typer.Option("--docx", metavar="FILE", help="Write its words into this DOCX, for your own form.")
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option("--history", metavar="FILE", help="Show and keep in FILE how each test went from run to run."),
    ] = None,
    no_node: Annotated[
        bool, typer.Option("--no-node", help="Leave the Allure report out, which needs Node; the page tells as much.")
    ] = False,
) -> None:
    """Check a stored run, and make its summary, page and Allure report again; also of a run that was cut short.

    Every verdict is made again from what the journal holds. A journal that contradicts itself is refused, and so is a
    summary, an Allure result or a table of samples that says something else than the journal. Of a run that goes on it
    shows how far that has come, and says so; its page is made when it is over.

    Example:
    `pumpbench report runs/20270101T120000Z-simulated-SIM20-0001` makes `report.html` and
    `report/index.html` in that folder; with `--pdf` also `record.pdf`. `--docx FILE` writes the
    words of that into a document that you can edit, and that is no evidence. With `--history FILE` the Allure report
    shows the results of the runs and releases whose reports were made with the same file; a run counts once.

    Exit code: 0; 2 wrong use; 3 the run cannot be read, or its record contradicts itself.
    """
    journal_of(run_folder)
    under_way = goes_on(run_folder)
    run = CheckedRun.read(run_folder, rebuild=rebuild)
    console = wide_console()
    if under_way:
        console.print("This run goes on: what follows is how far it has come, and no verdict over it.")
    for remark in run.remarks:
        console.print(f"note     {terminal_text(remark)}", soft_wrap=True)
    summary = write_summary(run_folder, run.summary)
    console.print(verdict_table(summary, console.width))
    if not under_way:
        view = run_page(run_folder, summary, run.recorded)
        console.print(f"page     {terminal_text(str(write_views(run_folder, summary, view)))}", soft_wrap=True)
        if pdf:
            console.print(f"record   {terminal_text(str(_record(run_folder, summary, view)))}", soft_wrap=True)
        if docx is not None:
            console.print(f"docx     {terminal_text(str(_docx(run_folder, summary, docx)))}", soft_wrap=True)
    if not no_node:
        console.print(f"report   {terminal_text(str(generate(run_folder, history=history)))}", soft_wrap=True)


def _docx(run_folder: Path, summary: Summary, file: Path) -> Path:
    from reports.record_docx.record_docx import record_docx  # an extra, which few have

    content = record_docx(run_folder, summary)
    try:
        with file.open("xb") as made:
            made.write(content)
    except OSError as refused:
        raise PlanError(f"document {file}", "write", str(refused), "name another file") from refused
    return file


def _record(run_folder: Path, summary: Summary, view: PageView) -> Path:
    return write_in_folder(run_folder, RECORD_PDF, record_pdf(run_folder, summary, view=view))
