# SPDX-License-Identifier: Apache-2.0
"""`pumpbench affected`: which judgements rest on an instrument."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench.offline import AsFound, MadeAgain
from cli.run_library_here import run_library_here
from cli.runs import RUNS
from cli.stored_plans import made_again_from_samples
from cli.wide_console import wide_console
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.printable import one_line
from metrology.verdict import Verdict
from reports.checked_run import CheckedRun
from reports.library.affected import AffectedRun, affected_runs
from reports.terminal_text import terminal_text


def affected(
    instrument: Annotated[str, typer.Option(help="Serial number: of balance, pump, rig, or as the bench file has it.")],
    folder: Annotated[Path, typer.Argument(help="The folder that holds run folders.")] = RUNS,
    since: Annotated[str, typer.Option(help="A day or an instant, such as 2027-01-31.")] = "",
    as_found: Annotated[
        float | None, typer.Option(help="The balance showed so many % of the load too much: judge the runs again.")
    ] = None,
    as_found_u: Annotated[
        float | None, typer.Option(help="U of the balance as found, in mg, k = 2, in place of its certificate's.")
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="Run the plans of runs that nobody began on this computer.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Show each judgement, and not their number alone.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show which judgements rest on an instrument, such as a balance whose certificate turned out to be wrong.

    The record of each run that is shown is checked first: what it says of itself must follow from its journal. With
    `--as-found`, or `--as-found-u`, each run in which it was the balance is judged again from its samples, with the
    masses and the uncertainty of then; the record stays, and what turns is shown beside the first verdict.

    Examples: `pumpbench affected --instrument B123 --since 2027-01-31`

    `pumpbench affected --instrument B123 --as-found 0.4 --as-found-u 0.5`

    Exit code: 0; 2 wrong use, no run used it; 3 a run could not be read, its record does not hold, or a verdict turns.
    """
    library = run_library_here(folder)
    found = affected_runs(library, instrument, since)
    data = AsFound(as_found or 0.0, as_found_u) if (as_found, as_found_u) != (None, None) else None
    wrong = {one.run.folder: trouble for one in found if (trouble := _trouble_of(library.path_of(one.run)))}
    again = {
        one.run.folder: made_again_from_samples(library.path_of(one.run), trust=trust, as_found=data)
        for one in found
        if data is not None and one.role == "balance" and one.run.folder not in wrong
    }
    if as_json:
        told = [{**_as_dict(one), **_again_as_dict(one, wrong, again)} for one in found]
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(found, instrument, every, again)
    for trouble in (*wrong.values(), *library.troubles):
        typer.echo(one_line(trouble, 400), err=True)
    turned = any(made.turned for made in again.values())
    raise typer.Exit(ExitCode.NOT_TESTED if library.troubles or wrong or turned else ExitCode.PASSED)


def _trouble_of(run: Path) -> str:
    """Return why the record of a run does not hold; empty where it does."""
    try:
        CheckedRun.read(run)
    except (BenchFault, PlanError) as odd:
        return f"run {run}: its record does not hold, what is shown of it may be wrong: {odd.finding}"
    return ""


def _again_as_dict(one: AffectedRun, wrong: dict[str, str], again: dict[str, MadeAgain]) -> dict[str, object]:
    told: dict[str, object] = {"record": wrong.get(one.run.folder, "holds")}
    if (made := again.get(one.run.folder)) is not None:
        turned = [
            {"id": judged.id, "then": judged.verdict.name, "now": now, "value_then": judged.value, "value_now": value}
            for judged, now, value in made.turned
        ]
        told["as_found"] = {"turned": turned, "not_made": made.not_made}
    return told


def _as_dict(one: AffectedRun) -> dict[str, object]:
    judgements = [
        {"test": test.node, "id": value.id, "name": value.name, "verdict": value.verdict.name}
        for test, value in one.judgements
    ]
    return {"folder": one.run.folder, "role": one.role, "began": one.run.started_at, "judgements": judgements}


def _print(found: tuple[AffectedRun, ...], instrument: str, every: bool, again: dict[str, MadeAgain]) -> None:
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
        _print_again(console, again.get(one.run.folder))
    judgements = sum(len(one.judgements) for one in found)
    console.print(f"{len(found)} run{'s' * (len(found) != 1)}, {judgements} judgements rest on it.")
    if found and not every:
        console.print("Show each: --all. What one rests on: pumpbench why RUN J-0001")


def _print_again(console: Console, made: MadeAgain | None) -> None:
    if made is None:
        return
    for judged, now, value in made.turned:
        values = " → ".join("–" if one is None else f"{one:.5g}" for one in (judged.value, value))
        told = f"  {judged.id}  {judged.verdict.name} → {now}  {judged.name}: {values} {judged.unit}"
        console.print(terminal_text(told), soft_wrap=True)
    console.print(f"  judged again with the balance as found: {len(made.turned)} verdicts turn.")
    for why, count in Counter(made.not_made.values()).most_common():
        console.print(terminal_text(f"  {count} judgements could not be made again: {why}"), soft_wrap=True)
