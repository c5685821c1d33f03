# SPDX-License-Identifier: Apache-2.0
"""`pumpbench report`: make the HTML view of a run that is there already."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cli.wide_console import wide_console
from instruments.errors import PlanError
from reports.allure_html import generate
from reports.summary import summarise
from reports.verdict_table import verdict_table


def report(run_folder: Annotated[Path, typer.Argument(help="The folder of a run.")]) -> None:
    """Make summary and Allure report of a stored run again, also of one that was cut short."""
    if not (run_folder / "journal.jsonl").is_file():
        raise PlanError(f"run folder {run_folder}", "open", "it holds no journal.jsonl", "name the folder of a run")
    console = wide_console()
    console.print(verdict_table(summarise(run_folder), console.width))
    console.print(f"report   {escape(str(generate(run_folder)))}", soft_wrap=True)
