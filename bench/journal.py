# SPDX-License-Identifier: Apache-2.0
"""The journal: the run's append-only file of every sample, event and verdict.

Each line is one JSON object: sequence number, bench time, kind, data, and the SHA-256 of the line before, so that an
edited, missing or inserted line shows. A line is handed to the operating system as soon as it is written, which
survives the death of this process; it is forced to the disk once a second and with every line that is not a sample,
which survives the loss of power.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.interruption import held
from instruments.errors import BenchFault
from instruments.wall_clock import monotonic_s

SYNC_INTERVAL_S = 1.0
CHAIN_START = "0" * 64
_encoded = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode  # made once, used for every line


@dataclass(frozen=True)
class Entry:
    """A line as its listeners see it: bench time, kind and data."""

    t_s: float
    kind: str
    data: Mapping[str, Any]


Listener = Callable[[Entry], None]


class JournalLost(BenchFault):
    """The journal takes no more lines: whatever is measured from here on leaves no record."""


class Journal:
    """An open journal.

    Attributes:
        path: the file.
        listeners: called with each entry after it is written: a progress bar, a growing report.
    """

    def __init__(self, path: Path, now_s: Callable[[], float] = lambda: 0.0) -> None:
        self.path = path
        self.now_s = now_s
        self.listeners: list[Listener] = []
        self._sequence = 0
        self._previous = CHAIN_START
        self._synced_s = monotonic_s()
        try:
            self._file = path.open("xb", buffering=0)
        except OSError as refused:
            raise BenchFault(
                f"journal {path}", "create", str(refused), "give a run folder that can be written"
            ) from refused
        self._position = 0

    @property
    def position(self) -> int:
        """Return the length of the file in bytes, for reading back what comes from here on."""
        return self._position

    def write(self, kind: str, **data: Any) -> None:
        """Append an entry and force it to the disk.

        Raises:
            JournalLost: the file cannot be written any more (disk full, folder gone).
        """
        self._append(kind, data)
        self._sync()

    def sample(self, **data: Any) -> None:
        """Append a sample; it reaches the disk within a second."""
        self._append("sample", data)
        if monotonic_s() - self._synced_s >= SYNC_INTERVAL_S:
            self._sync()

    def _append(self, kind: str, data: dict[str, Any]) -> None:
        t_s = self.now_s()
        entry = {"seq": self._sequence, "t": round(t_s, 6), "kind": kind, "data": data, "prev": self._previous}
        line = _encoded(entry).encode("ascii")
        with held():  # a line that is written and not counted would break the chain
            self._put(line + b"\n")
            self._previous = hashlib.sha256(line).hexdigest()
            self._sequence += 1
        for listener in self.listeners:
            listener(Entry(t_s, kind, data))

    def _put(self, line: bytes) -> None:
        try:
            written = self._file.write(line)
        except OSError as refused:
            raise JournalLost(f"journal {self.path}", "write", str(refused), "make room, then start anew") from refused
        if written != len(line):
            seen = f"{written} of {len(line)} bytes were taken"
            raise JournalLost(f"journal {self.path}", "write", seen, "make room, then start anew")
        self._position += len(line)

    def _sync(self) -> None:
        try:
            os.fdatasync(self._file.fileno())
            links = os.fstat(self._file.fileno()).st_nlink
        except OSError as refused:
            raise JournalLost(
                f"journal {self.path}", "sync", str(refused), "check the disk, then start anew"
            ) from refused
        if not links:  # a file that has no name any more takes every line, and is lost when it is closed
            next_step = "find out who cleans up there, then start anew"
            raise JournalLost(f"journal {self.path}", "sync", "the file was deleted while the run went on", next_step)
        self._synced_s = monotonic_s()

    def close(self) -> None:
        """Force everything to the disk and close the file."""
        if not self._file.closed:
            try:
                self._sync()
            finally:
                self._file.close()
