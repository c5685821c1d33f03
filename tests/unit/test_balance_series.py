# SPDX-License-Identifier: Apache-2.0
"""Reading the balance several times: at planned instants, asking again, with the line through what was read."""

from typing import Any, cast

import pytest

from bench.bench_file import PreflightLimits
from bench.preflight.noise_check import NoiseCheck
from bench.preflight.warm_up_check import READINGS_PER_SPAN, SPANS, WarmUpCheck
from bench.retrying_reader import RetryingReader
from bench.scheduler import Scheduler
from bench.weighing import BalanceSeries
from groundfloor.errors import NoAnswer
from instruments.balance import MassReading
from tests.unit.test_preflight_checks import BALANCE, HandClock

STEP_S = 2.5


class SlowBalance:
    """Shows 10 µg more each second; answers after some time, and some questions not at all."""

    def __init__(self, clock: HandClock, takes_s: float = 0.0, silent: tuple[int, ...] = ()) -> None:
        self._clock, self._takes_s, self._silent = clock, takes_s, silent
        self.asked = 0

    def read_mass_g(self) -> MassReading:
        self.asked += 1
        if self.asked in self._silent:
            raise NoAnswer("balance", "read the mass", "no reply within 1 s", "look at the cable")
        asked_s = self._clock.time_s
        self._clock.time_s += self._takes_s
        return MassReading(50.0 + 1e-5 * asked_s, True)


def series(clock: HandClock, balance: SlowBalance) -> BalanceSeries:
    return BalanceSeries(cast(Any, balance), RetryingReader(cast(Any, clock)), Scheduler(cast(Any, clock)))


def test_each_reading_comes_at_its_planned_instant_however_long_the_one_before_took() -> None:
    clock = HandClock()
    clock.time_s = 100.0
    found = series(clock, SlowBalance(clock, takes_s=0.75)).read(4, STEP_S)
    assert found.times_s == (100.0, 102.5, 105.0, 107.5)
    assert found.masses_g == pytest.approx((50.001, 50.001025, 50.00105, 50.001075))
    assert found.reading_takes_s == 0.75


def test_the_first_reading_can_be_put_off() -> None:
    clock = HandClock()
    assert series(clock, SlowBalance(clock)).read(3, STEP_S, after_s=STEP_S).times_s == (2.5, 5.0, 7.5)


def test_the_line_through_the_readings_rises_as_the_display_did() -> None:
    clock = HandClock()
    line = series(clock, SlowBalance(clock)).read(5, STEP_S).line
    assert line.slope_mg_per_h == pytest.approx(36.0, rel=1e-6)
    assert (line.time_s, line.span_s, line.dof) == (5.0, 10.0, 3)


def test_a_reading_that_does_not_come_is_asked_for_again() -> None:
    clock = HandClock()
    balance = SlowBalance(clock, silent=(2, 3))
    assert series(clock, balance).read(4, STEP_S).times_s == (0.0, 2.5, 5.0, 7.5)
    assert balance.asked == 6


def test_the_noise_and_the_warm_up_ask_again_as_well() -> None:
    clock = HandClock()
    balance = SlowBalance(clock, silent=(3,))
    settings = PreflightLimits(warm_up_s=600.0)
    noise = NoiseCheck(BALANCE, settings, series(clock, balance)).run()
    assert noise.value == pytest.approx(0.0, abs=1e-6)
    assert balance.asked == settings.noise_readings + 1
    begun_s, balance.asked = clock.time_s, 0
    WarmUpCheck(BALANCE, settings, series(clock, balance)).run()
    assert balance.asked == 2 * READINGS_PER_SPAN + 1
    assert clock.time_s - begun_s == pytest.approx(2 * 600.0 / SPANS)
