# SPDX-License-Identifier: Apache-2.0
"""The runs of a folder for a command, with a bar while they are looked at for the first time."""

import sys
from pathlib import Path

from reports.library.run_library import RunLibrary

SHOWN_FROM = 50
"""Fewer runs are there before a bar would be."""


def run_library_here(folder: Path) -> RunLibrary:
    """Return the runs of a folder; on a terminal a bar shows how far it is; errors as `RunLibrary.of`."""
    if not sys.stderr.isatty():
        return RunLibrary.of(folder)
    from rich.console import Console  # where there is no bar, nobody waits for it
    from rich.progress import Progress

    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task("runs looked at", total=None, visible=False)

        def told(done: int, of_all: int) -> None:
            progress.update(task, completed=done, total=of_all, visible=of_all >= SHOWN_FROM)

        return RunLibrary.of(folder, told=told)
