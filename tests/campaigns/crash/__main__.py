# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.campaigns.crash FOLDER [--defect …] [--share N/M] [--jobs N]`: prints the tally as JSON."""

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

import tests.campaigns.preloaded  # noqa: F401  # before the first fork, and not in each
from instruments.simulated.twin.twin_options import TwinOptions
from tests.campaigns.crash.crash_campaign import CrashCampaign


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--defect", action="append", default=[])
    parser.add_argument("--share", default="0/1")
    parser.add_argument("--jobs", type=int, default=1)
    given = parser.parse_args()
    share, shares = map(int, given.share.split("/"))
    given.folder.mkdir(parents=True, exist_ok=True)
    t = time.time()
    tally = CrashCampaign(
        given.folder, TwinOptions(defects=tuple(given.defect)), lambda point: point.number % shares == share, given.jobs
    ).run()
    print(time.time() - t, time.process_time(), file=sys.stderr)
    print(tally.unbroken, tally.points, tally.cases, len(tally.made))
    print(Counter(o.ending for _, o in tally.made), Counter(v for _, o in tally.made for v in o.verdicts.values()))
    print(Counter(p.disk for p, _ in tally.made))
    print(Counter(p.depth for p, _ in tally.made))
    for p, o in tally.wrong:
        print(p, o.wrong, o.ending)
    for p, o in tally.made:
        for n, v in o.verdicts.items():
            if v != tally.unbroken[n]: print(p, n, v, o.reasons[n][:200])


main()
