# SPDX-License-Identifier: Apache-2.0
"""`pumpbench runs`: the runs of a folder, filtered, the newest last."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.run_library_here import run_library_here
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.printable import one_line
from reports.library.run_brief import RunBrief
from reports.terminal_text import plain_text, terminal_text

RUNS = Path("runs")
_TOLD_ONCE = ("pump", "firmware", "profile", "bench", "balance", "evidence")
"""Where all runs of a list have the same of these, it is told in one line."""
_VERDICTS = ("PASS", "FAIL", "INCONCLUSIVE", "BLOCKED", "INVALID")
_BETWEEN = "  "
_WHOLE = ("folder", "began (UTC)", "verdict")
Text = str | None


def runs(
    folder: Annotated[Path, typer.Argument(help="The folder that holds run folders.")] = RUNS,
    pump: Annotated[Text, typer.Option(help="Serial number of the pump.")] = None,
    firmware: Annotated[Text, typer.Option(help="Firmware of the pump.")] = None,
    profile: Annotated[Text, typer.Option(help="Name of the profile.")] = None,
    bench: Annotated[Text, typer.Option(help="Name of the bench.")] = None,
    operator: Annotated[Text, typer.Option(help="Who watched over it.")] = None,
    instrument: Annotated[Text, typer.Option(help="Serial number of pump, rig or balance.")] = None,
    verdict: Annotated[Text, typer.Option(help="PASS, FAIL, INCONCLUSIVE, BLOCKED or INVALID.")] = None,
    requirement: Annotated[Text, typer.Option(help="Id of a requirement that the run verified.")] = None,
    since: Annotated[str, typer.Option(help="A day or an instant, such as 2027-01-31.")] = "",
    until: Annotated[str, typer.Option(help="The last day, or an instant, that counts.")] = "",
    simulated: Annotated[bool | None, typer.Option("--simulated/--real", help="Twins alone, or none.")] = None,
    last: Annotated[int | None, typer.Option(min=1, help="Only so many, the newest.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """List the runs of a folder: when, which pump, which firmware, with what, and how each ended.

    The folders themselves are read; an index among your caches makes it quick, and is made again by itself.

    Examples: `pumpbench runs`

    `pumpbench runs --firmware 3.1.0 --verdict FAIL --since 2027-01-01`

    Exit code: 0; 2 wrong use; 3 a run could not be listed.
    """
    library = run_library_here(folder)
    wanted = {"pump": pump, "firmware": firmware, "profile": profile, "bench": bench, "operator": operator}
    judged = _verdict(verdict)
    found = [
        run
        for run in library.runs
        if all(value is None or getattr(run, name) == value for name, value in wanted.items())
        and (instrument is None or instrument in (run.pump, run.rig, run.balance))
        and (judged is None or judged in _words(run))
        and (simulated is None or run.simulated is simulated)
        and (requirement is None or requirement in run.requirements)
        and run.started_at >= since
        and (not until or run.started_at[: len(until)] <= until)
    ]
    found = found[-last:] if last is not None else found
    if as_json:
        typer.echo(json.dumps([run.model_dump(mode="json") for run in found], ensure_ascii=False, indent=2))
    else:
        _print(found, len(library.runs), requirement)
    for trouble in library.troubles:
        typer.echo(one_line(trouble, 400), err=True)
    raise typer.Exit(ExitCode.NOT_TESTED if library.troubles else ExitCode.PASSED)


def _verdict(word: str | None) -> str | None:
    if word is not None and word.upper() not in _VERDICTS:
        raise PlanError("--verdict", "read", repr(word), f"write {', '.join(_VERDICTS[:-1])} or {_VERDICTS[-1]}")
    return word.upper() if word is not None else None


def _words(run: RunBrief) -> tuple[str, ...]:
    return (run.verdict, *(["INVALID"] if run.invalid else []))


def _print(found: list[RunBrief], of_all: int, requirement: str | None) -> None:
    rows = [_row(run, requirement) for run in found]
    alike = {name: rows[0][name] for name in _TOLD_ONCE if rows and len({row[name] for row in rows}) == 1}
    console = wide_console()
    if rows:
        names = [name for name in rows[0] if name not in alike]
        _print_table(console, names, [[plain_text(row[name]) for name in names] for row in rows])
    if alike:
        told = ", ".join(f"{name} {value}" for name, value in alike.items() if value)
        console.print(terminal_text(f"all of them: {told}"), soft_wrap=True)
    console.print(f"{len(found)} of {of_all} run{'s' * (of_all != 1)}")


def _print_table(console: Console, names: list[str], rows: list[list[str]]) -> None:
    """Print rows side by side; where they do not fit, a table breaks their words, which takes five times as long."""
    heads = [plain_text(name) for name in names]
    widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    if sum(widths) + len(_BETWEEN) * (len(widths) - 1) <= console.width:
        console.print(escape(_side_by_side(heads, widths)), style="bold", soft_wrap=True)
        console.out("\n".join(_side_by_side(row, widths) for row in rows), highlight=False)
        return
    table = Table(box=None, pad_edge=False)
    for name, head in zip(names, heads, strict=True):
        table.add_column(escape(head), no_wrap=name in _WHOLE, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)


def _side_by_side(cells: list[str], widths: list[int]) -> str:
    padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
    return _BETWEEN.join(padded).rstrip()


def _row(run: RunBrief, requirement: str | None) -> dict[str, str]:
    asked = {requirement: run.requirements[requirement]} if requirement is not None else {}
    return {
        "folder": run.folder,
        "began (UTC)": run.started_at.replace("T", " ").removesuffix("+00:00"),
        "verdict": " ".join(_words(run)),
        **asked,
        "tests": ", ".join(f"{count} {name}" for name, count in run.counts.items() if count) or "none",
        "pump": run.pump,
        "firmware": run.firmware,
        "profile": run.profile,
        "bench": run.bench,
        "balance": run.balance,
        "evidence": {True: "SIMULATED", False: "real", None: "not known"}[run.simulated],
    }
