# SPDX-License-Identifier: Apache-2.0
"""What a clock that is much faster than the machine's makes of a watchdog and of a reading."""

import pytest

from bench.clock import RunningClock, clocks_half_width_s, reading_takes_s, watchdog_time_s


@pytest.mark.parametrize(("speed", "time_out_s"), [(1.0, 60), (200.0, 60), (400.0, 100), (2000.0, 500)])
def test_a_watchdog_never_bites_before_a_quarter_of_a_machine_second(speed: float, time_out_s: int) -> None:
    assert watchdog_time_s(RunningClock(speed), 60) == time_out_s


@pytest.mark.parametrize(
    ("speed", "takes_s", "half_width_s"), [(1.0, 0.1, 0.1), (400.0, 0.1, 40.0), (2000.0, 0.02, 40.0)]
)
def test_on_a_clock_beyond_400_a_reading_must_be_quicker_so_that_its_instant_is_known_as_well(
    speed: float, takes_s: float, half_width_s: float
) -> None:
    clock = RunningClock(speed)
    assert reading_takes_s(clock) == pytest.approx(takes_s)
    assert clocks_half_width_s(clock) == pytest.approx(half_width_s)
