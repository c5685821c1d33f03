# SPDX-License-Identifier: Apache-2.0
"""`pumpbench chart`: a judged figure from run to run, as a control chart."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cli.run_library_here import run_library_here
from cli.runs import RUNS
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.printable import one_line
from reports.library.chart_drawing import chart_html, chart_svg
from reports.library.charted import charted
from reports.library.control_chart import ControlChart
from reports.terminal_text import terminal_text

_ACROSS = 41
_HEADS = ("", "run", "firmware", "figure", "", "")
Text = str | None


def chart(
    folder: Annotated[Path, typer.Argument(help="The folder that holds run folders.")] = RUNS,
    test: Annotated[str, typer.Option(help="Part of a test's title.")] = "",
    measurand: Annotated[str, typer.Option(help="Part of what is judged, such as 'rate error'.")] = "",
    number: Annotated[int, typer.Option(min=1, help="Which of several of that name in the test.")] = 1,
    pump: Annotated[Text, typer.Option(help="Only of this pump.")] = None,
    profile: Annotated[Text, typer.Option(help="Only of this profile.")] = None,
    baseline: Annotated[
        int | None, typer.Option(help="So many of the first runs give the limits; all of them.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write it as a page, X.html, or as a picture, X.svg.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show a judged figure from run to run, with the limits that its own scatter gives: individuals and moving range.

    What has two limits is shown as its deviation from their middle in percent. The limits of a control chart are no
    acceptance: a figure outside of them is another than those before it, and may be right all the same.

    Example: `pumpbench chart --test "intermediate rate" --measurand "rate error" --baseline 10 --out rate.html`

    Exit code: 0; 2 wrong use, no such figure; 3 a figure is none of chance, or a run could not be read.
    """
    library = run_library_here(folder)
    wanted = {"pump": pump, "profile": profile}
    runs = [run for run in library.runs if all(value in (None, getattr(run, name)) for name, value in wanted.items())]
    found = charted(library.folder, runs, test, measurand, number, baseline)
    if out is not None:
        _write(out, chart_html(found) if out.suffix.lower() in {".html", ".htm"} else chart_svg(found))
    if as_json:
        signals = {found.points[place].run: why for place, why in found.signals().items()}
        typer.echo(json.dumps({**asdict(found), "signals": signals}, ensure_ascii=False, indent=2))
    else:
        _print(found)
    for trouble in library.troubles:
        typer.echo(one_line(trouble, 400), err=True)
    raise typer.Exit(ExitCode.NOT_TESTED if found.signals() or library.troubles else ExitCode.PASSED)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as refused:
        raise PlanError(f"chart {path}", "write", str(refused), "name another file") from refused


def _print(found: ControlChart) -> None:
    console, signals = wide_console(), found.signals()
    console.print(terminal_text(f"{found.name}, in {found.unit or 'figures'}"), soft_wrap=True)
    table = Table(*map(terminal_text, _HEADS), box=None, pad_edge=False)
    for place, one in enumerate(found.points):
        row = (
            f"{place + 1}",
            one.run,
            one.firmware,
            f"{one.value:+.5g}",
            _bar(found, one.value),
            signals.get(place, ""),
        )
        table.add_row(*map(terminal_text, row))
    console.print(table)
    limits = f"mean {found.mean:+.5g}, limits {found.lower:+.5g} to {found.upper:+.5g} by {found.baseline} runs"
    console.print(f"{limits}; {len(signals)} of {len(found.points)} figures are none of chance.", soft_wrap=True)


def _bar(found: ControlChart, value: float) -> str:
    """Return where a figure stands between the limits, a third of their distance beyond them at most."""
    reach = (found.upper - found.lower) or 1.0

    def at(figure: float) -> int:
        share = (figure - found.lower + reach / 3) / (reach * 5 / 3)
        return round(min(1.0, max(0.0, share)) * (_ACROSS - 1))

    drawn = [" "] * _ACROSS
    drawn[at(found.lower)] = drawn[at(found.upper)] = "|"
    drawn[at(found.mean)] = ":"
    drawn[at(value)] = "●"
    return "".join(drawn)
