# SPDX-License-Identifier: Apache-2.0
"""Many kills, in several labs side by side: a run mostly waits, so one machine has room for some."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.sim.kill_lab import Kill, KillLab


def kills(folder: Path, instants_s: Sequence[float], *, labs: int, keeper: bool = False) -> list[Kill]:
    """Kill one run at each of `instants_s` after the opening of its bench."""

    def in_one_lab(number: int) -> list[Kill]:
        own = folder / f"lab-{number}"
        own.mkdir(parents=True)
        with KillLab(own, keeper=keeper).open() as lab:
            return [lab.kill(instant_s) for instant_s in instants_s[number::labs]]

    with ThreadPoolExecutor(labs) as threads:
        return [kill for kills in threads.map(in_one_lab, range(labs)) for kill in kills]
