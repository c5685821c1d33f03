# SPDX-License-Identifier: Apache-2.0
"""`pumpbench`: the sub-commands, and what becomes of an error that reaches the top."""

import sys

import typer
from rich.console import Console

from cli.analyse import analyse_recording
from cli.control import continue_run, pause, stop_run, stop_test
from cli.doctor import doctor
from cli.journal import journal
from cli.release import release
from cli.report import report
from cli.resume import resume
from cli.run import run
from cli.simulate import simulate
from cli.who import who
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from reports.terminal_text import terminal_text

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
app.command(name="analyse")(analyse_recording)
app.command()(who)
app.command()(release)
app.command()(pause)
app.command(name="continue")(continue_run)
app.command(name="stop-test")(stop_test)
app.command(name="stop-run")(stop_run)
app.command()(resume)
app.add_typer(journal, name="journal")


def main() -> None:
    """Run the command line; a wrong file or option exits with 2, a bench that cannot work with 3."""
    console = Console(stderr=True, emoji=False, highlight=False)
    try:
        app()
    except PlanError as wrong:
        console.print(f"[bold red]Cannot start.[/] {terminal_text(str(wrong))}", soft_wrap=True)
        sys.exit(ExitCode.WRONG_USE)
    except BenchFault as fault:
        console.print(f"[bold red]The bench cannot work.[/] {terminal_text(str(fault))}", soft_wrap=True)
        sys.exit(ExitCode.NOT_TESTED)
