# SPDX-License-Identifier: Apache-2.0
"""A thousand runs killed at random instants, and some more beside a keeper: `tox -e soak`.

`PUMPBENCH_SOAK_RUN_KILLS` sets another number.
"""

import os
import statistics
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.sim.kill_campaign import kills, lengths_s
from tests.sim.kill_lab import KEEPER_LIMIT_S, SPEED, Kill, instants
from tests.soak.figures import Cell, Figures

pytestmark = pytest.mark.soak

KILLS = int(os.environ.get("PUMPBENCH_SOAK_RUN_KILLS", "1000"))
KEEPER_KILLS = max(1, KILLS // 5)
LABS = 5
SEED = 3


def test_a_thousand_killed_runs_leave_the_bench_safe(tmp_path: Path) -> None:
    lengths = lengths_s(tmp_path / "whole", LABS)
    by_watchdog = kills(tmp_path / "watchdog", instants(KILLS, SEED, *lengths), labs=LABS)
    by_keeper = kills(tmp_path / "keeper", instants(KEEPER_KILLS, SEED + 1, *lengths), labs=LABS, keeper=True)
    limit_s = max(kill.limit_s for kill in by_watchdog)
    Figures(
        "Runs killed with SIGKILL at random instants, half of them in an infusion: time to safe, by the rig's own log",
        (
            "what makes it safe",
            "kills",
            "pump ran or fault stood",
            "median s",
            "longest s",
            "limit s",
            "instant of the kill known to s",
            "failures",
        ),
        (
            ("the rig's watchdog (s of the rig's clock)", *_row(by_watchdog, limit_s, 1.0)),
            ("a keeper, rig without watchdog (s of the machine)", *_row(by_keeper, KEEPER_LIMIT_S, SPEED)),
        ),
    ).keep("kill")
    assert [kill for kill in (*by_watchdog, *by_keeper) if kill.wrong] == []


def _row(done: Sequence[Kill], limit_s: float, speed: float) -> tuple[Cell, ...]:
    at_risk = [kill for kill in done if kill.at_risk]
    times_s = [kill.to_safe_s / speed for kill in at_risk if kill.to_safe_s is not None]
    failures = sum(1 for kill in done if kill.wrong)
    doubt_s = max(kill.doubt_s for kill in done) / speed
    return (len(done), len(at_risk), statistics.median(times_s), max(times_s), limit_s, doubt_s, failures)
