# SPDX-License-Identifier: Apache-2.0
"""Pumps that are bad between what everybody tries, and parts of the rig that do only some of what they show."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program, Step
from instruments.register_map.codec import Value
from tests.unit.simulated.operated_twin import OperatedTwin, continuous
from tests.unit.simulated.test_bad_climates import at
from tests.unit.simulated.test_bad_instruments import line
from tests.unit.simulated.test_bad_interactions import (
    bolus_asked_again,
    kink_after,
    kinked_alarms,
    number,
    refill,
    reprogram,
)
from tests.unit.simulated.test_bad_sounds import alarming, heard
from tests.unit.simulated.test_twin_update import CHECKED_S, image, sent

HOUR_S, RATE_UL_PER_H = 3600.0, 100.0
THIRD_MV = 2580
"""With so much a third of the battery is left."""
BRIDGE = Program(Mode.BRIDGE, (Step(0, RATE_UL_PER_H),), bolus_volume_ul=1000.0, bolus_duration_s=36_000)
WEEK = Program(Mode.WEEKLY_FLEX, week=tuple((Step(0, RATE_UL_PER_H),) for _ in range(7)))
Observe = Callable[[OperatedTwin], object]


def update(bench: OperatedTwin) -> None:
    sent(bench, image())
    bench.go(CHECKED_S)


def fault(rate_ul_per_h: float, after: Callable[[OperatedTwin], None] = lambda _: None, **order: Value) -> Observe:
    """How many alarms half an hour of a fault brings."""

    def observe(bench: OperatedTwin) -> int:
        bench.run(continuous(rate_ul_per_h))
        bench.go(60.0)
        after(bench)
        before = number(bench, "alarm_log_count")
        bench.set_rig(**order)
        bench.go(HOUR_S / 2)
        return int(number(bench, "alarm_log_count") - before)

    return observe


def kinked_in(program: Program) -> Observe:
    def observe(bench: OperatedTwin) -> int:
        bench.run(program)
        return kinked_alarms(bench)

    return observe


def stands_after(event: Callable[[OperatedTwin], object]) -> Observe:
    """Whether the alarm of a catheter that was off stands after an event."""

    def observe(bench: OperatedTwin) -> bool:
        bench.run(continuous(RATE_UL_PER_H))
        bench.set_rig(disconnect_valve=True)
        bench.go(HOUR_S / 2)
        bench.set_rig(disconnect_valve=False)
        bench.go(60.0)
        event(bench)
        return "disconnect" in str(bench.pump("alarm_bits"))

    return observe


def heard_after_a_silence_of_nothing(bench: OperatedTwin) -> bool:
    bench.command("silence")
    return heard(alarming(bench)) > 0


def on_a_third_of_its_battery(bench: OperatedTwin) -> float:
    """What comes in an hour at 100 µL/h, in tens of µL."""
    bench.set_rig(supply_voltage_mv=THIRD_MV)
    bench.run(continuous(RATE_UL_PER_H))
    bench.go(HOUR_S)
    return round(bench.fluid.vessel_ul(), -1)


def off_of_eight_minutes(bench: OperatedTwin) -> int:
    """How many of eight minutes the catheter is off while its valve is open."""
    bench.set_rig(disconnect_valve=True)
    bench.go(30.0)
    off = 0
    for _ in range(8):
        off += bench.fluid.conditions.disconnected
        assert bench.rig("disconnect_valve_open") is True
        bench.go(60.0)
    return off


CASES: list[tuple[str, Observe, object, object]] = [
    ("deaf_between_two_rates", fault(RATE_UL_PER_H, kink_clamp_percent=100.0), 1, 0),
    ("disconnect_deaf_between_two_rates", fault(RATE_UL_PER_H, disconnect_valve=True), 1, 0),
    ("stall_deaf_between_two_rates", fault(RATE_UL_PER_H, magnet_field=True), 1, 0),
    ("disconnect_deaf_after_refill", fault(RATE_UL_PER_H, refill, disconnect_valve=True), 1, 0),
    ("stall_deaf_after_program_change", fault(RATE_UL_PER_H, reprogram, magnet_field=True), 1, 0),
    ("deaf_after_update", kink_after(update), 1, 0),
    ("deaf_in_a_bridge", kinked_in(BRIDGE), 1, 0),
    ("deaf_in_a_week", kinked_in(WEEK), 1, 0),
    ("update_ends_lockout", bolus_asked_again(update), ["accepted", "lockout"], ["accepted", "accepted"]),
    ("update_clears_alarms", stands_after(update), True, False),
    ("stop_clears_alarms", stands_after(lambda bench: bench.command("stop")), True, False),
    ("load_clears_alarms", stands_after(reprogram), True, False),
    ("silence_of_what_comes", heard_after_a_silence_of_nothing, True, False),
    ("weak_on_a_worn_battery", on_a_third_of_its_battery, 100.0, 80.0),
    ("weak_in_a_band_of_warmth", at(temperature_c=33.0), (100.0, 100.0), (70.0, 100.0)),
    ("outlet_lift_share", line(outlet_lift_kpa=20.0), (20.0, False, 20.0, False), (20.0, False, 10.0, False)),
    ("disconnect_valve_chatters", off_of_eight_minutes, 8, 6),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_what_is_bad_between_the_usual_is_what_it_says(name: str, observe: Observe, good: object, bad: object) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
