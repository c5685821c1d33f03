# SPDX-License-Identifier: Apache-2.0
"""A good pump is after an event what it was before, and a good rig's sensors show what it did. Bad ones are not so."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program, Step
from instruments.register_map.codec import Value
from tests.unit.simulated.operated_twin import CLOCK_AT_START_S, OperatedTwin, continuous

RATE_UL_PER_H, HOUR_S, DAY_S, MINUTE_S = 100.0, 3600.0, 86400.0, 60.0
FULL_MV, LOW_MV, BROWN_OUT_MV = 3000, 2440, 1500
LOW_RESERVOIR_UL = 2000.0
PATIENTS = {"ptm_volume_ul": 20.0, "ptm_duration_s": 1200, "ptm_lockout_s": 7200, "ptm_max_per_day": 4}
EVERY_TWO_HOURS = tuple(Step(120 * number, 20.0 + number) for number in range(12))
TO_MIDNIGHT_S = DAY_S - CLOCK_AT_START_S % DAY_S
Observe = Callable[[OperatedTwin], object]


def number(bench: OperatedTwin, name: str) -> float:
    return float(str(bench.pump(name)))


def kinked_alarms(bench: OperatedTwin) -> int:
    """How many occlusion alarms an hour under a kink brings."""
    before = number(bench, "alarm_log_count")
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(HOUR_S)
    return int(number(bench, "alarm_log_count") - before)


def refill(bench: OperatedTwin) -> None:
    bench.refill(20_000.0)


def reprogram(bench: OperatedTwin) -> None:
    bench.load(continuous(RATE_UL_PER_H))


def lose_power(bench: OperatedTwin) -> None:
    bench.set_rig(supply_voltage_mv=BROWN_OUT_MV)
    bench.go(10.0)
    bench.set_rig(supply_voltage_mv=0)
    bench.go(1.0)
    bench.command("acknowledge")
    bench.command("start")


def let_another_stand(bench: OperatedTwin) -> None:
    bench.refill(LOW_RESERVOIR_UL - 100.0)
    bench.go(10.0)


def kink_after(event: Callable[[OperatedTwin], None]) -> Observe:
    def observe(bench: OperatedTwin) -> int:
        bench.run(continuous(RATE_UL_PER_H, low_reservoir_alarm_ul=LOW_RESERVOIR_UL))
        bench.go(HOUR_S)
        event(bench)
        return kinked_alarms(bench)

    return observe


def kink_in_a_schedule(bench: OperatedTwin) -> int:
    bench.run(Program(Mode.FLEX, (Step(0, RATE_UL_PER_H), Step(720, RATE_UL_PER_H))))
    return kinked_alarms(bench)


def alarms_acknowledged_too_early(**fault: Value) -> Observe:
    """How many alarms come in two hours under a fault, acknowledged and started after the first, and after its end."""

    def observe(bench: OperatedTwin) -> int:
        bench.run(continuous(RATE_UL_PER_H))
        bench.go(HOUR_S)
        bench.set_rig(**fault)
        bench.go(HOUR_S)
        bench.command("acknowledge")
        bench.command("start")
        bench.go(HOUR_S)
        return int(number(bench, "alarm_log_count"))

    return observe


def bolus_asked_again(event: Callable[[OperatedTwin], object]) -> Observe:
    def observe(bench: OperatedTwin) -> list[str]:
        bench.run(continuous(RATE_UL_PER_H, **PATIENTS))
        first = bench.command("patient_bolus")
        bench.go(HOUR_S)
        event(bench)
        return [first, bench.command("patient_bolus")]

    return observe


def half_an_hour_of_lockout(bench: OperatedTwin) -> None:
    """Load a program with a quarter of the lockout."""
    bench.load(continuous(RATE_UL_PER_H, **{**PATIENTS, "ptm_lockout_s": 1800}))


def step_after(over: str) -> Observe:
    """The rate an hour after the second step of a day, less 20 µL/h, where something lay over its beginning."""

    def observe(bench: OperatedTwin) -> int:
        bench.run(Program(Mode.FLEX, EVERY_TWO_HOURS, **PATIENTS))  # type: ignore[arg-type] # ints and floats
        bench.to(TO_MIDNIGHT_S + 115 * MINUTE_S)
        bench.command(over)
        bench.go(10 * MINUTE_S)
        if over == "stop":
            bench.command("start")
        bench.go(HOUR_S)
        return round(number(bench, "active_rate_ul_per_h")) - 20

    return observe


def alarms_over_a_loss_of_power(bench: OperatedTwin) -> list[object]:
    bench.run(continuous(RATE_UL_PER_H))
    kinked_alarms(bench)
    bench.set_rig(supply_voltage_mv=BROWN_OUT_MV)
    bench.go(10.0)
    bench.set_rig(supply_voltage_mv=0)
    bench.go(1.0)
    return [bench.pump("alarm_bits"), bench.pump("state")]


def step_after_a_loss_of_power(bench: OperatedTwin) -> int:
    bench.to(TO_MIDNIGHT_S + 60 * MINUTE_S)
    bench.run(Program(Mode.FLEX, EVERY_TWO_HOURS))
    lose_power(bench)
    bench.go(2 * HOUR_S)
    return round(number(bench, "active_rate_ul_per_h")) - 20


def step_after_a_start(bench: OperatedTwin) -> int:
    bench.to(TO_MIDNIGHT_S + 5 * HOUR_S)
    bench.run(Program(Mode.FLEX, EVERY_TWO_HOURS))
    bench.go(HOUR_S / 2)
    return round(number(bench, "active_rate_ul_per_h")) - 20


def weighed_after_an_acknowledge(bench: OperatedTwin) -> list[int]:
    """µL of the hours after an acknowledge, over the rate."""
    bench.run(continuous(RATE_UL_PER_H))
    bench.command("acknowledge")
    found = []
    for _ in range(5):
        before_ul = bench.fluid.vessel_ul()
        bench.go(HOUR_S)
        found.append(round((bench.fluid.vessel_ul() - before_ul - RATE_UL_PER_H) / RATE_UL_PER_H))
    return found


def lets_go(field: str, sensor: str, value: Value) -> Observe:
    """What the sensor shows, and whether the fault is there, before and after two minutes."""

    def observe(bench: OperatedTwin) -> list[object]:
        bench.run(continuous(RATE_UL_PER_H))
        bench.set_rig(**{field: value})
        found: list[object] = []
        for _ in range(2):
            bench.go(20.0)
            conditions = bench.fluid.conditions
            before = bench.fluid.strokes()
            bench.go(100.0)
            stands = conditions.kink_fraction > 0 or conditions.disconnected or bench.fluid.strokes() == before
            found += [bool(bench.rig(sensor)), stands]
        return found

    return observe


def under_supplies(bench: OperatedTwin) -> list[object]:
    """What its sensor shows and the pump believes of its battery in tens of percent, fed well, low, and too little."""
    bench.run(continuous(RATE_UL_PER_H))
    found: list[object] = []
    for millivolts in (FULL_MV, LOW_MV, BROWN_OUT_MV):
        bench.set_rig(supply_voltage_mv=millivolts)
        bench.go(1.0)
        shown = bench.rig("supply_voltage_measured_mv")
        found.append((shown, round(number(bench, "battery_percent") / 10), bench.pump("state")))
    return found


def port(bench: OperatedTwin, volume_ul: float, order: int) -> tuple[int, int]:
    """What moves in the reservoir, and what the port shows of it."""
    before_ul = bench.fluid.volumes().reservoir_ul
    for part, moved in ((0, 0.0), (1, volume_ul)):
        bench.set_rig(refill_token=1, refill_number=order + part, refill_needle=True, refill_volume_ul=moved)
        bench.go(120.0)
    return round(bench.fluid.volumes().reservoir_ul - before_ul), round(float(str(bench.rig("refill_moved_ul"))))


def taken_out(bench: OperatedTwin) -> tuple[int, int]:
    bench.set_rig(fencing_token=1, supply_voltage_mv=0)
    return port(bench, -5000.0, 1)


def heard(bench: OperatedTwin) -> list[object]:
    """How many bursts are heard in an hour without an alarm, and in dB what of the first tone of one."""
    bench.run(continuous(RATE_UL_PER_H))
    bench.go(HOUR_S)
    before = int(str(bench.rig("sound_count")))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(600.0)
    slot = before % 4
    return [before, round(float(str(bench.rig(f"sound_log[{slot}].level_db"))) / 3)]


def in_a_chamber(bench: OperatedTwin) -> list[object]:
    """What its sensor shows, and by how many per cent the pump gives more, an hour after it was set to 40 °C."""
    bench.run(continuous(1000.0))
    bench.set_rig(fencing_token=1, supply_voltage_mv=0)
    bench.set_rig(chamber_token=1, chamber_temperature_c=40.0, chamber_pressure_hpa=0.0)
    bench.go(2 * HOUR_S)
    before_ul = bench.fluid.vessel_ul()
    bench.go(HOUR_S)
    given = bench.fluid.vessel_ul() - before_ul
    return [round(float(str(bench.rig("chamber_temperature_measured_c")))), given > 1018.0]


def pressed_once(bench: OperatedTwin) -> list[object]:
    """What the button's sensor has counted, and how many requests the pump has logged."""
    bench.run(continuous(RATE_UL_PER_H, **PATIENTS))
    bench.set_rig(press_token=1, press_number=1)
    bench.go(1.0)
    return [bench.rig("button_presses"), bench.pump("bolus_log_count")]


def vessel_gets_after_three_hours(bench: OperatedTwin) -> int:
    bench.run(continuous(1000.0))
    bench.go(3 * HOUR_S)
    before_ul = bench.fluid.vessel_ul()
    bench.go(HOUR_S)
    return round((bench.fluid.vessel_ul() - before_ul) / 10)


ANSWERS, BOTH = ["accepted", "lockout"], ["accepted", "accepted"]
FED_WELL, FED_LOW = (FULL_MV, 10, "infusing"), (LOW_MV, 1, "infusing")
OCCLUDED = frozenset({"occlusion"})
KINK: dict[str, Value] = {"kink_clamp_percent": 100.0}
OFF: dict[str, Value] = {"disconnect_valve": True}
CASES: list[tuple[str, Observe, object, object]] = [
    ("deaf_after_refill", kink_after(refill), 1, 0),
    ("deaf_after_program_change", kink_after(reprogram), 1, 0),
    ("deaf_after_reset", kink_after(lose_power), 1, 0),
    ("deaf_beside_another_alarm", kink_after(let_another_stand), 1, 0),
    ("deaf_in_schedule", kink_in_a_schedule, 1, 0),
    ("occlusion_not_told_again", alarms_acknowledged_too_early(**KINK), 2, 1),
    ("disconnection_not_told_again", alarms_acknowledged_too_early(**OFF), 2, 1),
    ("program_ends_lockout", bolus_asked_again(lambda bench: bench.load(continuous(50.0, **PATIENTS))), ANSWERS, BOTH),
    ("lockout_of_first_program", bolus_asked_again(half_an_hour_of_lockout), BOTH, ANSWERS),
    ("refill_ends_lockout", bolus_asked_again(refill), ANSWERS, BOTH),
    ("acknowledge_ends_lockout", bolus_asked_again(lambda bench: bench.command("acknowledge")), ANSWERS, BOTH),
    ("step_over_stop_missed", step_after("stop"), 1, 0),
    ("step_over_bolus_missed", step_after("patient_bolus"), 1, 0),
    ("begins_with_first_step", step_after_a_start, 2, 0),
    ("reset_clears_alarms", alarms_over_a_loss_of_power, [OCCLUDED, "alarm_stopped"], [frozenset(), "stopped"]),
    ("schedule_late_after_reset_h", step_after_a_loss_of_power, 1, 0),
    ("double_hours_after_acknowledge_h", weighed_after_an_acknowledge, [0] * 5, [0, 0, 0, 1, 0]),
    ("kink_clamp_lets_go_s", lets_go("kink_clamp_percent", "kink_clamp_position_percent", 100.0), [True] * 4,
     [True, True, True, False]),
    ("disconnect_valve_lets_go_s", lets_go("disconnect_valve", "disconnect_valve_open", True), [True] * 4,
     [True, True, True, False]),
    ("magnet_falls_off_s", lets_go("magnet_field", "magnet_field_present", True), [True] * 4,
     [True, True, True, False]),
    ("magnet_sensor_echoes", lets_go("magnet_field", "magnet_field_present", True), [True] * 4,
     [True, False, True, False]),
    ("supply_sensor_echoes", under_supplies, [FED_WELL, FED_LOW, (BROWN_OUT_MV, 0, "stopped")],
     [FED_WELL, (LOW_MV, 10, "infusing"), (BROWN_OUT_MV, 10, "infusing")]),
    ("supply_high_mv", under_supplies, [FED_WELL, FED_LOW, (BROWN_OUT_MV, 0, "stopped")],
     [FED_WELL, (LOW_MV, 10, "infusing"), (BROWN_OUT_MV, 0, "infusing")]),
    ("refill_meter_gain", taken_out, (-5000, -5000), (-4000, -5000)),
    ("telephone_every_min", heard, [0, 18], [3, 18]),
    ("chamber_echoes", in_a_chamber, [40, True], [40, False]),
    ("microphone_dull_db", heard, [0, 18], [0, 17]),
    ("button_strikes=2", pressed_once, [1, 1], [1, 2]),
    ("rig_leak_opens_share", vessel_gets_after_three_hours, 101, 96),
]  # fmt: skip


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_interaction_is_what_it_says(name: str, observe: Observe, good: object, bad: object) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
