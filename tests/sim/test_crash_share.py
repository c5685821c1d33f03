# SPDX-License-Identifier: Apache-2.0
"""A twentieth of the crashes of the reference run, another one after each change of the code.

`PUMPBENCH_CRASH_SHARE=7/20` makes another share, `1/1` all of them, as `tox -e soak` does.
"""

import os
from pathlib import Path

from bench.run import own_code_sha256
from tests.campaigns.crash.crash_case import Depth
from tests.campaigns.crash.crashes_of import crashes_of
from tests.sim.crash_share import SHARES, crash_share

SHARE = os.environ.get("PUMPBENCH_CRASH_SHARE") or crash_share(own_code_sha256())


def test_a_run_stopped_at_a_twentieth_of_its_writes_and_requests_is_safe_whole_and_keeps_its_verdicts(
    tmp_path: Path,
) -> None:
    tally = crashes_of(tmp_path, share=SHARE)
    wrong = [(point.number, point.what, point.disk, outcome.wrong) for point, outcome in tally.wrong]
    assert wrong == [], f"share {SHARE}"
    assert tally.unbroken == {"test_a_kink[high]": "PASS", "test_a_bolus[intermediate]": "PASS"}
    assert tally.count(Depth.RESUME) > sum(tally.cases.values()) // SHARES // 8
    assert tally.turned == 0


def test_the_code_draws_a_share_and_all_shares_together_are_all_crashes() -> None:
    drawn = {crash_share(f"{number:x}") for number in range(100)}
    assert drawn == {f"{share}/{SHARES}" for share in range(1, SHARES + 1)}
