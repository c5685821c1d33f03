# SPDX-License-Identifier: Apache-2.0
"""What moves by itself in mid-run ends the infusion; what was asked for does not."""

from dataclasses import dataclass, field, replace

import pytest

from bench.infusion.rig_watch import RigWatch
from bench.injectors import Injection, injector_named
from bench.injectors.injector import Injector
from bench.sampling import Sample
from groundfloor.errors import BenchFault
from instruments.balance import MassReading
from instruments.pump import PumpState
from instruments.rig import RigReading
from tests.readings import pump_reading, rig_reading
from tests.unit.test_preflight_checks import FILE

KINK = injector_named("kink")
AT_REST = rig_reading()


@dataclass
class Injected:
    injections: list[Injection] = field(default_factory=list)
    moving: Injector | None = None

    wanted_supply_mv: int | None = 0

    def wanted_percent(self, injector: Injector) -> float:
        standing = [one for one in self.injections if one.injector is injector and one.released_s is None]
        return standing[-1].percent if standing else 0.0


def sample(rig: RigReading = AT_REST) -> Sample:
    pump = pump_reading(device_clock_s=0.0, state=PumpState.INFUSING)
    return Sample(0.0, 0.0, pump, rig, MassReading(0.0, True), 0.0, 0.0)


def watch(*injections: Injection, moving: Injector | None = None) -> RigWatch:
    return RigWatch(FILE, Injected(list(injections), moving))


@pytest.mark.parametrize(
    ("rig", "trouble"),
    [
        (replace(AT_REST, kink_clamp_position_percent=3.0), "watch the kink injector: its sensor shows 3 %"),
        (replace(AT_REST, disconnect_valve_open=True), "watch the disconnect injector: its sensor shows 100 %"),
        (replace(AT_REST, leak_valve_position_percent=30.0), "watch the leak injector: its sensor shows 30 %"),
        (
            replace(AT_REST, magnet_field_present=True),
            r"watch the magnet injector: its sensor shows 100 %.*take magnets away",
        ),
        (replace(AT_REST, supply_voltage_measured_mv=3000), "watch the supply voltage: 3000 mV are measured"),
    ],
)
def test_what_nobody_asked_for_ends_the_infusion(rig: RigReading, trouble: str) -> None:
    with pytest.raises(BenchFault, match=trouble):
        watch().on_sample(sample(rig))


def test_a_rig_at_rest_and_a_sensor_within_its_tolerance_are_left_alone() -> None:
    watch().on_sample(sample(replace(AT_REST, kink_clamp_position_percent=1.9, supply_voltage_measured_mv=20)))


def test_a_clamp_that_opens_by_itself_while_a_kink_stands_is_no_missing_alarm() -> None:
    kink = Injection(KINK, 100.0, 0.0, 0.5)
    watching = watch(kink)
    watching.on_sample(sample(replace(AT_REST, kink_clamp_position_percent=99.0)))
    with pytest.raises(BenchFault, match=r"shows 40 %, it was left at 100 %"):
        watching.on_sample(sample(replace(AT_REST, kink_clamp_position_percent=40.0)))


def test_an_injector_on_its_way_may_stand_anywhere() -> None:
    watch(moving=KINK).on_sample(sample(replace(AT_REST, kink_clamp_position_percent=40.0)))


def test_after_its_release_a_clamp_must_be_open() -> None:
    kink = Injection(KINK, 100.0, 0.0, 0.5, released_s=10.0)
    with pytest.raises(BenchFault, match="left at 0 %"):
        watch(kink).on_sample(sample(replace(AT_REST, kink_clamp_position_percent=100.0)))


def test_a_trouble_is_raised_once_so_that_the_way_to_the_safe_state_is_free() -> None:
    watching, crept = watch(), sample(replace(AT_REST, kink_clamp_position_percent=40.0))
    with pytest.raises(BenchFault):
        watching.on_sample(crept)
    watching.on_sample(crept)
