# SPDX-License-Identifier: Apache-2.0
"""Forces files and their names to the disk, so that a loss of power finds them there.

A file's own sync keeps its bytes. Its name stands in its folder, and is safe when that was synced as well (fsync(2)).
"""

import errno
import os
from pathlib import Path

_NO_SUCH_THING = frozenset({errno.EINVAL, errno.ENOTSUP})
"""What a file system says that knows no sync of a folder, as some network ones do."""


def force_names(folder: Path) -> None:
    """Force the names in `folder` to the disk.

    Raises:
        OSError: the disk does not take them.
    """
    _sync(folder, os.O_DIRECTORY)


def force_tree(folder: Path) -> None:
    """Force everything under `folder` to the disk, and the names that lead to it in the two folders above.

    Raises:
        OSError: the disk does not take it.
    """
    for parent, _folders, files in os.walk(folder):
        for name in files:
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                _sync(path, os.O_NOFOLLOW)
        force_names(Path(parent))
    above = folder.absolute().parent
    force_names(above)
    force_names(above.parent)


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    try:
        os.fsync(descriptor)
    except OSError as refused:
        if not flags & os.O_DIRECTORY or refused.errno not in _NO_SUCH_THING:
            raise
    finally:
        os.close(descriptor)
