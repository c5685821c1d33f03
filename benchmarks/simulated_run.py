# SPDX-License-Identifier: Apache-2.0
"""How long `tox -e sim` takes once everything is installed: the command that it runs, on all the cores there are.

Its first run tells how long its thread left the loop that gives the heartbeats, in a whole protocol.
"""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure
from reports.loop_absence import LoopAbsence

PROFILES = ("implantable-20ml", "implantable-40ml")
MOST_WALL_S = 120.0
MOST_ABSENT_MS = 20.0
COMMAND = "from cli.main import main; main()"


def simulated_run() -> list[Figure]:
    """Run all test plans for both pump sizes, report included, once."""
    with TemporaryDirectory() as folder:
        arguments = [
            "run",
            "simulated",
            *(f"--profile={name}" for name in PROFILES),
            "--only-what-differs",
            "--workers=2",
            f"--out={folder}",
        ]
        before, start_s = os.times(), time.perf_counter()
        ended = subprocess.run(
            [sys.executable, "-c", COMMAND, *arguments],
            cwd=Path(__file__).parents[1],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wall_s, after = time.perf_counter() - start_s, os.times()
        absent = _absent(Path(folder))
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    note = f"pumpbench {' '.join(arguments[:-1])}; it ended with code {ended.returncode}"
    return [
        Figure("tox -e sim after installation, wall time", "s", (wall_s,), MOST_WALL_S, note),
        Figure("… processor time", "s", (cpu_s,), note=f"of all its processes; {os.cpu_count()} cores"),
        *absent,
    ]


def _absent(runs: Path) -> list[Figure]:
    """Return how long the loop was left alone in the first of some runs, by the wall and in processor time."""
    found = next((one for run in sorted(runs.iterdir()) if (one := LoopAbsence.read(run)) is not None), None)
    if found is None:
        return []
    mostly, longest = "absence from the loop, 99.9 %", "… the longest"
    return [
        Figure(mostly, "ms", (found.mostly_wall_ms,), MOST_ABSENT_MS, f"of {found.turns} turns, by the wall"),
        Figure(longest, "ms", (found.longest_wall_ms,), note="by the wall"),
        Figure(f"{mostly}, processor time", "ms", (found.mostly_ms,), MOST_ABSENT_MS, "of the thread"),
        Figure(longest, "ms", (found.longest_ms,), note="processor time of the thread"),
    ]
