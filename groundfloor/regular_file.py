# SPDX-License-Identifier: Apache-2.0
"""Opens files of unknown origin to read: a device or a pipe, which may never end or never begin, is refused."""

import os
import stat
from pathlib import Path
from typing import BinaryIO

from groundfloor.only_ours import refuse_foreign_file
from groundfloor.system.open_file import AT_ONCE, open_file

_AT_ONCE_BYTES = 1 << 20


def open_regular(path: Path) -> BinaryIO:
    """Open `path` to read its bytes.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    descriptor = open_file(path, os.O_RDONLY | AT_ONCE)
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        raise OSError(f"it is a {'directory' if stat.S_ISDIR(kind) else 'device or pipe'}, no file")
    return os.fdopen(descriptor, "rb")


def read_regular(path: Path, most_bytes: int) -> bytes:
    """Return the content of `path`, which a file of ours never makes longer than `most_bytes`.

    Raises:
        OSError: it cannot be opened, is no regular file, or is longer.
    """
    with open_regular(path) as file:
        content = _begin_of(file, most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(f"it is longer than {most_bytes} bytes")
    return content


def read_ours(path: Path, most_bytes: int) -> bytes:
    """Return the content of `path` as `read_regular` does, if only this user can have written it.

    It is the open file that is looked at, so that nobody can put another one under its name in between.

    Raises:
        OSError: as `read_regular`; or it belongs to another user, or others may write to it.
    """
    with open_regular(path) as file:
        refuse_foreign_file(file.fileno(), path)
        content = _begin_of(file, most_bytes + 1)
    if len(content) > most_bytes:
        raise OSError(f"it is longer than {most_bytes} bytes")
    return content


def _begin_of(file: BinaryIO, most_bytes: int) -> bytes:
    """Return so much of a file, or all of it, piece by piece: one request would take memory for all that may come."""
    parts, left = [], most_bytes
    while left > 0 and (part := file.read(min(left, _AT_ONCE_BYTES))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)
