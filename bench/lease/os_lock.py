# SPDX-License-Identifier: Apache-2.0
"""A lock that the operating system keeps for a process, and lets go when the process dies, however it dies.

It is an `flock` on a file. A file that was taken away and made anew is another lock: whoever still holds the old one
holds nothing, which is how a holder that hangs is got rid of. Children started with `subprocess` do not inherit it.
"""

import fcntl
import os
from pathlib import Path

from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline, sleep_s

POLL_S = 0.01
OWNER_ONLY = 0o600


class OsLock:
    """One lock; not held until taken.

    Attributes:
        path: its file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None

    def try_take(self) -> bool:
        """Take the lock if nobody has it, and tell whether that went well.

        Raises:
            OSError: the file cannot be opened.
        """
        while True:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, OWNER_ONLY)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(fd)
                return False
            if self._is_the_file(fd):
                self._fd = fd
                return True
            os.close(fd)  # it was replaced while we took it: what we hold is the lock of the past

    def take(self, limit_s: float) -> None:
        """Take the lock, waiting at most `limit_s`.

        Raises:
            BenchFault: somebody else has it all the time.
            OSError: the file cannot be opened.
        """
        deadline = Deadline(limit_s)
        while not self.try_take():
            if deadline.passed():
                seen = f"another process has had it for {limit_s:g} s"
                raise BenchFault(f"lock {self.path}", "take", seen, "find the process that hangs, and end it")
            sleep_s(POLL_S)

    def write(self, text: str) -> None:
        """Make `text` the content of the file of a lock that is held.

        Raises:
            OSError: it cannot be written.
        """
        assert self._fd is not None
        content = text.encode("utf-8")
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, content, 0)

    def free(self) -> None:
        """Let the lock go; nothing happens if it is not held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    @property
    def held(self) -> bool:
        """Tell whether this object holds the lock, and the lock is still the one that counts."""
        return self._fd is not None and self._is_the_file(self._fd)

    def _is_the_file(self, fd: int) -> bool:
        try:
            named = self.path.stat()
        except FileNotFoundError:
            return False
        ours = os.fstat(fd)
        return (ours.st_dev, ours.st_ino) == (named.st_dev, named.st_ino)
