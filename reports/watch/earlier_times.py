# SPDX-License-Identifier: Apache-2.0
"""How long each test took in earlier runs of the same profile, by the summaries that lie beside a run."""

import json
from collections.abc import Mapping
from pathlib import Path

from bench.run_folder import SUMMARY
from groundfloor.regular_file import read_regular

MOST_RUNS = 20
MOST_BYTES = 1 << 26


def earlier_times(run_folder: Path, profile: str) -> Mapping[str, float]:
    """Return the bench time of tests, in s, by node id; that of the newest run that tells it.

    What cannot be read is left out: it is an estimate for people who wait.

    Args:
        run_folder: of the run that is going to take as long.
        profile: its name.
    """
    found: dict[str, float] = {}
    beside = sorted((one for one in run_folder.absolute().parent.glob(f"*/{SUMMARY}")), reverse=True)
    for path in [one for one in beside if one.parent.name != run_folder.name][:MOST_RUNS]:
        for node, seconds in _times(path, profile).items():
            found.setdefault(node, seconds)
    return found


def _times(path: Path, profile: str) -> Mapping[str, float]:
    try:
        summary = json.loads(read_regular(path, MOST_BYTES))
        if summary["run"]["profile"] != profile:
            return {}
        tests = [one for one in summary["tests"] if one["ended_s"] is not None and one["verdict"] == "PASS"]
        return {str(one["node"]): float(one["ended_s"]) - float(one["started_s"]) for one in tests}
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
