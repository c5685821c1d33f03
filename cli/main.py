# SPDX-License-Identifier: Apache-2.0
"""`pumpbench`: the sub-commands, and what becomes of an error that reaches the top."""

import sys

import typer
from rich.console import Console
from rich.markup import escape

from cli.doctor import doctor
from cli.report import report
from cli.run import run
from cli.simulate import simulate
from instruments.errors import BenchFault, PlanError

WRONG_USE = 2
NOT_TESTED = 3

app = typer.Typer(
    name="pumpbench",
    help="Hardware-in-the-loop test bench for implantable drug pumps.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command()(run)
app.command()(simulate)
app.command()(doctor)
app.command()(report)


def main() -> None:
    """Run the command line; a wrong file or option exits with 2, a bench that cannot work with 3."""
    console = Console(stderr=True)
    try:
        app()
    except PlanError as wrong:
        console.print(f"[bold red]Cannot start.[/] {escape(str(wrong))}", soft_wrap=True)
        sys.exit(WRONG_USE)
    except BenchFault as fault:
        console.print(f"[bold red]The bench cannot work.[/] {escape(str(fault))}", soft_wrap=True)
        sys.exit(NOT_TESTED)
