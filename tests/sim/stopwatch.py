# SPDX-License-Identifier: Apache-2.0
"""How long something took, apart from how busy the machine is.

A test that bounds a duration means what the code waits for and what it does, not what other programs do meanwhile.
Linux counts, thread by thread, how long each stood ready to run and had no processor; that is taken off. On an idle
machine it is next to nothing, so the bound can be as tight as the code deserves.
"""

import time
from contextlib import suppress
from pathlib import Path


class Stopwatch:
    """Runs from when it is made.

    Args:
        pids: processes beside this one that have a part in what is measured.
    """

    def __init__(self, *pids: int) -> None:
        self._processes = ("self", *map(str, pids))
        self._queued_s = self._queued_so_far_s()
        self._began_s = time.monotonic()

    @property
    def wall_s(self) -> float:
        """Seconds that went by."""
        return time.monotonic() - self._began_s

    @property
    def queued_s(self) -> float:
        """Seconds in which a thread stood ready and had no processor; of several threads, all of theirs."""
        return self._queued_so_far_s() - self._queued_s

    @property
    def own_s(self) -> float:
        """Seconds that went by without those."""
        return self.wall_s - self.queued_s

    def _queued_so_far_s(self) -> float:
        tasks = [task for process in self._processes for task in Path(f"/proc/{process}/task").glob("*/schedstat")]
        queued_ns = 0
        for task in tasks:
            with suppress(OSError):  # a thread that ended meanwhile
                queued_ns += int(task.read_text(encoding="ascii").split()[1])
        return queued_ns / 1e9
