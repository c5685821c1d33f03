# SPDX-License-Identifier: Apache-2.0
"""Makes files that appear at once and whole, with the mode that they keep: a colleague never meets one half open."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from groundfloor.system.sharing import set_access


@contextmanager
def growing_file(folder: Path, group: int | None, prefix: str) -> Iterator[tuple[int, Path]]:
    """Yield a new file in `folder`, open and under a name of its own, which goes with the block if it is still there.

    Args:
        folder: where it is made.
        group: the number of the group that may read and write it; None for its owner alone.
        prefix: how its name begins.

    Raises:
        OSError: it cannot be made, or not given to that group.
    """
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=prefix)
    try:
        set_access(descriptor, group)
        yield descriptor, Path(name)
    finally:
        os.close(descriptor)
        with suppress(FileNotFoundError):
            Path(name).unlink()
