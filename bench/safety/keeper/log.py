# SPDX-License-Identifier: Apache-2.0
"""The keeper's log: one line of JSON for each thing that it saw or did, forced to the disk."""

import json
import os
import sys
from pathlib import Path

from groundfloor.wall_clock import utc_now


class KeeperLog:
    """Appends to a file; where that cannot be written, standard error is told, and the keeper's work goes on."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def write(self, what: str, **data: object) -> None:
        """Append one line."""
        line = json.dumps({"utc": utc_now().isoformat(), "pid": os.getpid(), "what": what, **data}) + "\n"
        try:
            self._append(line.encode("ascii"))
        except OSError as refused:  # what has to be done is to stop the pump
            sys.stderr.write(f"{refused}: {line}")

    def _append(self, line: bytes) -> None:
        if self._path is None:
            return
        # a link in the run folder must not lead the keeper to another file
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        try:
            os.write(descriptor, line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
