# SPDX-License-Identifier: Apache-2.0
"""Every defect changes what it says, and a good twin shows none of it."""

import math
import statistics
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from groundfloor.errors import PlanError
from instruments.program import Mode, Program, Step
from instruments.simulated.balance.weighing import BalanceCell
from instruments.simulated.served.devices import LoadStatus
from instruments.simulated.specimen.defects import DEFECTS
from instruments.simulated.twin.twin import Twin
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOUR_S = 3600.0
Observation = Callable[[OperatedTwin], object]


def delivered_ul(bench: OperatedTwin) -> float:
    bench.run(continuous(100.0))
    bench.go(10 * HOUR_S)
    return bench.fluid.vessel_ul()


def counted_per_driven(bench: OperatedTwin) -> float:
    delivered_ul(bench)
    counted_ul = bench.pump("delivered_volume_ul")
    assert isinstance(counted_ul, float)
    return round(counted_ul / bench.fluid.commanded_ul(), 3)


def occlusion_alarms(bench: OperatedTwin) -> object:
    bench.run(continuous(1000.0))
    for _ in range(2):
        bench.set_rig(kink_clamp_percent=100.0)
        bench.go(300.0)
        bench.set_rig(kink_clamp_percent=0.0)
        bench.go(60.0)
        bench.command("acknowledge")
        bench.command("start")
    return bench.pump("alarm_log_count")


def occlusion_alarm_after_s(bench: OperatedTwin) -> float:
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(8000.0)
    return round(bench.true_s(bench.alarm(0)[1]), -3)


def state_in_alarm(bench: OperatedTwin) -> object:
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(300.0)
    return bench.pump("state")


def alarms_after_an_idle_pause(bench: OperatedTwin) -> object:
    bench.run(continuous(100.0))
    bench.go(600.0)
    bench.command("stop")
    bench.go(1.1 * HOUR_S)
    bench.command("start")
    bench.go(60.0)
    return bench.pump("alarm_bits")


def alarms_of_a_quiet_day(bench: OperatedTwin) -> object:
    bench.run(continuous(100.0))
    bench.go(24 * HOUR_S)
    return bench.pump("alarm_log_count")


def disconnect_alarms(bench: OperatedTwin) -> object:
    bench.run(continuous(100.0))
    bench.set_rig(disconnect_valve=True)
    bench.go(600.0)
    return bench.pump("alarm_log_count")


def second_patient_bolus(bench: OperatedTwin) -> object:
    bench.run(continuous(100.0, ptm_volume_ul=10.0, ptm_duration_s=60, ptm_lockout_s=3600, ptm_max_per_day=9))
    bench.command("patient_bolus")
    bench.go(120.0)
    return bench.command("patient_bolus")


def single_bolus_ul(bench: OperatedTwin) -> float:
    bench.run(Program(Mode.SINGLE_BOLUS, bolus_volume_ul=100.0, bolus_duration_s=600))
    bench.go(HOUR_S)
    assert bench.bolus(0)[2] == 100.0
    return round(bench.fluid.commanded_ul(), 6)


def flex_rates(bench: OperatedTwin) -> list[object]:
    bench.run(Program(Mode.FLEX, (Step(0, 10.0), Step(9 * 60, 20.0), Step(10 * 60, 30.0))))  # now 08:00
    rates: list[object] = []
    for minutes in (59, 61, 119, 121, 151):
        bench.to(minutes * 60.0)
        rates.append(bench.pump("active_rate_ul_per_h"))
    return rates


def flow_of_the_last_hour(bench: OperatedTwin) -> int:
    bench.run(continuous(100.0))
    bench.go(4 * HOUR_S)
    before_ul = bench.fluid.vessel_ul()
    bench.go(HOUR_S)
    assert (bench.pump("state"), bench.pump("active_rate_ul_per_h")) == ("infusing", 100.0)
    return round(bench.fluid.vessel_ul() - before_ul, -1)  # type: ignore[return-value] # rounded to tens


def flow_after_an_alarm(bench: OperatedTwin) -> float:
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(300.0)
    bench.set_rig(kink_clamp_percent=0.0)
    bench.go(300.0)
    bench.command("acknowledge")
    bench.command("start")
    assert bench.pump("state") == "infusing"
    before_ul = bench.fluid.vessel_ul()
    bench.go(HOUR_S)
    return round(bench.fluid.vessel_ul() - before_ul, -2)


def clamp_position(bench: OperatedTwin) -> object:
    bench.set_rig(kink_clamp_percent=100.0, disconnect_valve=True, leak_valve_percent=50.0)
    bench.go(2.0)
    assert bench.rig("kink_clamp_percent") == 100.0
    names = ("kink_clamp_position_percent", "disconnect_valve_open", "leak_valve_position_percent")
    return tuple(bench.rig(name) for name in names)


def vessel_gets_percent(**outputs: float | bool) -> Observation:
    """How many injectors show anything, and which share reaches the vessel, in fifths, before a kink stops the pump."""

    def observe(bench: OperatedTwin) -> object:
        bench.run(continuous(40.0))
        bench.go(600.0)
        bench.set_rig(**outputs)
        bench.go(60.0)
        names = ("kink_clamp_position_percent", "disconnect_valve_open", "leak_valve_position_percent")
        moved = [name for name in names if bench.rig(name)]
        before_ul, driven_ul = bench.fluid.vessel_ul(), bench.fluid.commanded_ul()
        bench.go(900.0)
        share = (bench.fluid.vessel_ul() - before_ul) / (bench.fluid.commanded_ul() - driven_ul)
        return len(moved), 20 * round(5 * share)

    return observe


def after_there_and_back(outputs: dict[str, float | bool], times: int) -> Observation:
    """The same, after an injector came and went so many times."""
    at_rest: dict[str, float | bool] = {name: type(value)(0) for name, value in outputs.items()}

    def observe(bench: OperatedTwin) -> object:
        for _ in range(times):
            bench.set_rig(**outputs)
            bench.go(5.0)
            bench.set_rig(**at_rest)
            bench.go(5.0)
        return vessel_gets_percent(**at_rest)(bench)

    return observe


def shown_in_the_room(bench: OperatedTwin) -> tuple[float, bool]:
    first_c = bench.rig("temperature_c")
    bench.go(6 * HOUR_S)
    second_c = bench.rig("temperature_c")
    assert isinstance(first_c, float)
    return round(first_c - bench.twin.cell.temperature_c()), first_c == second_c


def tripped_without_beats(bench: OperatedTwin) -> object:
    bench.set_rig(watchdog_timeout_s=60)
    bench.go(61.0)
    return bench.rig("watchdog_tripped")


def safe_states_in_two_hours(bench: OperatedTwin) -> object:
    bench.go(7200.0)
    return [bench.safe_stay(number) for number in range(int(str(bench.rig("safe_log_count"))))]


def scatter_mg(bench: OperatedTwin) -> float:
    readings = []
    for _ in range(1000):
        bench.go(1.0)
        readings.append(bench.twin.cell.weigh().net_mass_g * 1000.0)
    return round(statistics.stdev(readings), 1)


def drift_mg(bench: OperatedTwin) -> float:
    before_g = bench.twin.cell.weigh().net_mass_g
    bench.go(24 * HOUR_S)
    return round((bench.twin.cell.weigh().net_mass_g - before_g) * 1000.0, -1)


def restarts(bench: OperatedTwin) -> tuple[int, str]:
    bench.twin.cell.tare()
    bench.go(1.5 * HOUR_S)
    return bench.twin.cell.restarts, f"{bench.twin.cell.weigh().net_mass_g:.0f}"


def near_zero(bench: OperatedTwin) -> tuple[bool, int]:
    bench.twin.cell.tare()
    readings = set()
    for second in range(1, 50):
        bench.to(float(second))
        readings.add(bench.twin.cell.weigh().net_mass_g)
    return bench.twin.cell.auto_zero, min(len(readings), 2)


def adjustment(bench: OperatedTwin) -> tuple[bool, bool]:
    bench.to(4 * HOUR_S - 1.0)
    before_g = bench.twin.cell.weigh().net_mass_g
    bench.go(2.0)
    return bench.twin.cell.auto_adjustment, bench.twin.cell.weigh().net_mass_g - before_g > 0.0003


def clamp_after_three_kinks(bench: OperatedTwin) -> object:
    for _ in range(3):
        for percent in (100.0, 0.0):
            bench.set_rig(kink_clamp_percent=percent)
            bench.go(5.0)
    return bench.rig("kink_clamp_position_percent")


def rig_after_three_hours(bench: OperatedTwin) -> tuple[object, object]:
    bench.go(3 * HOUR_S)
    return bench.rig("kink_clamp_position_percent"), bench.rig("magnet_field_present")


def trips_without_a_beat(bench: OperatedTwin) -> object:
    bench.set_rig(watchdog_timeout_s=10)
    bench.go(20.0)
    return bench.rig("watchdog_tripped")


def tripped_after_two_hours(bench: OperatedTwin) -> object:
    bench.go(2 * HOUR_S)
    return bench.rig("watchdog_tripped")


def driven_and_read_back_ul_per_h(bench: OperatedTwin) -> tuple[float, float]:
    bench.run(continuous(100.0))
    shown = bench.pump("active_steps[0].rate_ul_per_h")
    assert isinstance(shown, float)
    driven = bench.pump("active_rate_ul_per_h")
    assert isinstance(driven, float)
    return round(driven, 3), round(shown, 3)


def after_two_and_a_half_hours(bench: OperatedTwin) -> tuple[object, float]:
    """What the pump does then, and what its clock gained since the twin began, or since it counts from zero."""
    before_s = bench.pump("device_clock_s")
    bench.run(continuous(100.0))
    bench.to(2.5 * HOUR_S)
    after_s = bench.pump("device_clock_s")
    assert isinstance(before_s, float)
    assert isinstance(after_s, float)
    return bench.pump("state"), round((after_s - before_s if after_s > before_s else after_s) / HOUR_S, 3)


def device_seconds_in_a_thousand(bench: OperatedTwin) -> int:
    before_s = bench.pump("device_clock_s")
    bench.go(1000.0)
    after_s = bench.pump("device_clock_s")
    assert isinstance(before_s, float)
    assert isinstance(after_s, float)
    return round(after_s - before_s)


def scatter_after_three_hours_mg(bench: OperatedTwin) -> float:
    bench.go(3 * HOUR_S)
    return scatter_mg(bench)


def distinct_readings(bench: OperatedTwin) -> bool:
    """Whether readings differ from each other, three hours after the start."""
    bench.go(3 * HOUR_S)
    readings = set()
    for _ in range(50):
        bench.go(30.0)
        readings.add(bench.twin.cell.weigh().net_mass_g)
    return len(readings) > 1


def shown_after_two_hours_g(bench: OperatedTwin) -> float:
    bench.twin.cell.tare()
    bench.go(2 * HOUR_S)
    return round(bench.twin.cell.weigh().net_mass_g, 1)


def shown_g(bench: OperatedTwin, hours: float = 0.1) -> float:
    """What it shows at this hour for a load of 60 g, in whole grams."""
    bench.to(hours * HOUR_S)
    return round(bench.twin.cell.weigh().net_mass_g)


def at_both_sides_of_two_hours_g(bench: OperatedTwin) -> tuple[float, float]:
    return shown_g(bench, 1.9), shown_g(bench, 2.1)


def follows_after_two_hours(bench: OperatedTwin) -> tuple[bool, bool]:
    """Whether it sees a weight that is put on then, and whether its readings differ."""
    cell = bench.twin.cell
    assert isinstance(cell, BalanceCell)
    scatters = distinct_readings(bench)
    before_g = cell.weigh().net_mass_g
    cell.weight_on_pan_g = 1.0
    return cell.weigh().net_mass_g - before_g > 0.5, scatters


def first_answer_after_a_tare_g(bench: OperatedTwin) -> float:
    cell = bench.twin.cell
    cell.answer()
    cell.tare()
    return round(cell.answer().net_mass_g, 1)


def gained_in_four_quiet_hours_mg(bench: OperatedTwin) -> float:
    bench.twin.cell.tare()
    bench.go(4 * HOUR_S)
    return round(bench.twin.cell.weigh().net_mass_g * 1000.0)


def lost_in_a_week_mg(bench: OperatedTwin) -> float:
    bench.twin.cell.tare()
    bench.go(7 * 24 * HOUR_S)
    return round(-bench.twin.cell.weigh().net_mass_g * 100.0) * 10


def weighed_per_delivered(bench: OperatedTwin) -> float:
    bench.twin.cell.tare()
    delivered_mg = delivered_ul(bench) * 0.998
    return round(bench.twin.cell.weigh().net_mass_g * 1000.0 / delivered_mg, 3)


def room_after_three_hours(bench: OperatedTwin) -> tuple[int, bool]:
    """Warmth in fives of a degree over 20, and whether the humidity is a number."""
    bench.go(3 * HOUR_S)
    temperature_c, humidity_percent = bench.rig("temperature_c"), bench.rig("humidity_percent")
    assert isinstance(temperature_c, float)
    assert isinstance(humidity_percent, float)
    return round((temperature_c - 21.0) / 5.0), math.isnan(humidity_percent)


CASES: list[tuple[str, Observation, object, object]] = [
    ("counter_drift", counted_per_driven, 1.0, 1.2),
    ("no_occlusion_alarm", occlusion_alarms, 2, 0),
    ("occlusion_alarm_once", occlusion_alarms, 2, 1),
    ("late_occlusion_alarm", occlusion_alarm_after_s, 0.0, 7000.0),
    ("occlusion_alarm_keeps_pumping", state_in_alarm, "alarm_stopped", "infusing"),
    ("false_occlusion_after_idle", alarms_after_an_idle_pause, frozenset(), frozenset({"occlusion"})),
    ("false_alarm_at_h", alarms_of_a_quiet_day, 0, 1),
    ("false_disconnect_alarm_at_h", alarms_of_a_quiet_day, 0, 1),
    ("no_disconnect_alarm", disconnect_alarms, 1, 0),
    ("lockout_ignored", second_patient_bolus, "lockout", "accepted"),
    ("bolus_volume_bias", single_bolus_ul, 100.0, 130.0),
    ("flex_step_skipped", flex_rates, [10.0, 20.0, 20.0, 30.0, 30.0], [10.0, 10.0, 10.0, 30.0, 30.0]),
    ("flex_shift_min", flex_rates, [10.0, 20.0, 20.0, 30.0, 30.0], [10.0, 10.0, 20.0, 20.0, 30.0]),
    ("stall_at_h", flow_of_the_last_hour, 100, 0),
    ("no_recovery_after_alarm", flow_after_an_alarm, 1000.0, 0.0),
    ("program_register_off", driven_and_read_back_ul_per_h, (100.0, 100.0), (110.0, 110.0)),
    ("read_back_off", driven_and_read_back_ul_per_h, (100.0, 100.0), (100.0, 110.0)),
    ("restarts_at_h", after_two_and_a_half_hours, ("infusing", 2.5), ("stopped", 0.5)),
    ("pump_serial", lambda bench: bench.pump("serial_number"), "SIM20-0001", "SIM20-9999"),
    ("dead_kink_clamp", clamp_position, (100.0, True, 50.0), (0.0, True, 50.0)),
    ("dead_disconnect_valve", clamp_position, (100.0, True, 50.0), (100.0, False, 50.0)),
    ("no_watchdog", tripped_without_beats, True, False),
    ("rig_restarts_at_h", safe_states_in_two_hours, [], [("power", 3600.0, True)]),
    ("dead_leak_valve", clamp_position, (100.0, True, 50.0), (100.0, True, 0.0)),
    ("no_watchdog", trips_without_a_beat, True, False),
    ("rig_restarts_at_h", tripped_after_two_hours, False, True),
    ("kink_clamp_sticks", clamp_after_three_kinks, 0.0, 100.0),
    ("kink_clamp_creeps_at_h", rig_after_three_hours, (0.0, False), (20.0, False)),
    ("magnet_comes_at_h", rig_after_three_hours, (0.0, False), (0.0, True)),
    ("pump_clock_ppm", device_seconds_in_a_thousand, 1000, 1100),
    ("balance_wears_at_h", scatter_after_three_hours_mg, 0.0, 2.0),
    ("noisy_balance", scatter_mg, 0.0, 5.0),
    ("balance_drift", drift_mg, 0.0, 50.0),
    ("balance_restarts_at_h", restarts, (0, "-0"), (1, "60")),
    ("balance_auto_zero", near_zero, (False, 2), (True, 1)),
    ("balance_auto_adjustment", adjustment, (False, False), (True, True)),
    ("balance_wrong_unit", lambda bench: bench.twin.cell.host_unit, "g", "mg"),
    ("balance_freezes_at_h", distinct_readings, True, False),
    ("balance_nonsense_at_h", shown_after_two_hours_g, 0.0, 10_000.0),
    ("balance_scale", shown_g, 60, 72),
    ("balance_scale_at_h", at_both_sides_of_two_hours_g, (60, 60), (60, 72)),
    ("balance_sticks_at_h", follows_after_two_hours, (True, True), (False, True)),
    ("balance_carats_at_h", at_both_sides_of_two_hours_g, (60, 60), (60, 300)),
    ("balance_one_behind", first_answer_after_a_tare_g, 0.0, 60.0),
    ("no_internal_weight", lambda bench: bench.twin.cell.internal_weight_g, 100.0, None),
    ("drop_falls_at_h", gained_in_four_quiet_hours_mg, 0, 12),
    ("cover_off_at_h", lost_in_a_week_mg, 0, 50),
    ("outlet_dips_in", weighed_per_delivered, 0.999, 1.001),
    ("dense_liquid", weighed_per_delivered, 0.999, 1.049),
    ("room_warms_at_h", room_after_three_hours, (0, False), (1, False)),
    ("humidity_missing_at_h", room_after_three_hours, (0, False), (0, True)),
    ("kink_sensor_echoes", vessel_gets_percent(kink_clamp_percent=100.0), (1, 0), (1, 100)),
    ("disconnect_sensor_echoes", vessel_gets_percent(disconnect_valve=True), (1, 0), (1, 100)),
    ("leak_sensor_echoes", vessel_gets_percent(leak_valve_percent=40.0), (1, 60), (1, 100)),
    ("kink_stays_unseen", after_there_and_back({"kink_clamp_percent": 100.0}, 2), (0, 100), (0, 0)),
    ("disconnect_stays_unseen", after_there_and_back({"disconnect_valve": True}, 1), (0, 100), (0, 0)),
    ("leak_stays_unseen", after_there_and_back({"leak_valve_percent": 40.0}, 1), (0, 100), (0, 60)),
    ("rig_leaks", vessel_gets_percent(), (0, 100), (0, 80)),
    ("temperature_sensor_off", shown_in_the_room, (0, False), (2, False)),
    ("temperature_sensor_stuck", shown_in_the_room, (0, False), (0, True)),
    ("coarse_balance", lambda bench: bench.twin.cell.readability_g, 1e-5, 1e-3),
    ("balance_overload", lambda bench: bench.twin.cell.weigh().status, LoadStatus.IN_RANGE, LoadStatus.OVERLOAD),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_defect_changes_what_it_says(name: str, observe: Observation, good: object, bad: object) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


def test_a_rate_bias_adds_its_fraction_to_every_stroke() -> None:
    good, bad = delivered_ul(OperatedTwin()), delivered_ul(OperatedTwin(defects=["rate_bias=-0.3"]))
    assert bad / good == pytest.approx(0.7, rel=1e-3)
    assert delivered_ul(OperatedTwin(defects=["rate_bias"])) / good == pytest.approx(1.2, rel=1e-3)


def test_every_defect_of_the_catalogue_is_tried_here_or_beside() -> None:
    """`CASES` of each file of this folder; their first entry is a defect."""
    files = (import_module(f"tests.unit.simulated.{path.stem}") for path in Path(__file__).parent.glob("test_*.py"))
    tried = {case[0].partition("=")[0] for file in files for case in getattr(file, "CASES", ())}
    assert tried | {"rate_bias", "program_change_drops_stroke"} == set(DEFECTS)


def test_defects_add_up() -> None:
    bench = OperatedTwin(defects=["dead_kink_clamp", "dead_leak_valve", "pump_serial = 12"])
    assert clamp_position(bench) == (0.0, True, 0.0)
    assert bench.pump("serial_number") == "SIM20-0012"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("rate_bais", "did you mean 'rate_bias'.*--list defects"),
        ("rate_bias=much", "no number from -1 to 10"),
        ("rate_bias=", "no number from -1 to 10"),
        ("rate_bias=nan", "no number from -1 to 10"),
        ("stall_at_h=-1", "no number from 0"),
        ("dead_kink_clamp=2", "has no magnitude"),
    ],
)
def test_a_defect_that_cannot_be_is_a_plan_error_that_helps(text: str, seen: str) -> None:
    with pytest.raises(PlanError, match=seen):
        Twin.assemble(defects=[text])


def test_an_unknown_pump_model_is_a_plan_error_that_names_the_known_ones() -> None:
    with pytest.raises(PlanError, match=r"implantable-20ml\.toml"):
        Twin.assemble("implantable-21ml")
