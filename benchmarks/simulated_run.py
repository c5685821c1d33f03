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

from bench.journal import read_lines
from bench.recorded import BenchTime
from benchmarks.figure import Figure
from reports.loop_absence import LoopAbsence

PROFILES = ("implantable-20ml", "implantable-40ml")
MOST_WALL_S = 120.0
MOST_CPU_S, AIM_CPU_S = 60.0, 40.0
LEAST_HOURS_PER_S, AIM_HOURS_PER_S = 8.0, 25.0
MOST_ABSENT_MS, AIM_ABSENT_MS = 20.0, 5.0
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
        absent, hours = _absent(Path(folder)), _simulated_h(Path(folder))
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    note = f"pumpbench {' '.join(arguments[:-1])}; it ended with code {ended.returncode}"
    return [
        Figure("tox -e sim after installation, wall time", "s", (wall_s,), MOST_WALL_S, note),
        Figure(
            "… processor time", "s", (cpu_s,), MOST_CPU_S, f"of all its processes; {os.cpu_count()} cores", AIM_CPU_S
        ),
        Figure(
            "simulated hours per processor second",
            "h/s",
            (hours / cpu_s,),
            note=f"{hours:.0f} h in all; reports and both twins included",
            aim=AIM_HOURS_PER_S,
            at_least=LEAST_HOURS_PER_S,
        ),
        *absent,
    ]


def _simulated_h(runs: Path) -> float:
    """Return how much bench time all runs took; it begins anew with each chapter's twin."""
    return sum(map(_bench_time_s, runs.glob("*/journal.jsonl"))) / 3600


def _bench_time_s(journal: Path) -> float:
    bench_time = BenchTime()
    for line in read_lines(journal):
        bench_time.take(line.kind, line.t_s)
    return bench_time.total_s


def _absent(runs: Path) -> list[Figure]:
    """Return how long the loop was left alone in the first of some runs, by the wall and in processor time."""
    found = next((one for run in sorted(runs.iterdir()) if (one := LoopAbsence.read(run)) is not None), None)
    if found is None:
        return []
    mostly, longest = "absence from the loop, 99.9 %", "… the longest"
    return [
        Figure(
            mostly, "ms", (found.mostly_wall_ms,), MOST_ABSENT_MS, f"of {found.turns} turns, by the wall", AIM_ABSENT_MS
        ),
        Figure(longest, "ms", (found.longest_wall_ms,), note="by the wall"),
        Figure(f"{mostly}, processor time", "ms", (found.mostly_ms,), MOST_ABSENT_MS, "of the thread", AIM_ABSENT_MS),
        Figure(longest, "ms", (found.longest_ms,), note="processor time of the thread"),
    ]
