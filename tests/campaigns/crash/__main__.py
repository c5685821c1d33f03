# SPDX-License-Identifier: Apache-2.0
"""Makes the crashes of one reference run and writes their tally as JSON; a process of its own, since it forks.

python -m tests.campaigns.crash TALLY [--defect NAME[=X]] [--share N/M] [--jobs N]
"""

import argparse
import tempfile
from pathlib import Path

import msgspec

import tests.campaigns.preloaded  # noqa: F401  # before the first fork, and not after each
from instruments.simulated.twin.twin_options import TwinOptions
from tests.campaigns.crash.crash_campaign import CrashCampaign


def main() -> None:
    """Read the options, make the crashes, write the tally."""
    parser = argparse.ArgumentParser()
    parser.add_argument("tally", type=Path)
    parser.add_argument("--defect", action="append", default=[])
    parser.add_argument("--share", default="1/1", help="the first of all, or another")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    share, shares = map(int, given.share.split("/"))
    options = TwinOptions(defects=tuple(given.defect))
    with tempfile.TemporaryDirectory() as folder:
        campaign = CrashCampaign(Path(folder), options, lambda point: point.number % shares == share - 1, given.jobs)
        given.tally.write_bytes(msgspec.json.encode(campaign.run()))


main()
