# SPDX-License-Identifier: Apache-2.0
"""Follows a recording that is still being written: it is analysed again whenever it has grown, or was begun anew.

A logger that begins a new file of the same name, or empties its own, is followed; a file that is gone is waited for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.wall_clock import sleep_s
from reports.terminal_text import terminal_text

EVERY_S = 2.0


def follow(path: Path, once: Callable[[], ExitCode], wait: Callable[[float], None] = sleep_s) -> ExitCode:
    """Analyse a file until somebody presses Ctrl-C.

    Args:
        path: the file.
        once: analyses it as it is and tells the result.
        wait: lets so many seconds pass.

    Returns:
        What the last analysis ended with; a file that was refused to the end was wrong use.
    """
    console, code, seen = wide_console(), ExitCode.WRONG_USE, _state(path)
    told = once_again = True
    try:
        while True:
            state = _state(path) if path.exists() else None
            if state is None and told:
                console.print("The file is gone: waiting for the next one of its name", soft_wrap=True)
                told = False
            if state is not None and (once_again or state != seen):
                if _begins_anew(seen, state):
                    console.print("The file begins anew", soft_wrap=True)
                seen, told, once_again = state, True, False
                try:
                    code = once()
                except PlanError as not_yet:
                    code = ExitCode.WRONG_USE
                    console.print(f"Not yet: {terminal_text(str(not_yet))}", soft_wrap=True)
            wait(EVERY_S)
    except KeyboardInterrupt:
        return code


@dataclass(frozen=True)
class _State:
    """What tells that a file is another than before: its identity, its size, and when it was written."""

    inode: int
    size: int
    written_ns: int


def _begins_anew(before: _State, now: _State) -> bool:
    return now.inode != before.inode or now.size < before.size


def _state(path: Path) -> _State:
    try:
        found = path.stat()
    except OSError as refused:
        raise PlanError(
            f"recording {path}", "follow", refused.strerror or str(refused), "name a readable file"
        ) from refused
    return _State(found.st_ino, found.st_size, found.st_mtime_ns)
