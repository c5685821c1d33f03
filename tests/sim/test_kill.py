# SPDX-License-Identifier: Apache-2.0
"""A run is killed with SIGKILL at random instants: each time the rig is safe in time, by its own log and sensors.

The long campaign is `tests/soak/test_kill_campaign.py`; its figures are in `docs/reliability.md`.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.sim.kill_campaign import kills
from tests.sim.kill_lab import INFUSING, KEEPER_LIMIT_S, SPEED, Instant, Kill, instants

RUN_S, INFUSING_S = 16.0, 6.0
"""About as long as the run takes, and its infusions in it, so that kills fall on all of it."""
WATCHDOG_S = 60.0


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Kill], list[Kill]]:
    watchdog, keeper = tmp_path_factory.mktemp("watchdog"), tmp_path_factory.mktemp("keeper")
    with ThreadPoolExecutor(1) as beside:
        mid_run = [Instant(INFUSING, after_s) for after_s in (0.5, 2.0, 4.0)]
        by_keeper = beside.submit(kills, keeper, mid_run, labs=2, keeper=True)
        return kills(watchdog, instants(8, 37, RUN_S, INFUSING_S), labs=4), by_keeper.result()


@pytest.fixture(scope="module")
def by_watchdog(both: tuple[list[Kill], list[Kill]]) -> list[Kill]:
    return both[0]


@pytest.fixture(scope="module")
def by_keeper(both: tuple[list[Kill], list[Kill]]) -> list[Kill]:
    return both[1]


def test_whenever_a_run_is_killed_the_rigs_log_says_safe_within_its_time_out(by_watchdog: list[Kill]) -> None:
    assert [kill.wrong for kill in by_watchdog] == [()] * 8
    at_risk = [kill for kill in by_watchdog if kill.at_risk]
    assert len(at_risk) >= 3, "the instants miss what they are meant for"
    for kill in at_risk:
        assert kill.limit_s == WATCHDOG_S
        assert kill.to_safe_s is not None
        assert 0 < kill.to_safe_s <= WATCHDOG_S + kill.doubt_s


def test_a_bench_that_is_not_guarded_at_that_instant_has_nothing_to_be_guarded_from(by_watchdog: list[Kill]) -> None:
    assert not [kill for kill in by_watchdog if kill.at_risk and not kill.limit_s]


def test_a_keeper_does_the_same_for_a_rig_without_a_watchdog(by_keeper: list[Kill]) -> None:
    assert [kill.wrong for kill in by_keeper] == [()] * 3
    assert any(kill.at_risk for kill in by_keeper)
    for kill in by_keeper:
        assert kill.to_safe_s is not None
        assert kill.to_safe_s < KEEPER_LIMIT_S * SPEED
