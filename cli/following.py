# SPDX-License-Identifier: Apache-2.0
"""Follows a recording that is still being written: it is analysed again whenever it has grown."""

from collections.abc import Callable
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
    console, code, seen = wide_console(), ExitCode.WRONG_USE, -1
    try:
        while True:
            size = _size(path)
            if size != seen:
                seen = size
                try:
                    code = once()
                except PlanError as not_yet:
                    code = ExitCode.WRONG_USE
                    console.print(f"Not yet: {terminal_text(str(not_yet))}", soft_wrap=True)
            wait(EVERY_S)
    except KeyboardInterrupt:
        return code


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as refused:
        raise PlanError(
            f"recording {path}", "follow", refused.strerror or str(refused), "name a readable file"
        ) from refused
