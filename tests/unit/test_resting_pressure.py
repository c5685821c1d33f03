# SPDX-License-Identifier: Apache-2.0
"""Two sensors of one pressure that differ: the air tells which of them is wrong, before a pump is judged by one."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest

from bench.injectors import Injection, injector_named
from bench.preflight.check_state import CheckState
from bench.preflight.resting_pressure_check import RestingPressureCheck
from bench.scheduler import Scheduler
from instruments.pump import Pump, PumpReading
from instruments.rig import Rig, RigReading
from tests.readings import pump_reading, rig_reading
from tests.unit.scripted_bench import ScriptedClock

ERROR_KPA, OUTLET_KPA, TIME_CONSTANT_S = 0.5, 1.2, 10.8
OK, BLOCK = CheckState.OK, CheckState.BLOCK


class Sensors:
    """Pump and rig, whose sensors tell what a test says; a catheter that was off fills again in its time.

    Attributes:
        scheduler: bench time.
        before_kpa: what the catheter has more than the outlet before it is off.
    """

    def __init__(self, pump_zero_kpa: float, pump_gain: float, outlet_kpa: float) -> None:
        self.scheduler = Scheduler(ScriptedClock())
        self.before_kpa = 0.0
        self._zero_kpa, self._gain = pump_zero_kpa, pump_gain
        self._outlet_kpa = outlet_kpa
        self._on_since_s: float | None = None
        self._is_off = False

    @property
    def _true_kpa(self) -> float:
        if self._is_off:
            return 0.0
        if self._on_since_s is None:
            return OUTLET_KPA + self.before_kpa
        passed_s = self.scheduler.clock.now_s() - self._on_since_s
        return OUTLET_KPA * (1 - math.exp(-passed_s / TIME_CONSTANT_S))

    def check(self, error_kpa: float | None) -> RestingPressureCheck:
        """Return the check of these."""
        return RestingPressureCheck(self.pump, self.rig, error_kpa, self.scheduler, TIME_CONSTANT_S)

    @contextmanager
    def disconnected(self) -> Iterator[Injection]:
        self._is_off = True
        yield Injection(injector_named("disconnect"), 100.0, 0.0, 0.1, 0.2)
        self._is_off, self._on_since_s = False, self.scheduler.clock.now_s()

    @property
    def pump(self) -> Pump:
        sensors = self

        class Told:
            def read(self) -> PumpReading:
                return pump_reading(catheter_pressure_kpa=sensors._zero_kpa + sensors._gain * sensors._true_kpa)

        return cast(Pump, Told())

    @property
    def rig(self) -> Rig:
        sensors = self

        class Told:
            def read(self) -> RigReading:
                return rig_reading(outlet_pressure_kpa=sensors._outlet_kpa)

        return cast(Rig, Told())


def state_of(zero_kpa: float, gain: float, outlet_kpa: float, error_kpa: float | None = ERROR_KPA) -> CheckState:
    sensors = Sensors(zero_kpa, gain, outlet_kpa)
    check = sensors.check(error_kpa)
    with check.watched(sensors.disconnected)():
        pass
    return check.run().state


@pytest.mark.parametrize("off_kpa", [1.0, 0.3, -0.3, -1.0])
def test_an_outlet_whose_sensor_is_off_blocks_where_the_air_shows_that_the_pumps_is_right(off_kpa: float) -> None:
    assert state_of(0.0, 1.0, OUTLET_KPA + off_kpa) is BLOCK
    assert state_of(0.4, 1.0, OUTLET_KPA + off_kpa) is BLOCK


@pytest.mark.parametrize("zero_kpa", [-0.45, 0.0, 0.45])
def test_a_pump_within_its_error_and_a_good_outlet_pass(zero_kpa: float) -> None:
    assert state_of(zero_kpa, 1.0, OUTLET_KPA + 0.1) is OK


@pytest.mark.parametrize(
    ("zero_kpa", "gain"), [(10.0, 1.0), (0.0, -1.0), (1.2, 0.0)], ids=["off", "turned", "one that stands"]
)
def test_a_pump_whose_own_sensor_is_wrong_is_left_to_be_judged(zero_kpa: float, gain: float) -> None:
    assert state_of(zero_kpa, gain, OUTLET_KPA) is OK


def test_without_a_sensor_or_a_profile_there_is_nothing_to_hold_it_against() -> None:
    assert state_of(math.nan, 1.0, OUTLET_KPA + 5.0) is OK
    assert state_of(0.0, 1.0, OUTLET_KPA + 5.0, None) is OK


def test_where_the_catheter_was_never_off_nothing_is_said() -> None:
    sensors = Sensors(0.0, 1.0, OUTLET_KPA + 5.0)
    assert sensors.check(ERROR_KPA).run().state is OK


def test_a_catheter_at_rest_before_it_was_off_costs_no_time() -> None:
    sensors = Sensors(0.0, 1.0, OUTLET_KPA)
    check = sensors.check(ERROR_KPA)
    with check.watched(sensors.disconnected)():
        pass
    assert check.run().state is OK
    assert sensors.scheduler.clock.now_s() == 0.0


def test_a_catheter_that_held_pressure_is_looked_at_when_it_is_full_again() -> None:
    sensors = Sensors(0.0, 1.0, OUTLET_KPA)
    sensors.before_kpa = 3.0
    check = sensors.check(ERROR_KPA)
    with check.watched(sensors.disconnected)():
        pass
    found = check.run()
    assert found.state is OK
    assert found.value == pytest.approx(OUTLET_KPA * math.exp(-5), rel=1e-6)
    assert sensors.scheduler.clock.now_s() == pytest.approx(5 * TIME_CONSTANT_S)
