# SPDX-License-Identifier: Apache-2.0
"""Opens files of unknown origin to read: a device or a pipe, which may never end or never begin, is refused."""

import os
import stat
from pathlib import Path
from typing import BinaryIO


def open_regular(path: Path) -> BinaryIO:
    """Open `path` to read its bytes.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        raise OSError(f"it is a {'directory' if stat.S_ISDIR(kind) else 'device or pipe'}, no file")
    return os.fdopen(descriptor, "rb")
