# SPDX-License-Identifier: Apache-2.0
"""When a process began, so that its number is not mistaken for that of a later one."""

from pathlib import Path

_FIELD = 19
"""Of those behind the name, which stands in brackets and may hold anything (proc(5): starttime is field 22)."""


def process_start(pid: int) -> int | None:
    """Return the start of a process in ticks since the computer booted; None where that cannot be known."""
    try:
        behind_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
        return int(behind_name.split()[_FIELD])
    except (OSError, ValueError, IndexError):
        return None
