# SPDX-License-Identifier: Apache-2.0
"""Makes files that appear at once and whole, with the mode that they keep: a colleague never meets one half open."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OWNER, _GROUP = 0o600, 0o660


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


def set_access(descriptor: int, group: int | None) -> None:
    """Give an open file of ours the mode that it has to have, and its group.

    Raises:
        OSError: it is not ours, or we are no member of that group.
    """
    if group is not None and os.fstat(descriptor).st_gid != group:
        os.fchown(descriptor, -1, group)
    os.fchmod(descriptor, _OWNER if group is None else _GROUP)
