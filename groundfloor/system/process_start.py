# SPDX-License-Identifier: Apache-2.0
"""When a process began, so that its number is not mistaken for that of a later one."""

import sys

if sys.platform == "linux":
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

else:
    import psutil

    def process_start(pid: int) -> int | None:
        """Return the start of a process in milliseconds since 1970; None where that cannot be known."""
        try:
            return round(1000 * psutil.Process(pid).create_time())
        except (psutil.Error, ValueError, OverflowError):
            return None
