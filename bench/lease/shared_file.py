# SPDX-License-Identifier: Apache-2.0
"""Makes files that appear at once and whole, with the mode that they keep: a colleague never meets one half open."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from groundfloor.system.sharing import set_access


class GrowingFile:
    """A new file that is open, under a name that it does not keep.

    Attributes:
        path: that name.
        descriptor: its number, until it is closed.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor
        self._open = True

    def close(self) -> None:
        """Close it, once: Windows gives no other name to a file that is open."""
        if self._open:
            self._open = False
            os.close(self.descriptor)


@contextmanager
def growing_file(folder: Path, group: int | None, prefix: str) -> Iterator[GrowingFile]:
    """Yield a new file in `folder`, open and under a name of its own, which goes with the block if it is still there.

    Args:
        folder: where it is made.
        group: the number of the group that may read and write it; None for its owner alone.
        prefix: how its name begins.

    Raises:
        OSError: it cannot be made, or not given to that group.
    """
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    growing = GrowingFile(Path(name), descriptor)
    try:
        set_access(growing.descriptor, group)
        yield growing
    finally:
        growing.close()
        with suppress(FileNotFoundError):
            Path(name).unlink()
