# SPDX-License-Identifier: Apache-2.0
"""How much sooner two workers are done than one: the whole protocol for both pump sizes, report included.

One worker draws the pictures on every core already, and nothing else at once; so this is the gain of the whole command,
not that of the chapters alone. Both run in turn. On a machine that does other work it says nothing.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure, left_out
from benchmarks.interleaved import ratios
from benchmarks.simulated_run import COMMAND, PROFILES

LEAST_GAIN = 1.85
REPEATS = 3
_NAME = "whole protocol, two workers / one, wall time"


def two_workers() -> list[Figure]:
    """Run the protocol with one worker and with two, in turn."""
    if (os.cpu_count() or 1) < 2:
        return [left_out(_NAME, "there is one core")]
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(REPEATS):
        for workers, taken in seconds.items():
            taken.append(_run_s(workers))
    note = f"a gain of {LEAST_GAIN} or more; {os.cpu_count()} cores"
    return [Figure(_NAME, "×", tuple(ratios(seconds[2], seconds[1])), 1 / LEAST_GAIN, note)]


def _run_s(workers: int) -> float:
    with TemporaryDirectory() as folder:
        profiles = [f"--profile={name}" for name in PROFILES]
        arguments = ["run", "simulated", *profiles, "--only-what-differs", f"--workers={workers}", f"--out={folder}"]
        start_s = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return time.perf_counter() - start_s
