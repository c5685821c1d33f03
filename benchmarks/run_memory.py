# SPDX-License-Identifier: Apache-2.0
"""How much memory a run takes while a pump runs: pre-flight, infusions and their judging, before anything is drawn."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figure import Figure
from benchmarks.process import Process

MOST_MIB, AIM_MIB = 120.0, 70.0
CHAPTER = "leak"
LOOK_EVERY_S = 0.05
_ROOT = Path(__file__).parents[1]
_COMMAND = "from cli.main import main; main()"
_LAST_WORD = b'"kind":"run-ended"'
_BEGUN = b'"kind":"infusion-started"'


def run_memory() -> list[Figure]:
    """Run a chapter, and look at the memory of the run's process from its first infusion until its journal ends."""
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _COMMAND,
                "run",
                "simulated",
                f"--chapter={CHAPTER}",
                "--no-html",
                f"--out={folder}",
            ],
            cwd=_ROOT,
            env={**os.environ, "PUMPBENCH_STATE": f"{folder}/state"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        most_mib = max(_while_it_runs(process, Path(folder)), default=0.0)
        process.wait()
    if not most_mib:
        raise ValueError("no infusion was seen to run")
    note = f"resident, of the run's own process; chapter {CHAPTER}, from the first infusion to the last"
    return [Figure("memory of a run while a pump runs", "MiB", (most_mib,), MOST_MIB, note, AIM_MIB)]


def _while_it_runs(process: subprocess.Popen[bytes], runs: Path) -> Iterator[float]:
    """Yield the resident memory again and again from the first infusion to the end of the journal."""
    memory, read, begun = Process(process.pid), 0, False
    while process.poll() is None:
        for journal in runs.glob("*/journal.jsonl"):
            with journal.open("rb") as file:
                file.seek(read)
                more = file.read()
            read += len(more)
            begun = begun or _BEGUN in more
            if _LAST_WORD in more:
                return
        if begun:
            yield memory.memory_mib()
        time.sleep(LOOK_EVERY_S)
