# SPDX-License-Identifier: Apache-2.0
"""A process that holds the bench unsafe, for tests of what happens when it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.sim.bench_run import started
from tests.sim.started_process import StartedProcess


@contextmanager
def unsafe_process(bench_file: Path, folder: Path, then: str) -> Iterator[StartedProcess]:
    """Start `tests.sim.unsafe_bench`, which holds the bench unsafe; what it does `then` it tells itself."""
    with started([sys.executable, "-m", "tests.sim.unsafe_bench", str(bench_file), str(folder), then]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "unsafe\n"
        yield process
