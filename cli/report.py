# SPDX-License-Identifier: Apache-2.0
"""`pumpbench report`: make summary, page and Allure report of a run that is there already."""

from pathlib import Path
from typing import Annotated

import typer

from bench.run import refuse_changed_inputs
from bench.run_process import goes_on
from cli.journal import journal_of
from cli.wide_console import wide_console
from reports.allure_html import generate
from reports.page import write_page
from reports.summary import summarise
from reports.terminal_text import terminal_text
from reports.verdict_table import verdict_table


def report(run_folder: Annotated[Path, typer.Argument(help="The folder of a run.")]) -> None:
    """Make summary, page and Allure report of a stored run again, also of one that was cut short.

    Of a run that goes on it shows how far that has come, and says so; its page is made when it is over.

    Example:
    `pumpbench report runs/20270101T120000Z-simulated-SIM20-0001` makes `report.html` and
    `report/index.html` in that folder.
    """
    journal_of(run_folder)
    refuse_changed_inputs(run_folder)
    console = wide_console()
    under_way = goes_on(run_folder)
    if under_way:
        console.print("This run goes on: what follows is how far it has come, and no verdict over it.")
    summary = summarise(run_folder)
    console.print(verdict_table(summary, console.width))
    if not under_way:
        console.print(f"page     {terminal_text(str(write_page(run_folder, summary)))}", soft_wrap=True)
    console.print(f"report   {terminal_text(str(generate(run_folder)))}", soft_wrap=True)
