# SPDX-License-Identifier: Apache-2.0
"""`pumpbench compare`: two runs side by side."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.wide_console import wide_console
from groundfloor.exit_code import ExitCode
from reports.checked_run import CheckedRun
from reports.library.comparison import Comparison, Pair, compared
from reports.summary import Summary
from reports.terminal_text import terminal_text

_HEADS = ("test", "judgement", "evidence for", "first", "second", "difference ± U (k = 2)", "verdicts")


def compare(
    first: Annotated[Path, typer.Argument(help="The folder of a run, such as of the old firmware.")],
    second: Annotated[Path, typer.Argument(help="The folder of another run, such as of the new firmware.")],
    margin: Annotated[
        float | None, typer.Option(help="Differences within ± so many % do not matter: asks for equivalence (TOST).")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Show every judgement, and not those alone that differ.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Compare two runs, judgement by judgement: the difference with its uncertainty, and where verdicts differ.

    A value with two limits is compared as its deviation from their middle in percent of it. What both have in common
    (one balance under one certificate, one liquid) does not count in the uncertainty of a difference.

    Both records are checked first, as `report` does.

    Example: `pumpbench compare runs/A runs/B --margin 2`

    Exit code: 0; 2 wrong use; 3 no judgement is in both.
    """
    for run in (first, second):
        CheckedRun.read(run)
    found = compared(first, second, margin)
    if as_json:
        typer.echo(json.dumps(_as_dict(found), ensure_ascii=False, indent=2))
    else:
        _print(found, every)
    raise typer.Exit(ExitCode.PASSED if found.pairs else ExitCode.NOT_TESTED)


def _as_dict(found: Comparison) -> dict[str, object]:
    pairs = [
        {**asdict(one), "verdicts": [verdict.name for verdict in one.verdicts], "differs": one.differs}
        for one in found.pairs
    ]
    return {
        "first": _of(found.first),
        "second": _of(found.second),
        "margin_percent": found.margin_percent,
        "pairs": pairs,
        "tests_of_the_first_alone": found.only_first,
        "tests_of_the_second_alone": found.only_second,
    }


def _of(summary: Summary) -> dict[str, object]:
    run = summary.run
    pump = run.pump if run is not None else None
    return {
        "run": run.run_id if run is not None else "",
        "pump": pump.serial_number if pump is not None else "",
        "firmware": pump.firmware_version if pump is not None else "",
        "verdict": summary.verdict.name,
        "simulated": summary.simulated,
    }


def _print(found: Comparison, every: bool) -> None:
    console = wide_console()
    for name, summary in (("first", found.first), ("second", found.second)):
        told = ", ".join(f"{key} {value}" for key, value in _of(summary).items() if value not in ("", None))
        console.print(terminal_text(f"{name:<7} {told}"), soft_wrap=True)
    shown = [pair for pair in found.pairs if every or pair.differs]
    heads = (*_HEADS, "equivalent") if found.margin_percent is not None else _HEADS
    table = Table(*map(terminal_text, heads), box=None, pad_edge=False)
    for pair in shown:
        row = _row(pair)
        table.add_row(*map(terminal_text, (*row, _equivalence(pair)) if found.margin_percent is not None else row))
    if shown:
        console.print(table)
    for name, nodes in (("first", found.only_first), ("second", found.only_second)):
        for node in nodes:
            console.print(terminal_text(f"only in the {name}: {node}"), soft_wrap=True)
    console.print(_in_short(found), soft_wrap=True)


def _row(pair: Pair) -> tuple[str, ...]:
    difference = "–" if pair.difference is None else f"{pair.difference:+.4g}"
    if pair.expanded_uncertainty is not None:
        difference += f" ± {pair.expanded_uncertainty:.2g}"
    values = (f"{value:.5g} {pair.unit}" if value is not None else "–" for value in (pair.first, pair.second))
    verdicts = " → ".join(dict.fromkeys(verdict.name for verdict in pair.verdicts))
    return (pair.test, pair.name, ", ".join(pair.requirements), *values, f"{difference} {pair.unit}", verdicts)


def _equivalence(pair: Pair) -> str:
    return {True: "yes", False: "not shown", None: "–"}[pair.equivalent]


def _in_short(found: Comparison) -> str:
    differ = sum(pair.differs for pair in found.pairs)
    turned = sum(pair.verdicts[0] is not pair.verdicts[1] for pair in found.pairs)
    told = f"{len(found.pairs)} judgements are in both; {differ} differ by more than their U, {turned} in their verdict"
    if found.margin_percent is not None:
        asked = [pair for pair in found.pairs if pair.equivalent is not None]
        shown = sum(pair.equivalent is True for pair in asked)
        told += f"; {shown} of {len(asked)} are equivalent within ± {found.margin_percent:g} %"
    return f"{told}."
