# SPDX-License-Identifier: Apache-2.0
"""`pumpbench doctor`: open every instrument of a bench file and tell all that is wrong at once."""

import statistics
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bench.bench_file import BenchFile
from bench.clock import RunningClock
from bench.connection import Connection, Finding, check_register_maps
from cli.wide_console import wide_console
from instruments.balance import Balance
from instruments.control_line_client import ControlLine
from instruments.errors import BenchFault
from instruments.wall_clock import utc_now

READINGS = 10
SPACING_S = 0.5
NOT_TESTED = 3


def doctor(bench: Annotated[Path, typer.Argument(help="The bench file.")]) -> None:
    """Open every instrument of a bench file; print identity, firmware, calibration due and the balance's noise.

    Nothing is programmed and nothing is moved. Exit code 0: all is well; 2: a bad file; 3: something is wrong.
    """
    file = BenchFile.load(bench)
    check_register_maps(file)
    console = wide_console()
    connection = Connection(file)
    try:
        console.print(_identities(connection.findings))
        troubles = [str(finding.trouble) for finding in connection.findings if finding.trouble is not None]
        troubles += _calibration(file, console)
        troubles += _control_line(file)
        simulated = file.simulated or any(finding.is_twin for finding in connection.findings)
        if connection.balance is not None:
            troubles += _noise(connection.balance, console)
    finally:
        connection.close()
    for trouble in troubles:
        console.print(f"[bold red]✗[/] {escape(trouble)}", soft_wrap=True)
    if troubles:
        raise typer.Exit(NOT_TESTED)
    console.print(f"[green]{escape(file.bench.name)} is ready[/]" + (" (SIMULATED)" if simulated else ""))


def _identities(findings: list[Finding]) -> Table:
    table = Table("instrument", "address", "model", "serial number", "firmware", title="Instruments")
    for finding in findings:
        who = finding.identity
        told = (who.model, who.serial_number, who.firmware_version) if who is not None else ("not usable", "–", "–")
        table.add_row(finding.asset, *(escape(text) for text in (finding.address, *told)))
    return table


def _control_line(file: BenchFile) -> list[str]:
    try:
        if file.clock.control is not None:
            ControlLine.open(file.clock.control).close()
    except BenchFault as fault:
        return [str(fault)]
    return []


def _calibration(file: BenchFile, console: Console) -> list[str]:
    calibration = file.balance.calibration
    console.print(f"balance: certificate {escape(calibration.certificate)}, calibration due {calibration.due}")
    if calibration.due < utc_now().date():
        return [f"balance: check the calibration: it was due on {calibration.due}. Next: have it calibrated"]
    return []


def _noise(balance: Balance, console: Console) -> list[str]:
    clock = RunningClock()
    masses_mg: list[float] = []
    try:
        for number in range(READINGS):
            clock.sleep_until(number * SPACING_S)
            masses_mg.append(balance.read_mass_g().mass_g * 1000)
    except BenchFault as fault:
        return [str(fault)]
    told = (
        f"standard deviation {statistics.stdev(masses_mg):.3f} mg, from {min(masses_mg):.3f} to {max(masses_mg):.3f} mg"
    )
    console.print(f"balance: {READINGS} readings in {(READINGS - 1) * SPACING_S:g} s: {told}")
    return []
