# SPDX-License-Identifier: Apache-2.0
"""The keeper's log: one line of JSON for each thing that it saw or did, forced to the disk.

A disk that hangs must not hold the keeper up, whose work is to stop a pump. So a thread writes, and is waited for only
until it is late for the first time.
"""

import json
import os
import stat
import sys
import weakref
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread

from groundfloor.system.open_file import AT_ONCE, NO_LINK, open_file
from groundfloor.wall_clock import utc_now

WRITE_LIMIT_S = 1.0


class KeeperLog:
    """Appends to a file; where that cannot be written, standard error is told, and the keeper's work goes on."""

    def __init__(self, path: Path | None) -> None:
        self._late = False
        self._lines: SimpleQueue[tuple[bytes, Event] | None] = SimpleQueue()
        Thread(target=_write_lines, args=(self._lines, path), daemon=True).start()
        weakref.finalize(self, self._lines.put, None)  # the thread ends with the log

    def write(self, what: str, **data: object) -> None:
        """Append one line."""
        line = json.dumps({"utc": utc_now().isoformat(), "pid": os.getpid(), "what": what, **data}) + "\n"
        written = Event()
        self._lines.put((line.encode("ascii"), written))
        if not self._late and not written.wait(WRITE_LIMIT_S):
            self._late = True
            sys.stderr.write(f"the log takes longer than {WRITE_LIMIT_S:g} s: {line}")


def _write_lines(lines: SimpleQueue[tuple[bytes, Event] | None], path: Path | None) -> None:
    while (found := lines.get()) is not None:
        line, written = found
        try:
            _append(line, path)
        except OSError as refused:  # what has to be done is to stop the pump
            sys.stderr.write(f"{refused}: {line.decode('ascii')}")
        written.set()


def _append(line: bytes, path: Path | None) -> None:
    if path is None:
        return
    # a link in the run folder must not lead the keeper to another file
    descriptor = open_file(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | AT_ONCE | NO_LINK, 0o644)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(f"{path} is no regular file")
        os.write(descriptor, line)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
