# SPDX-License-Identifier: Apache-2.0
"""A good pump does the same in warmth, on a low battery and beside another alarm. Bad ones do not."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program, Step
from instruments.register_map.codec import Value
from tests.unit.simulated.operated_twin import CLOCK_AT_START_S, OperatedTwin, continuous

RATE_UL_PER_H, HOUR_S, DAY_S, MINUTE_S = 100.0, 3600.0, 86400.0, 60.0
LOW_MV = 2440
LOW_RESERVOIR_UL = 2000.0
BOLUS_UL = 20.0
PATIENTS = {"ptm_volume_ul": BOLUS_UL, "ptm_duration_s": 600, "ptm_lockout_s": 7200, "ptm_max_per_day": 4}
EVERY_TWO_HOURS = tuple(Step(120 * number, 20.0 + number) for number in range(12))
TO_MIDNIGHT_S = DAY_S - CLOCK_AT_START_S % DAY_S
Observe = Callable[[OperatedTwin], object]
Event = Callable[[OperatedTwin], object]


def low_battery(bench: OperatedTwin) -> None:
    bench.set_rig(supply_voltage_mv=LOW_MV)
    bench.go(HOUR_S)


def warm(bench: OperatedTwin) -> None:
    bench.set_rig(chamber_token=1, chamber_temperature_c=40.0, chamber_pressure_hpa=0.0)
    bench.go(2 * HOUR_S)


def low_reservoir(bench: OperatedTwin) -> None:
    bench.refill(LOW_RESERVOIR_UL - 100.0)
    bench.go(10.0)


def catheter_off(bench: OperatedTwin) -> None:
    bench.set_rig(disconnect_valve=True)
    bench.go(HOUR_S)


def bolus_under(condition: Event) -> Observe:
    """By how many boluses more is weighed in an hour with one than in one without."""

    def observe(bench: OperatedTwin) -> int:
        bench.run(continuous(RATE_UL_PER_H, **PATIENTS))
        condition(bench)
        weighed_ul = []
        for command in ("interrogate", "patient_bolus"):
            before_ul = bench.fluid.vessel_ul()
            bench.command(command)
            bench.go(HOUR_S)
            weighed_ul.append(bench.fluid.vessel_ul() - before_ul)
        return round((weighed_ul[1] - weighed_ul[0]) / BOLUS_UL)

    return observe


def alarms_under(condition: Event, **fault: Value) -> Observe:
    """Which alarms come in an hour under a fault, beside those that stand."""

    def observe(bench: OperatedTwin) -> list[str]:
        bench.run(continuous(RATE_UL_PER_H, low_reservoir_alarm_ul=LOW_RESERVOIR_UL))
        condition(bench)
        before = frozenset(map(str, bench.pump("alarm_bits")))  # type: ignore[arg-type] # a set of names
        bench.set_rig(**fault)
        bench.go(HOUR_S)
        return sorted(frozenset(map(str, bench.pump("alarm_bits"))) - before)  # type: ignore[arg-type] # a set of names

    return observe


def alarms_that_stand(bench: OperatedTwin) -> list[str]:
    """Which alarms stand when the catheter is off and the battery is low."""
    bench.run(continuous(RATE_UL_PER_H))
    catheter_off(bench)
    low_battery(bench)
    return sorted(map(str, bench.pump("alarm_bits")))  # type: ignore[call-overload] # a set of names


def low_reservoir_beside_an_alarm(bench: OperatedTwin) -> list[str]:
    bench.run(continuous(RATE_UL_PER_H, low_reservoir_alarm_ul=LOW_RESERVOIR_UL))
    catheter_off(bench)
    low_reservoir(bench)
    return sorted(map(str, bench.pump("alarm_bits")))  # type: ignore[call-overload] # a set of names


def step_on_a_low_battery(bench: OperatedTwin) -> int:
    """The rate in the second step of a day, less 20 µL/h."""
    bench.run(Program(Mode.FLEX, EVERY_TWO_HOURS))
    bench.to(TO_MIDNIGHT_S + 30 * MINUTE_S)
    low_battery(bench)
    bench.go(HOUR_S)
    return round(float(str(bench.pump("active_rate_ul_per_h")))) - 20


def third_latency_against_first(bench: OperatedTwin) -> int:
    """By how many minutes the third occlusion alarm comes later after its kink than the first."""
    bench.run(continuous(RATE_UL_PER_H))
    took_s = []
    for number in range(3):
        bench.go(HOUR_S)
        kinked_s = float(str(bench.pump("device_clock_s")))
        bench.set_rig(kink_clamp_percent=100.0)
        bench.go(HOUR_S)
        took_s.append(float(str(bench.pump(f"alarm_log[{number}].onset_s"))) - kinked_s)
        bench.set_rig(kink_clamp_percent=0.0)
        bench.go(10.0)
        bench.command("acknowledge")
        bench.command("start")
    return round((took_s[2] - took_s[0]) / MINUTE_S)


OFF: dict[str, Value] = {"disconnect_valve": True}
HELD: dict[str, Value] = {"magnet_field": True}
CASES: list[tuple[str, Observe, object, object]] = [
    ("bolus_double_on_low_battery", bolus_under(low_battery), 1, 2),
    ("bolus_double_when_warm", bolus_under(warm), 1, 2),
    ("step_kept_on_low_battery", step_on_a_low_battery, 1, 0),
    ("deaf_when_warm", alarms_under(warm, **OFF), ["disconnect"], []),
    ("deaf_on_low_battery", alarms_under(low_battery, **OFF), ["disconnect"], []),
    ("disconnect_deaf_beside_another", alarms_under(low_reservoir, **OFF), ["disconnect"], []),
    ("stall_deaf_beside_another", alarms_under(low_reservoir, **HELD), ["stall"], []),
    ("low_battery_silent_beside_another", alarms_that_stand, ["disconnect", "low_battery"], ["disconnect"]),
    ("low_reservoir_silent_beside_another", low_reservoir_beside_an_alarm, ["disconnect", "low_reservoir"],
     ["disconnect"]),
    ("next_alarm_clears_others", alarms_that_stand, ["disconnect", "low_battery"], ["disconnect"]),
    ("occlusion_slower_s", third_latency_against_first, 0, 2),
]  # fmt: skip


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_pump_under_a_condition_is_what_it_says(name: str, observe: Observe, good: object, bad: object) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
