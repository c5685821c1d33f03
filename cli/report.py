# SPDX-License-Identifier: Apache-2.0
"""`pumpbench report`: make the HTML view of a run that is there already."""

from pathlib import Path
from typing import Annotated

import typer

from bench.run import refuse_changed_inputs
from bench.run_process import goes_on
from cli.journal import journal_of
from cli.wide_console import wide_console
from reports.allure_html import generate
from reports.summary import summarise
from reports.terminal_text import terminal_text
from reports.verdict_table import verdict_table


def report(run_folder: Annotated[Path, typer.Argument(help="The folder of a run.")]) -> None:
    """Make summary and Allure report of a stored run again, also of one that was cut short.

    Of a run that goes on it shows how far that has come, and says so.

    Example:
    `pumpbench report runs/20270101T120000Z-simulated-SIM20-0001` makes `report/index.html` in that folder.
    """
    journal_of(run_folder)
    refuse_changed_inputs(run_folder)
    console = wide_console()
    if goes_on(run_folder):
        console.print("This run goes on: what follows is how far it has come, and no verdict over it.")
    console.print(verdict_table(summarise(run_folder), console.width))
    console.print(f"report   {terminal_text(str(generate(run_folder)))}", soft_wrap=True)
