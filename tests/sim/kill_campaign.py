# SPDX-License-Identifier: Apache-2.0
"""Many kills, in several labs side by side: a run mostly waits, so one machine has room for some."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from tests.sim.kill_lab import Instant, Kill, KillLab


def lengths_s(folder: Path, labs: int) -> tuple[float, float]:
    """Return how long a run takes, and its infusions of that, with as many labs at work as later."""

    def in_one_lab(number: int) -> tuple[float, float]:
        with KillLab(_own(folder, number)).open() as lab:
            return lab.lengths_s()

    with ThreadPoolExecutor(labs) as threads:
        run_s, infusing_s = zip(*threads.map(in_one_lab, range(labs)), strict=True)
    return median(run_s), median(infusing_s)


def kills(folder: Path, at: Sequence[Instant], *, labs: int, keeper: bool = False) -> list[Kill]:
    """Kill one run at each instant."""

    def in_one_lab(number: int) -> list[Kill]:
        with KillLab(_own(folder, number), keeper=keeper).open() as lab:
            return [lab.kill(instant) for instant in at[number::labs]]

    with ThreadPoolExecutor(labs) as threads:
        return [kill for kills in threads.map(in_one_lab, range(labs)) for kill in kills]


def _own(folder: Path, number: int) -> Path:
    own = folder / f"lab-{number}"
    own.mkdir(parents=True)
    return own
