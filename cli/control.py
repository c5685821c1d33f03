# SPDX-License-Identifier: Apache-2.0
"""`pumpbench pause`, `continue`, `stop-test`, `stop-run`: speak to a run that goes on in another terminal."""

from pathlib import Path
from typing import Annotated

import typer

from bench.run_process import RequestKind, ask

Folder = Annotated[Path, typer.Argument(help="The folder of a run that goes on.")]


def pause(run_folder: Folder) -> None:
    """Let a run pause at its next safe point; what runs goes on, is sampled and watched (signal SIGUSR1)."""
    ask(run_folder, RequestKind.PAUSE)
    typer.echo("It pauses when nothing is being measured and no fault stands: `pumpbench continue` goes on.")


def continue_run(run_folder: Folder) -> None:
    """Let a paused run go on (SIGUSR1 again)."""
    ask(run_folder, RequestKind.CONTINUE)


def stop_test(run_folder: Folder) -> None:
    """End the present test INCONCLUSIVE, safe state included; the next tests go on (SIGUSR2)."""
    ask(run_folder, RequestKind.STOP_TEST)


def stop_run(run_folder: Folder) -> None:
    """End the run, safe state and record included (SIGTERM)."""
    ask(run_folder, RequestKind.STOP_RUN)
