# SPDX-License-Identifier: Apache-2.0
"""The list of starts that were refused before there was a run folder: `refused.jsonl` beside the runs.

A wrong bench file leaves no run, but it is known afterwards that somebody tried, when, and why it did not work.
"""

import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from groundfloor.errors import BenchFault, PlanError
from groundfloor.system.open_file import AT_ONCE, NO_LINK, open_file
from groundfloor.wall_clock import utc_now

REFUSED = "refused.jsonl"


@contextmanager
def refusals_noted(runs: Path, command: Sequence[str]) -> Iterator[None]:
    """Note a PlanError or BenchFault that leaves the block, with the arguments of `note_refusal`."""
    try:
        yield
    except (PlanError, BenchFault) as wrong:
        note_refusal(runs, command, str(wrong))
        raise


def note_refusal(runs: Path, command: Sequence[str], why: str) -> None:
    """Append when a start was refused, what it was, and why; where nothing can be written, the screen has told it.

    Args:
        runs: the folder that the run would have been made in.
        command: the command line, or what stands for it.
        why: the message.
    """
    line = json.dumps({"utc": utc_now().isoformat(timespec="seconds"), "command": list(command), "why": why})
    with suppress(OSError):  # the refusal itself is on the screen, and often it is this very folder that is wrong
        runs.mkdir(parents=True, exist_ok=True)
        descriptor = open_file(runs / REFUSED, os.O_WRONLY | os.O_APPEND | os.O_CREAT | AT_ONCE | NO_LINK, 0o644)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):  # a pipe would be waited for
                os.write(descriptor, line.encode("ascii") + b"\n")
        finally:
            os.close(descriptor)
