# SPDX-License-Identifier: Apache-2.0
"""Forces files and their names to the disk, so that a loss of power finds them there.

A file's own sync keeps its bytes. Its name stands in its folder, and is safe when that was synced as well (fsync(2)).
Windows has no sync of a folder: NTFS keeps names in a journal of its own.
"""

import os
import sys
from pathlib import Path

from groundfloor.system.open_file import AT_ONCE, NO_LINK, open_file

if sys.platform == "win32":

    def force_names(folder: Path) -> None:
        """Do nothing: NTFS sees to the names in `folder`."""

    def force_bytes(descriptor: int) -> None:
        """Force what was written to an open file to the disk.

        Raises:
            OSError: the disk does not take it.
        """
        os.fsync(descriptor)

else:
    import errno

    _NO_SUCH_THING = frozenset({errno.EINVAL, errno.ENOTSUP})
    """What a file system says that knows no sync of a folder, as some network ones do."""

    def force_names(folder: Path) -> None:
        """Force the names in `folder` to the disk.

        Raises:
            OSError: the disk does not take them.
        """
        descriptor = open_file(folder, os.O_RDONLY | os.O_DIRECTORY | AT_ONCE)
        try:
            os.fsync(descriptor)
        except OSError as refused:
            if refused.errno not in _NO_SUCH_THING:
                raise
        finally:
            os.close(descriptor)

    def force_bytes(descriptor: int) -> None:
        """Force what was written to an open file to the disk.

        Raises:
            OSError: the disk does not take it.
        """
        if sys.platform == "darwin":
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # fsync there leaves it in the disk's own store (fsync(2))
        else:
            os.fdatasync(descriptor)

    if sys.platform == "darwin":
        import fcntl


def force_tree(folder: Path) -> None:
    """Force everything under `folder` to the disk, and the names that lead to it in the two folders above.

    Raises:
        OSError: the disk does not take it.
    """
    for parent, _folders, files in os.walk(folder):
        for name in files:
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                _force_file(path)
        force_names(Path(parent))
    above = folder.absolute().parent
    force_names(above)
    force_names(above.parent)


def _force_file(path: Path) -> None:
    flags = os.O_RDONLY if sys.platform != "win32" else os.O_RDWR  # Windows forces only what may be written
    descriptor = open_file(path, flags | AT_ONCE | NO_LINK)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
