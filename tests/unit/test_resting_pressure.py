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
from instruments.pump import Pump, PumpReading
from instruments.rig import Rig, RigReading
from tests.readings import pump_reading, rig_reading

ERROR_KPA, OUTLET_KPA = 0.5, 1.2
OK, BLOCK = CheckState.OK, CheckState.BLOCK


class Sensors:
    """Pump and rig, whose sensors tell what a test says."""

    def __init__(self, pump_zero_kpa: float, pump_gain: float, outlet_kpa: float) -> None:
        self._zero_kpa, self._gain = pump_zero_kpa, pump_gain
        self._outlet_kpa = outlet_kpa
        self._true_kpa = OUTLET_KPA

    @contextmanager
    def disconnected(self) -> Iterator[Injection]:
        self._true_kpa = 0.0
        yield Injection(injector_named("disconnect"), 100.0, 0.0, 0.1, 0.2)
        self._true_kpa = OUTLET_KPA

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
    check = RestingPressureCheck(sensors.pump, sensors.rig, error_kpa)
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
    assert RestingPressureCheck(sensors.pump, sensors.rig, ERROR_KPA).run().state is OK
