# SPDX-License-Identifier: Apache-2.0
"""A simulated bench that runs by itself, and a second terminal beside the one that a run goes on in."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bench_file.check_name import CheckName
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.bench_run import ENVIRONMENT, PUMPBENCH, ran
from tests.sim.twin_bench import TwinBench, twin_bench

LIMIT_S = 120.0
SPEED = 30.0
"""Fast enough that a sample comes each second, slow enough that a busy machine does not trip the watchdog in two."""
QUICK = {
    "off": list(CheckName),
    "settle_s": 0.0,
    "leak_hold_s": 1.0,
    "noise_spacing_s": 0.01,
    "postflight_blank_s": 60.0,
}


@contextmanager
def quick_table(folder: Path) -> Iterator[TwinBench]:
    """Start a twin in scaled time whose pre-flight and post-flight are left out."""
    with twin_bench(folder, TwinOptions(clock=ClockMode.SCALED, speed=SPEED)) as table:
        table.content["preflight"] = QUICK
        yield table


def pumpbench(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Type a command in the second terminal."""
    environment = {**ENVIRONMENT, **os.environ, "COLUMNS": "400", "NO_COLOR": "1"}
    return ran([PUMPBENCH, *arguments], environment=environment, limit_s=LIMIT_S)
