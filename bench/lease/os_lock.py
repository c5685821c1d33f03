# SPDX-License-Identifier: Apache-2.0
"""A lock that the operating system keeps for a process, and lets go when the process dies, however it dies.

It is a lock on a file, which a group of users may share. A file that was taken away and made anew is another lock:
whoever still holds the old one holds nothing, which is how a holder that hangs is got rid of. Children started with
`subprocess` do not inherit it.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from bench.lease.shared_file import growing_file
from groundfloor.errors import BenchFault
from groundfloor.system.file_access import is_ours
from groundfloor.system.file_lock import lock_at_once
from groundfloor.system.open_file import AT_ONCE, NO_LINK, open_file
from groundfloor.system.placed_bytes import write_at
from groundfloor.system.sharing import set_access
from groundfloor.wall_clock import Deadline, sleep_s

POLL_S = 0.01
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
"""How file systems refuse a second name of a file: FAT, some network and user-space ones."""
_TRIES = 100
"""A file that somebody takes away whenever it was made is nothing that a lock can be on."""


class OsLock:
    """One lock; not held until taken.

    Attributes:
        path: its file.
        group: the number of the group that shares it; None for a lock of this user alone.
    """

    def __init__(self, path: Path, group: int | None = None) -> None:
        self.path = path
        self.group = group
        self._fd: int | None = None

    def try_take(self) -> bool:
        """Take the lock if nobody has it, and tell whether that went well.

        Raises:
            OSError: the file cannot be opened.
        """
        while True:
            fd = self._opened()
            try:
                lock_at_once(fd)
            except BlockingIOError:
                os.close(fd)
                return False
            except OSError:
                os.close(fd)
                raise
            if self._is_the_file(fd):
                self._fd = fd
                return True
            os.close(fd)  # it was replaced while we took it: what we hold is the lock of the past

    def _opened(self) -> int:
        """Open the file; one that is not there is made, at once with the mode that it keeps."""
        for _ in range(_TRIES):
            try:
                fd = open_file(self.path, os.O_RDWR | AT_ONCE | NO_LINK)
            except FileNotFoundError:
                self._make()
                continue
            try:
                self._refuse_what_is_no_file(fd)
            except OSError:
                os.close(fd)
                raise
            return fd
        raise FileNotFoundError(f"{self.path} is taken away as soon as it is made")

    def _make(self) -> None:
        with growing_file(self.path.parent, self.group, ".lock-") as made, suppress(FileExistsError):
            try:
                os.link(made.path, self.path)  # somebody else may have been faster
            except OSError as refused:
                if refused.errno not in _NO_LINKS:
                    raise
                self._make_at_its_place()

    def _make_at_its_place(self) -> None:
        """Make the file where there are no hard links; a colleague may meet it for an instant without his access.

        Raises:
            FileExistsError: somebody else was faster.
            OSError: it cannot be made.
        """
        fd = open_file(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | NO_LINK, 0o600)
        try:
            set_access(fd, self.group)
        finally:
            os.close(fd)

    def _refuse_what_is_no_file(self, fd: int) -> None:
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{self.path} is no file")
        if self.group is not None and is_ours(fd, found):
            set_access(fd, self.group)  # it was made before the folder was shared

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
        write_at(self._fd, content, 0)

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
