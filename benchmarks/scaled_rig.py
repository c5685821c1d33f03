# SPDX-License-Identifier: Apache-2.0
"""How fast a foreign rig on a scaled clock may run until a chapter is no longer green: a twin that nobody waits for.

The twin is a process of its own with a clock of its own, as a rig's controller is. What a good bench needs between two
heartbeats, and for one reading, then grows with the speed, in the time of the rig. A machine that does other work is
slower, and not the bench: this is a figure for a quiet one.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.simulated_bench import simulated_bench
from benchmarks.figure import Figure
from groundfloor.exit_code import ExitCode
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions

LEAST_SPEED = 2000.0
SLOWER = (1000.0, 400.0)
FASTER = (3000.0, 4000.0)
CHAPTER = "leak"
LIMIT_S = 240.0
_NAME = "highest speed at which a foreign scaled rig stays green"
_ROOT = Path(__file__).parents[1]
_COMMAND = "from cli.main import main; main()"


def scaled_rig() -> list[Figure]:
    """Run a chapter at the target's speed; then ever faster while it is green, or slower until it is."""
    tried = {LEAST_SPEED: is_green(LEAST_SPEED)}
    for speed in FASTER if tried[LEAST_SPEED] else SLOWER:
        tried[speed] = is_green(speed)
        if tried[speed] is (speed in SLOWER):
            break
    highest = max((speed for speed, green in tried.items() if green), default=0.0)
    told = ", ".join(f"{speed:.0f} {'green' if green else 'not'}" for speed, green in tried.items())
    note = f"chapter {CHAPTER}, a twin in a process of its own: {told}"
    return [Figure(_NAME, "×", (highest,), note=note, at_least=LEAST_SPEED)]


def is_green(speed: float) -> bool:
    """Run the chapter against a rig at a speed; tell whether every verdict was PASS."""
    with TemporaryDirectory() as folder, TwinChild(TwinOptions(clock=ClockMode.SCALED, speed=speed)) as twin:
        bench_file = Path(folder) / "lab.toml"
        simulated_bench(twin).write(bench_file)
        arguments = ("run", str(bench_file), f"--chapter={CHAPTER}", "--profile=implantable-20ml", "--no-html")
        ended = subprocess.run(
            [sys.executable, "-c", _COMMAND, *arguments, f"--out={folder}/runs"],
            cwd=_ROOT,
            env={**os.environ, "PUMPBENCH_STATE": f"{folder}/state"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT_S,
        )
        return ended.returncode == ExitCode.PASSED
