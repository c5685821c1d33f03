# SPDX-License-Identifier: Apache-2.0
"""`pumpbench affected`: which judgements rest on an instrument."""

import json
from pathlib import Path
from typing import Annotated

import typer

from cli.runs import RUNS
from cli.wide_console import wide_console
from groundfloor.exit_code import ExitCode
from groundfloor.printable import one_line
from metrology.verdict import Verdict
from reports.library.affected import AffectedRun, affected_runs
from reports.library.run_library import RunLibrary
from reports.terminal_text import terminal_text


def affected(
    instrument: Annotated[str, typer.Option(help="Serial number: of balance, pump, rig, or as the bench file has it.")],
    folder: Annotated[Path, typer.Argument(help="The folder that holds run folders.")] = RUNS,
    since: Annotated[str, typer.Option(help="A day or an instant, such as 2027-01-31.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Show each judgement, and not their number alone.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show which judgements rest on an instrument, such as a balance whose certificate turned out to be wrong.

    Example: `pumpbench affected --instrument B123 --since 2027-01-31`

    Exit code: 0; 2 wrong use, no run used it; 3 a run of the folder could not be read.
    """
    library = RunLibrary.of(folder)
    found = affected_runs(library, instrument, since)
    if as_json:
        typer.echo(json.dumps([_as_dict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        _print(found, instrument, every)
    for trouble in library.troubles:
        typer.echo(one_line(trouble, 400), err=True)
    raise typer.Exit(ExitCode.NOT_TESTED if library.troubles else ExitCode.PASSED)


def _as_dict(one: AffectedRun) -> dict[str, object]:
    judgements = [
        {"test": test.node, "id": value.id, "name": value.name, "verdict": value.verdict.name}
        for test, value in one.judgements
    ]
    return {"folder": one.run.folder, "role": one.role, "began": one.run.started_at, "judgements": judgements}


def _print(found: tuple[AffectedRun, ...], instrument: str, every: bool) -> None:
    console = wide_console()
    for one in found:
        verdicts = [value.verdict for _, value in one.judgements]
        counts = ", ".join(f"{verdicts.count(kind)} {kind.name}" for kind in Verdict if verdicts.count(kind))
        console.print(
            terminal_text(f"{one.run.folder}  {instrument} was the {one.role}: {counts or 'nothing rests on it'}"),
            soft_wrap=True,
        )
        for test, value in one.judgements if every else ():
            console.print(
                terminal_text(f"  {value.id}  {value.verdict.name:<12} {test.node}: {value.name}"), soft_wrap=True
            )
    judgements = sum(len(one.judgements) for one in found)
    console.print(f"{len(found)} run{'s' * (len(found) != 1)}, {judgements} judgements rest on it.")
    if found and not every:
        console.print("Show each: --all. What one rests on: pumpbench why RUN J-0001")
