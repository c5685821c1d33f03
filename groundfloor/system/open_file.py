# SPDX-License-Identifier: Apache-2.0
"""Opens files by number, and never waits for what stands under the name.

AT_ONCE     a pipe or a device is opened without waiting for its other end, and becomes nobody's terminal
NO_LINK     a link in the place of the file is refused
"""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import errno

    AT_ONCE = os.O_BINARY | os.O_NOINHERIT
    """Windows has no files that wait for an other end; without O_BINARY its runtime changes the ends of lines."""
    NO_LINK = 1 << 30
    OPEN_KEEPS_NAME = True
    """A file that is open can be neither taken away nor given another name."""

    def open_file(path: Path, flags: int, mode: int = 0o777) -> int:
        """Open `path` as `os.open` does, by `AT_ONCE` and `NO_LINK` as well; return its number.

        Raises:
            OSError: it cannot be opened, or is a link.
        """
        descriptor = os.open(path, flags & ~NO_LINK | AT_ONCE, mode)
        if flags & NO_LINK and _leads_elsewhere(path, descriptor):
            os.close(descriptor)
            raise OSError(errno.ELOOP, "it is a link", str(path))
        return descriptor

    def _leads_elsewhere(path: Path, descriptor: int) -> bool:
        named, opened = path.lstat(), os.fstat(descriptor)
        return (named.st_dev, named.st_ino) != (opened.st_dev, opened.st_ino)

else:
    AT_ONCE = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    NO_LINK = os.O_NOFOLLOW
    OPEN_KEEPS_NAME = False

    def open_file(path: Path, flags: int, mode: int = 0o777) -> int:
        """Open `path` as `os.open` does, by `AT_ONCE` and `NO_LINK` as well; return its number.

        Raises:
            OSError: it cannot be opened, or is a link.
        """
        return os.open(path, flags, mode)
