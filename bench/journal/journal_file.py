# SPDX-License-Identifier: Apache-2.0
"""One file of whole lines: appended to, forced to the disk, and locked while somebody writes it.

The lock is the operating system's own: it goes when the process does, however it ends, and so it also tells whether
the one who wrote a file is still there.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from groundfloor.system.file_lock import lock_at_once
from groundfloor.system.forced_to_disk import force_bytes, force_names
from groundfloor.system.open_file import NO_LINK, open_file
from groundfloor.system.placed_bytes import read_at, write_at

PIECE_BYTES = 1 << 20


class JournalFile:
    """An open file; every method raises the OSError that the system gives.

    Attributes:
        path: where it is.
        length: bytes of all whole lines that were handed to the system.
    """

    def __init__(self, path: Path, descriptor: int, length: int) -> None:
        self.path = path
        self.length = length
        self._descriptor: int | None = descriptor

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new file; one that is there is never touched."""
        made = cls._locked(path, os.O_CREAT | os.O_EXCL, 0)
        force_names(path.absolute().parent)  # or a loss of power takes the name, and every line with it
        return made

    @classmethod
    def resume(cls, path: Path, length: int) -> Self:
        """Go on with a file behind its first `length` bytes; BlockingIOError when another process writes it."""
        return cls._locked(path, NO_LINK, length)

    @classmethod
    def _locked(cls, path: Path, flags: int, length: int) -> Self:
        descriptor = open_file(path, os.O_RDWR | flags, 0o644)
        try:
            lock_at_once(descriptor)
        except BlockingIOError:
            os.close(descriptor)
            raise
        except OSError as trouble:
            if trouble.errno not in (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS):  # a file system without locks
                os.close(descriptor)
                raise
        return cls(path, descriptor, length)

    @property
    def descriptor(self) -> int:
        """Return the open file's number."""
        if self._descriptor is None:
            raise OSError(errno.EBADF, "the file is closed", str(self.path))
        return self._descriptor

    @property
    def closed(self) -> bool:
        """Tell whether it was closed."""
        return self._descriptor is None

    @property
    def deleted(self) -> bool:
        """Tell whether the file has no name any more: it takes every line, and is lost when it is closed."""
        return not os.fstat(self.descriptor).st_nlink

    def put(self, lines: bytes) -> None:
        """Append whole lines; where not all of them are taken, none stays."""
        done = 0
        try:
            while done < len(lines):  # a full disk takes a part first and says why with the next call
                done += write_at(self.descriptor, lines[done:], self.length + done)
        except OSError:
            self._cut_back()
            raise
        self.length += len(lines)

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self.descriptor, self.length)
        except OSError:  # then half a line stays at the end, which every reader knows how to leave out
            return

    def end_here(self) -> None:
        """Cut off whatever stands behind the last whole line."""
        os.ftruncate(self.descriptor, self.length)

    def sync(self) -> None:
        """Force everything to the disk."""
        force_bytes(self.descriptor)
        if self.deleted:
            raise OSError(errno.ENOENT, "the file was deleted while the run went on", str(self.path))

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Read the bytes from `start` up to `end`, also of a file that has no name any more."""
        while start < end:
            piece = read_at(self.descriptor, min(PIECE_BYTES, end - start), start)
            if not piece:
                raise OSError(errno.EIO, f"ends at byte {start}", str(self.path))
            yield piece
            start += len(piece)

    def close(self) -> None:
        """Close the file and give the lock back."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
