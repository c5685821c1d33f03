# SPDX-License-Identifier: Apache-2.0
"""What the kernel tells of a process: processor time spent, memory in use; and on which cores it may run."""

import os
import time
from pathlib import Path

_PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20
_ALL_THREADS = 2  # CPUCLOCK_SCHED of a whole process


class Process:
    """A running process, by its id; None is this one."""

    def __init__(self, pid: int | None = None) -> None:
        self._pid = os.getpid() if pid is None else pid
        self._clock = (
            ~self._pid << 3
        ) | _ALL_THREADS  # as clock_getcpuclockid(3) makes it, which Python does not offer

    def cpu_s(self) -> float:
        """Return the processor time of all threads since the process began."""
        return time.clock_gettime(self._clock)

    def memory_mib(self) -> float:
        """Return the resident memory."""
        return int(Path(f"/proc/{self._pid}/statm").read_text().split()[1]) * _PAGE_MIB

    def pin(self) -> None:
        """Let it run on one core only, the first that this process may use; another process pinned shares it.

        On one core nothing overlaps and no core has to be woken, so a time is the work of both sides and little else.
        """
        os.sched_setaffinity(self._pid, {min(os.sched_getaffinity(0))})
