# SPDX-License-Identifier: Apache-2.0
"""`python -m benchmarks.run`: measure, print the table, and keep it in `docs/` if asked to."""

import os
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.day import day_cost
from benchmarks.figure import GATE, Figure
from benchmarks.journal_reading import journal_reading
from benchmarks.journal_writing import journal_writing
from benchmarks.month import month_memory
from benchmarks.peers import peers
from benchmarks.run_memory import run_memory
from benchmarks.sample_cost import sample_cost
from benchmarks.scaled_rig import scaled_rig
from benchmarks.simulated_run import simulated_run
from benchmarks.speed_page import speed_page
from benchmarks.table import rich_table
from benchmarks.trumpet_cost import trumpet_cost
from benchmarks.twin_requests import twin_requests
from benchmarks.workers import two_workers

MEASUREMENTS: Mapping[str, Callable[[], list[Figure]]] = {
    "sample": sample_cost,
    "day": day_cost,
    "twin": twin_requests,
    "month": month_memory,
    "reading": journal_reading,
    "writing": journal_writing,
    "peer": peers,
    "trumpet": trumpet_cost,
    "memory": run_memory,
    "sim": simulated_run,
    "workers": two_workers,
    "speed": scaled_rig,
}
TARGET_MISSED = 1


def run(
    only: Annotated[
        list[str] | None, typer.Option(help=f"Measure only this: {', '.join(MEASUREMENTS)}. Repeat it for several.")
    ] = None,
    write: Annotated[Path | None, typer.Option(help="Write the page with the result table to this file.")] = None,
    gate: Annotated[
        bool, typer.Option(help=f"Fail only where a target is missed by more than {GATE:g} times.")
    ] = False,
) -> None:
    """Measure the speed of the bench, as ratios in one run.

    Exit code: 0 every target is kept, or with --gate nearly; 1 one is missed; 2 wrong use.
    """
    if unknown := [name for name in only or () if name not in MEASUREMENTS]:
        raise typer.BadParameter(f"there is no measurement {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    console = Console()
    figures: list[Figure] = []
    for name in only or MEASUREMENTS:
        with console.status(f"measuring: {name}"):
            figures += MEASUREMENTS[name]()
    console.print(rich_table(figures, console.width))
    if write is not None:
        write.write_text(speed_page(figures, _machine()), encoding="utf-8")
        console.print(f"written to {write}")
    if any(not figure.passes_the_gate if gate else figure.met is False for figure in figures):
        raise typer.Exit(TARGET_MISSED)


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pymodbus", "pyvisa", "pyvisa-py"))
    system = f"{platform.system()} {platform.machine()}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {system}, {python}, {libraries}"


if __name__ == "__main__":
    typer.run(run)
