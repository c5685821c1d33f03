# SPDX-License-Identifier: Apache-2.0
"""The crashes of one specimen's reference run, made in a process of their own."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tests.campaigns.crash.tally import Tally

ROOT = Path(__file__).parents[3]
LIMIT_S = 4 * 3600.0
"""Of the machine's time, however busy it is: it counts for a campaign that hangs."""


def crashes_of(folder: Path, defects: Sequence[str] = (), share: str = "1/1", jobs: int = 1) -> Tally:
    """Make the crashes and return their tally.

    Args:
        folder: takes the tally, disks and printed words.
        defects: of the pump.
        share: which of them are made, `1/20` for the first of twenty shares.
        jobs: how many at once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = folder / "tally.json"
    words = [str(told), *(f"--defect={one}" for one in defects), f"--share={share}", f"--jobs={jobs}"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaigns.crash", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )
    assert told.is_file(), f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return msgspec.json.decode(told.read_bytes(), type=Tally)
