# SPDX-License-Identifier: Apache-2.0
"""`pumpbench`: the sub-commands, and what becomes of an error that reaches the top.

A sub-command is imported when it is asked for, and the list of them is here, so that help comes at once.
"""

import gc
import os
import sys
import traceback
from collections.abc import Callable, Collection
from importlib import import_module
from typing import NamedTuple, NoReturn

import typer
from rich.console import Console

from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.printable import one_line
from reports.terminal_text import terminal_text

PYTEST_HINT = "An option of pytest? Those stand behind `--`: pumpbench run … -- {option} …"


class SubCommand(NamedTuple):
    """Where a sub-command is, and what the list of commands says of it."""

    module: str
    attribute: str
    help: str


SUB_COMMANDS = {
    "run": SubCommand("cli.run", "run", "Run the test plans and leave a journal, a summary and an Allure report."),
    "new": SubCommand("cli.new", "new", "Make a project folder of your own: pump, requirements, benches, chapters."),
    "protocol": SubCommand("cli.protocol", "protocol", "Print the verification protocol before it is run."),
    "resume": SubCommand("cli.resume", "resume", "Go on with a run after a crash, a loss of power or a reboot."),
    "end": SubCommand("cli.end", "end", "Give up a run that was cut short: it has its end, and is not resumed."),
    "report": SubCommand("cli.report", "report", "Make summary and Allure report of a stored run again."),
    "trace": SubCommand("cli.trace", "trace", "Show which requirement was shown by which judgement of which test."),
    "requirements": SubCommand("cli.requirements", "requirements", "Import requirements from ReqIF or CSV."),
    "analyse": SubCommand("cli.analyse", "analyse_recording", "Analyse a recording of another bench, or of a run."),
    "simulate": SubCommand("cli.simulate", "simulate", "Serve a simulated pump rig and balance until Ctrl-C."),
    "doctor": SubCommand("cli.doctor", "doctor", "Open every instrument of a bench file and check it."),
    "conformance": SubCommand("cli.driver_conformance", "conformance", "Try a plug-in against its protocol."),
    "watch": SubCommand("cli.watch", "watch", "Look on while a run goes on in another terminal."),
    "who": SubCommand("cli.who", "who", "Tell who holds a bench."),
    "release": SubCommand("cli.release", "release", "Take a bench from HOLDER, if HOLDER still holds it."),
    "pause": SubCommand("cli.control", "pause", "Let a run pause at its next safe point."),
    "continue": SubCommand("cli.control", "continue_run", "Let a paused run go on."),
    "stop-test": SubCommand("cli.control", "stop_test", "End the present test INCONCLUSIVE; the next tests go on."),
    "stop-run": SubCommand("cli.control", "stop_run", "End the run, safe state and record included."),
    "export": SubCommand("cli.export", "export", "Write requirements with results: ReqIF, needs.json, LOBSTER."),
    "runs": SubCommand("cli.runs", "runs", "List the runs of a folder: pump, firmware, verdict, evidence."),
    "compare": SubCommand("cli.compare", "compare", "Compare two runs, judgement by judgement, with uncertainty."),
    "chart": SubCommand("cli.chart", "chart", "Show a judged figure from run to run, as a control chart."),
    "affected": SubCommand("cli.affected", "affected", "Show which judgements rest on an instrument."),
    "replay": SubCommand("cli.replay", "replay", "Judge a stored run again: today's code, another profile or rule."),
    "stale": SubCommand("cli.stale", "stale", "Show what changed since a run, and what has to be run again."),
    "why": SubCommand("cli.why", "why", "Show what a number of a record rests on, down to samples and certificate."),
    "key": SubCommand("cli.seal", "key", "Make a key to sign records with."),
    "seal": SubCommand("cli.seal", "seal", "Seal the record of a run: every file bound by its hash, and signed."),
    "sign": SubCommand("cli.seal", "sign", "Add your signature to a sealed record."),
    "anomaly": SubCommand("cli.anomaly", "anomaly", "List what did not end well in a run, or sign what you decided."),
    "audit": SubCommand("cli.anomaly", "audit", "Print who decided what about a run, or sign that you reviewed it."),
    "verify": SubCommand("cli.verify", "verify", "Verify a sealed record offline, every verdict made again."),
    "bundle": SubCommand("cli.bundle", "bundle", "Collect what a computer without a network needs to run pumpbench."),
    "answer": SubCommand("cli.answer", "answer", "Tell a run that what it asked its operator to do is done."),
    "journal": SubCommand("cli.journal", "journal", "Check a run's journal line by line, or show what it tells."),
}


def app_of(wanted: Collection[str] = tuple(SUB_COMMANDS)) -> typer.Typer:
    """Return the command line.

    Args:
        wanted: the sub-commands to import; of the others it knows the name, and what they are for.
    """
    app = typer.Typer(
        name="pumpbench",
        help="Hardware-in-the-loop test bench for implantable drug pumps.",
        epilog="First steps: `pumpbench run simulated`, `pumpbench run --list chapters`, `pumpbench run --help`.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name, (module, attribute, short) in SUB_COMMANDS.items():
        command = _imported(module, attribute) if name in wanted else _not_imported
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, short_help=short)
        else:
            app.command(name=name, short_help=short)(command)
    return app


def _imported(module: str, attribute: str) -> typer.Typer | Callable[..., None]:
    """Import a sub-command without looks for garbage: what is imported stays, and they take a tenth of the time."""
    gc.disable()
    try:
        command: typer.Typer | Callable[..., None] = getattr(import_module(module), attribute)
        return command
    finally:
        gc.freeze()
        gc.enable()


def _not_imported() -> None:
    """Stand for a sub-command that was not asked for; nobody gets here."""
    raise typer.Exit(ExitCode.NOT_TESTED)


def main() -> None:
    """Run the command line; a wrong file or option exits with 2, a bench that cannot work or a crash of ours with 3."""
    console = Console(stderr=True, emoji=False, highlight=False, markup=False)
    try:
        _run_or_refuse(console)
    except Exception:  # noqa: BLE001  # whatever it is: Python would end with 1, which is a pump's FAIL
        traceback.print_exc()
        told = (
            "Nothing was tested. This is a defect of pumpbench, not of pump or bench: please report what stands above."
        )
        console.print(told, soft_wrap=True)
        sys.exit(ExitCode.NOT_TESTED)


def _run_or_refuse(console: Console) -> None:
    told = Console(stderr=True, emoji=False, highlight=False)
    try:
        app_of(_asked_for(sys.argv[1:]))()
    except SystemExit as end:
        _leave(end, console)
    except PlanError as wrong:
        told.print(f"[bold red]Cannot start.[/] {terminal_text(str(wrong))}", soft_wrap=True)
        sys.exit(ExitCode.WRONG_USE)
    except BenchFault as fault:
        told.print(f"[bold red]The bench cannot work.[/] {terminal_text(str(fault))}", soft_wrap=True)
        sys.exit(ExitCode.NOT_TESTED)
    except OSError as refused:  # a disk that is full, a folder that nobody may write to
        words = terminal_text(str(_of_this_computer(refused)))
        told.print(f"[bold red]The command could not finish.[/] {words}", soft_wrap=True)
        sys.exit(ExitCode.NOT_TESTED)


def _of_this_computer(refused: OSError) -> BenchFault:
    next_step = "see that it is what it ought to be, that you may write there and that there is room; then try again"
    operation = f"use {one_line(str(refused.filename or 'a file'))}"
    return BenchFault("this computer", operation, refused.strerror or one_line(str(refused)), next_step)


def _asked_for(words: list[str]) -> Collection[str]:
    """Return the sub-commands to import: the one that is named; all for the completion of a shell."""
    if "_PUMPBENCH_COMPLETE" in os.environ:
        return tuple(SUB_COMMANDS)
    return [word for word in words if word in SUB_COMMANDS][:1]


def _leave(end: SystemExit, console: Console) -> NoReturn:
    """End as typer wants to, but with 1 only where a command of ours asked for it; a broken pipe is no FAIL."""
    cause = end.__context__
    option = getattr(cause, "option_name", None)
    if option is not None and "run" in sys.argv[1:2] and not getattr(cause, "possibilities", None):
        console.print(PYTEST_HINT.format(option=option), soft_wrap=True)
    if end.code == 1 and not isinstance(cause, typer.Exit):
        sys.exit(ExitCode.NOT_TESTED)
    raise end


if __name__ == "__main__":
    main()
