# SPDX-License-Identifier: Apache-2.0
"""`pumpbench who`: who holds a bench, since when, why, until when."""

from pathlib import Path
from typing import Annotated

import typer

from bench.bench_file import BenchFile
from bench.lease import LeaseRecord, LeaseStore, WaitingLine, ask_rig, lease_key
from cli.wide_console import wide_console
from groundfloor.errors import BenchFault
from reports.terminal_text import terminal_text


def who(bench: Annotated[Path, typer.Argument(help="The bench file.")]) -> None:
    """Tell who holds a bench, and who waits for it.

    Nothing is changed, and no line is opened that somebody here is using.
    """
    file = BenchFile.load(bench)
    state = LeaseStore(lease_key(file)).describe()
    console = wide_console()
    here = state.record if state.locked else None
    told = _there(file, state.record) if here is None else f"held by {here.told()}"
    console.print(f"bench {terminal_text(file.bench.name)}: {terminal_text(told)}", soft_wrap=True)
    for number, waiter in enumerate(WaitingLine(lease_key(file)).waiters(), 1):
        console.print(f"{number}. in the queue: {terminal_text(waiter.told())}", soft_wrap=True)


def _there(file: BenchFile, last: LeaseRecord | None) -> str:
    """Return what the rig says, and what came of the last lease here."""
    before = "" if last is None else f"; last here: {last.holder}, {last.ended or 'and that process is dead'}"
    try:
        rig = ask_rig(file)
    except BenchFault as silent:
        return f"nobody on this computer{before}; the rig could not be asked: {silent.finding}"
    if rig.held and (last is None or rig.session != last.session):
        return f"held by {rig.holder}, says the rig, for {rig.left_s:.0f} s more unless renewed"
    return f"free{before}"
