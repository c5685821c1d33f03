# SPDX-License-Identifier: Apache-2.0
"""`pumpbench why`: from a number in a record back to what it rests on."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.wide_console import wide_console
from groundfloor.exit_code import ExitCode
from reports.terminal_text import terminal_text
from reports.why.answer import Section, answer_for


def why(
    run: Annotated[Path, typer.Argument(help="The folder of a run, or of a sealed record.")],
    number: Annotated[str, typer.Argument(help="An id, as page, summary and journal show it: J-0417, W-0003, M-0005.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show what a number rests on: limits and their source, budget, corrections, marks, samples, certificate, files.

    Each figure is made again from what stands below it, offline. Ids: J a judgement, W a weighed volume, M a mark,
    D what was declared, T a test, I an infusion.

    Example: `pumpbench why runs/20270101T120000Z-bench-7-SN0042 J-0417`

    Exit code: 0; 2 wrong use, no such number; 3 something does not follow from what it rests on.
    """
    record = run / "data"
    answer = answer_for(record if (record / "journal.jsonl").is_file() else run, number.upper())
    if as_json:
        typer.echo(json.dumps(asdict(answer), ensure_ascii=False, indent=2))
    else:
        for section in answer.sections:
            _print(section)
        console = wide_console()
        for one in answer.contradictions:
            console.print(terminal_text(f"WRONG    {one}"), soft_wrap=True)
        if not answer.contradictions:
            console.print("Made again from what it rests on: the same.")
    raise typer.Exit(ExitCode.NOT_TESTED if answer.contradictions else ExitCode.PASSED)


def _print(section: Section) -> None:
    console = wide_console()
    console.print(terminal_text(section.title), style="bold", soft_wrap=True)
    for name, told in section.rows:
        console.print(terminal_text(f"  {name:<14} {told}"), soft_wrap=True)
    if section.table:
        heads, *rows = section.table
        table = Table(*map(terminal_text, heads), box=None, pad_edge=True)
        for row in rows:
            table.add_row(*map(terminal_text, row))
        console.print(table)
