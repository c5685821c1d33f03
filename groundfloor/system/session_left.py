# SPDX-License-Identifier: Apache-2.0
"""Processes that a command has left behind: those that are still in the session that it began."""

import sys

if sys.platform == "win32":

    def end_session(leader: int) -> tuple[int, ...]:
        """Return nothing: Windows keeps no account of who belongs to whom once the first of them is gone."""
        del leader
        return ()

else:
    import os
    import signal
    from collections.abc import Iterator
    from contextlib import suppress

    def end_session(leader: int) -> tuple[int, ...]:
        """End each process of a session whose leader is over, and return their numbers.

        Args:
            leader: what was started with `own_group.detached` and has been waited for.
        """
        left = tuple(one for one in _processes() if one != os.getpid() and _session_of(one) == leader)
        for one in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(one, signal.SIGKILL)
        return left

    def _session_of(pid: int) -> int | None:
        try:
            return os.getsid(pid)
        except (ProcessLookupError, PermissionError):
            return None

    if sys.platform == "linux":
        from pathlib import Path

        def _processes() -> Iterator[int]:
            return (int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal() and _goes_on(one))

        def _goes_on(process: Path) -> bool:
            """Tell whether it is more than an entry that nobody has taken off the list yet."""
            try:
                behind_name = (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
                return not behind_name.lstrip().startswith(("Z", "X"))
            except OSError:
                return False

    else:
        import psutil

        def _processes() -> Iterator[int]:
            return (one.pid for one in psutil.process_iter(["status"]) if one.info["status"] != psutil.STATUS_ZOMBIE)
