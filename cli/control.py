# SPDX-License-Identifier: Apache-2.0
"""`pumpbench pause`, `continue`, `stop-test`, `stop-run`: speak to a run that goes on in another terminal."""

from pathlib import Path
from typing import Annotated

import typer

from bench.run_process import RequestKind, ask

Folder = Annotated[Path, typer.Argument(help="The folder of a run that goes on.")]


def pause(run_folder: Folder) -> None:
    """Let a run pause at its next safe point; what runs goes on, is sampled and watched."""
    _ask(
        run_folder,
        RequestKind.PAUSE,
        "pauses when nothing is measured and no fault stands; `pumpbench continue` ends that",
    )


def continue_run(run_folder: Folder) -> None:
    """Let a paused run go on."""
    _ask(run_folder, RequestKind.CONTINUE, "goes on, if it was paused or about to pause")


def stop_test(run_folder: Folder) -> None:
    """End the present test INCONCLUSIVE, safe state included; the next tests go on."""
    _ask(
        run_folder, RequestKind.STOP_TEST, "ends its present test INCONCLUSIVE, in its safe state; the next ones go on"
    )


def stop_run(run_folder: Folder) -> None:
    """End the run, safe state and record included."""
    _ask(run_folder, RequestKind.STOP_RUN, "goes to its safe state, finishes its record and ends")


def _ask(run_folder: Path, kind: RequestKind, what_it_does: str) -> None:
    pid = ask(run_folder, kind)
    typer.echo(f"Asked the run of process {pid} to {kind}: it {what_it_does}.")
