# SPDX-License-Identifier: Apache-2.0
"""What is expected of a pump counts only while it runs."""

import pytest

from bench.therapy import Continuous, Flex, RunningSchedule, Step

HOUR_S = 3600.0


def test_nothing_is_expected_before_the_start_and_during_a_stop() -> None:
    schedule = RunningSchedule(Continuous(10.0))
    assert schedule.since_beginning_ul(100.0) == 0.0
    schedule.start(0.0)
    assert schedule.since_beginning_ul(HOUR_S) == pytest.approx(10.0)
    schedule.stop(HOUR_S)
    assert schedule.since_beginning_ul(5 * HOUR_S) == pytest.approx(10.0)
    schedule.start(5 * HOUR_S)
    assert schedule.since_beginning_ul(6 * HOUR_S) == pytest.approx(20.0)


def test_a_stopped_pump_is_still_known_by_the_rate_it_would_have() -> None:
    schedule = RunningSchedule(Flex((Step(0, 10.0), Step(720, 30.0))))
    assert schedule.rate_ul_per_h(13 * HOUR_S) == 0.0
    assert schedule.rate_if_running_ul_per_h(13 * HOUR_S) == 30.0
