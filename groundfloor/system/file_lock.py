# SPDX-License-Identifier: Apache-2.0
"""A lock on an open file, which the operating system lets go when its holder dies, however that comes.

The libraries for locks do not serve here. They lock a file of their own, or the content of this one, and Windows keeps
everybody from reading what is locked: a run that goes on could not be watched. So on Windows one byte is locked that
lies far behind every content, as SQLite does it.
"""

import os
import sys

if sys.platform == "win32":
    import errno
    import msvcrt

    _PLACE = 0x7FFF_FFF0
    _TAKEN = frozenset({errno.EACCES, errno.EDEADLK})

    def lock_at_once(descriptor: int) -> None:
        """Lock an open file for as long as it stays open.

        Raises:
            BlockingIOError: another process has it.
            OSError: the file system knows no locks.
        """
        before = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as refused:
            if refused.errno in _TAKEN:
                raise BlockingIOError(errno.EAGAIN, "another process has locked it") from refused
            raise
        finally:
            os.lseek(descriptor, before, os.SEEK_SET)

else:
    import fcntl

    def lock_at_once(descriptor: int) -> None:
        """Lock an open file for as long as it stays open.

        Raises:
            BlockingIOError: another process has it.
            OSError: the file system knows no locks.
        """
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
