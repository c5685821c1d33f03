# SPDX-License-Identifier: Apache-2.0
"""Every defect of balance, vessel, room and rig is really there, in the size of its magnitude."""

import math
import statistics
from collections.abc import Callable
from itertools import pairwise

import pytest

from instruments.register_map.codec import Value
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOUR_S = 3600.0
FIRST_S = 2.5 * HOUR_S
WEIGHED_MG_PER_UL = 0.997
"""Water of 21 degC in air."""
Observe = Callable[[OperatedTwin], object]


def mass_mg(bench: OperatedTwin) -> float:
    return bench.twin.cell.weigh().net_mass_g * 1000.0


def shown(*instants_s: float, digits: int = 0) -> Observe:
    """What the display of a vessel at rest shows at these instants, against what it showed at first, in mg."""

    def observe(bench: OperatedTwin) -> list[float]:
        before_mg, seen = mass_mg(bench), []
        for instant_s in instants_s:
            bench.to(instant_s)
            seen.append(round(mass_mg(bench) - before_mg, digits) + 0.0)
        return seen

    return observe


def samples_that_are_off(bench: OperatedTwin) -> list[int]:
    """Of samples half a minute apart, how many of three hours are off by 20 mg, and of the six hours after them."""
    bench.twin.cell.tare()
    counts = []
    for hours in (3, 6):
        off = 0
        for _ in range(hours * 120):
            bench.go(30.0)
            off += abs(mass_mg(bench)) > 20.0
        counts.append(off)
    return counts


def knock_mg(bench: OperatedTwin) -> list[float]:
    return shown(FIRST_S - 1.0, FIRST_S + 1.0, FIRST_S + 200.0)(bench)  # type: ignore[return-value]


def scatter_mg(from_s: float) -> Observe:
    def observe(bench: OperatedTwin) -> float:
        bench.to(from_s)
        readings = []
        for _ in range(200):
            bench.go(1.0)
            readings.append(mass_mg(bench))
        return round(statistics.stdev(readings))

    return observe


def wander_mg(bench: OperatedTwin) -> tuple[float, bool]:
    """The standard deviation of a day's ten-minute means, and whether readings a second apart scatter as ever."""
    means, differences = [], []
    for _ in range(144):
        readings = []
        for _ in range(10):
            bench.go(1.0)
            readings.append(mass_mg(bench))
        bench.go(590.0)
        means.append(statistics.mean(readings))
        differences += [after - before for before, after in pairwise(readings)]
    drift_mg = (means[-1] - means[0]) / 143.0
    level = [mean - number * drift_mg for number, mean in enumerate(means)]
    return round(statistics.stdev(level), 1), statistics.stdev(differences) < 0.04


def linearity_mg(bench: OperatedTwin) -> float:
    """Half of what the display goes up and down about the straight line, noise included, while the vessel fills."""
    bench.run(continuous(100.0))
    errors = []
    for _ in range(200):
        bench.go(60.0)
        errors.append(mass_mg(bench) - bench.fluid.vessel_ul() * WEIGHED_MG_PER_UL)
    return round((max(errors) - min(errors)) / 2.0, 1)


def stable(bench: OperatedTwin) -> list[bool]:
    """At rest, and just after a stroke that is two mL."""
    at_rest = bench.twin.cell.weigh().stable
    bench.run(continuous(1000.0))
    bench.go(10.3)
    return [at_rest, bench.twin.cell.weigh().stable]


def steps_ul(bench: OperatedTwin) -> list[float]:
    """How far the display goes in each ten minutes at 60 µL/h, in mg."""
    bench.run(continuous(60.0))
    bench.go(HOUR_S)
    before_mg, seen = mass_mg(bench), []
    for _ in range(6):
        bench.go(600.0)
        seen.append(round(mass_mg(bench) - before_mg))
        before_mg = mass_mg(bench)
    return seen


def late_steps_mg(bench: OperatedTwin) -> list[float]:
    """The same at 240 µL/h in each minute after two and three quarter hours."""
    bench.run(continuous(240.0))
    bench.to(FIRST_S + 900.0)
    before_mg, seen = mass_mg(bench), []
    for _ in range(6):
        bench.go(60.0)
        seen.append(round(mass_mg(bench) - before_mg))
        before_mg = mass_mg(bench)
    return seen


def off_between(*hours_h: float) -> Observe:
    """Whether the catheter is off at these hours, and what its valve's sensor shows."""

    def observe(bench: OperatedTwin) -> list[tuple[bool, object]]:
        seen = list[tuple[bool, object]]()
        for hour_h in hours_h:
            bench.to(hour_h * HOUR_S)
            seen.append((bench.fluid.conditions.disconnected, bench.rig("disconnect_valve_open")))
        return seen

    return observe


def back_after(name: str, value: float | bool, *minutes: float) -> Observe:
    """What an injector does so many minutes after it was told to go back, and what its sensor shows."""

    def observe(bench: OperatedTwin) -> list[object]:
        bench.set_rig(**{name: value})
        bench.go(60.0)
        bench.set_rig(**{name: type(value)(0)})
        began_s, seen = bench.now_s, list[object]()
        for minute in minutes:
            bench.to(began_s + 60.0 * minute)
            off = bench.fluid.conditions.disconnected or bench.fluid.conditions.leak_fraction
            seen.append((float(off), bool(bench.rig(SENSOR_OF[name]))))
        return seen

    return observe


SENSOR_OF = {"disconnect_valve": "disconnect_valve_open", "leak_valve_percent": "leak_valve_position_percent"}


def sensor(name: str, *hours_h: float, digits: int = 0) -> Observe:
    def observe(bench: OperatedTwin) -> list[float]:
        seen = []
        for hour_h in hours_h:
            bench.to(hour_h * HOUR_S)
            value = bench.rig(name)
            assert isinstance(value, int | float)
            seen.append(round(value, digits))
        return seen

    return observe


def swing_c(bench: OperatedTwin) -> float:
    readings = []
    for hour in range(25):
        bench.to(hour * HOUR_S)
        temperature_c = bench.rig("temperature_c")
        assert isinstance(temperature_c, float)
        readings.append(temperature_c)
    return round((max(readings) - min(readings)) / 2.0, 1)


def line(**order: float | bool) -> Observe:
    """What outlet lift and mid-catheter valve show, and where they are."""

    def observed(bench: OperatedTwin) -> object:
        bench.set_rig(line_token=1, line_number=1, **order)
        bench.go(5.0)
        conditions = bench.fluid.conditions
        shown = bench.rig("outlet_lift_measured_kpa"), bench.rig("mid_catheter_valve_open")
        return *shown, conditions.outlet_lift_kpa, conditions.torn

    return observed


def sensor_line_open(bench: OperatedTwin) -> object:
    """What the continuity of the pump's sensor line shows when it was told to open."""
    bench.set_rig(line_token=1, line_number=1, sensor_relay=True)
    bench.go(5.0)
    return bench.rig("sensor_line_open")


def kink(bench: OperatedTwin) -> list[object]:
    """What the sensor shows and how far it is really shut: shut, and open again."""
    seen: list[object] = []
    for percent in (100.0, 0.0):
        bench.set_rig(kink_clamp_percent=percent)
        bench.go(5.0)
        seen += [bench.rig("kink_clamp_position_percent"), round(100.0 * bench.fluid.conditions.kink_fraction)]
    return seen


def kink_twice(bench: OperatedTwin) -> list[int]:
    """How far the clamp is still shut after its first and its second closing."""
    seen = []
    for _ in range(2):
        kink(bench)
        seen.append(round(100.0 * bench.fluid.conditions.kink_fraction))
    return seen


def kink_between(*hours_h: float) -> Observe:
    """How far the clamp is shut at these hours, and what its sensor shows."""

    def observe(bench: OperatedTwin) -> list[tuple[int, object]]:
        seen = []
        for hour_h in hours_h:
            bench.to(hour_h * HOUR_S)
            seen.append((round(100.0 * bench.fluid.conditions.kink_fraction), bench.rig("kink_clamp_position_percent")))
        return seen

    return observe


def missing_share(**injected: float | bool) -> Observe:
    """Which share of an hour's volume does not reach the vessel."""

    def observe(bench: OperatedTwin) -> float:
        bench.run(continuous(1000.0))
        bench.go(HOUR_S)
        bench.set_rig(**injected)
        bench.go(60.0)
        before = bench.fluid.volumes()
        bench.go(HOUR_S)
        after = bench.fluid.volumes()
        lost_ul = after.leak_ul + after.ambient_ul - before.leak_ul - before.ambient_ul
        return round(lost_ul / (before.reservoir_ul - after.reservoir_ul), 2)

    return observe


def leaks_when_shut(openings: int) -> Observe:
    """Which share leaks after each opening of the leak valve, which then shows that it is shut."""

    def observe(bench: OperatedTwin) -> list[float]:
        seen = []
        for _ in range(openings):
            for percent in (60.0, 0.0):
                bench.set_rig(leak_valve_percent=percent)
                bench.go(60.0)
            assert bench.rig("leak_valve_position_percent") == 0.0
            seen.append(bench.fluid.conditions.leak_fraction)
        return seen

    return observe


def shut_by_its_sensor(bench: OperatedTwin) -> list[object]:
    """What the sensor of the clamp shows one second, a minute and two minutes after it was told to shut."""
    bench.set_rig(kink_clamp_percent=100.0)
    seen = []
    for instant_s in (1.0, 59.0, 61.0):
        bench.to(instant_s)
        seen.append(bench.rig("kink_clamp_position_percent"))
    return [*seen, bench.fluid.conditions.kink_fraction]


def started_while_safe(bench: OperatedTwin) -> Value:
    """What the pump does that is started while the rig is in its safe state."""
    bench.load(continuous(100.0))
    bench.set_rig(safe_state=True)
    assert bench.command("start") == "accepted"
    return bench.pump("state")


def shut_after_a_second(bench: OperatedTwin) -> list[float]:
    """How far it really is shut after one second and after a minute."""
    bench.set_rig(kink_clamp_percent=100.0)
    seen = []
    for instant_s in (1.0, 61.0):
        bench.to(instant_s)
        seen.append(bench.fluid.conditions.kink_fraction)
    return seen


def trips_within(bench: OperatedTwin) -> list[object]:
    """Whether a watchdog of a minute has tripped after 11, 59, 61 and 121 s without a heartbeat."""
    bench.set_rig(watchdog_timeout_s=60)
    seen = []
    for instant_s in (11.0, 59.0, 61.0, 121.0):
        bench.to(instant_s)
        seen.append(bench.rig("watchdog_tripped"))
    return seen


def readings_differ(name: str) -> Observe:
    """Whether the readings that a sensor gives in a day differ from each other."""

    def observe(bench: OperatedTwin) -> bool:
        readings = set()
        for hour in range(24):
            bench.to(hour * HOUR_S)
            readings.add(bench.rig(name))
        return len(readings) > 1

    return observe


def after_it_was(**injected: float | bool) -> Observe:
    """Which share of an hour's volume does not reach the vessel after an injector was there and went back."""

    def observe(bench: OperatedTwin) -> float:
        bench.set_rig(**injected)
        bench.go(60.0)
        bench.set_rig(**{name: type(value)(0) for name, value in injected.items()})
        bench.go(60.0)
        share = missing_share()(bench)
        assert isinstance(share, float)
        return share

    return observe


KNOCKED = [0.0, 30.0, 0.0]
TRIPS = [False, False, True, True]
AT_REST = [True, False]
CASES: list[tuple[str, Observe, object, object]] = [
    ("balance_knock_mg", samples_that_are_off, [0, 0], [1, 1]),
    ("balance_knock_2_mg", samples_that_are_off, [0, 0], [2, 2]),
    ("balance_knock_5_mg", samples_that_are_off, [0, 0], [5, 5]),
    ("balance_knock_mg", knock_mg, [0.0] * 3, KNOCKED),
    ("balance_knock_mg=-30", knock_mg, [0.0] * 3, [0.0, -30.0, 0.0]),
    ("balance_knock_2_mg", knock_mg, [0.0] * 3, KNOCKED),
    ("balance_knock_5_mg=-30", knock_mg, [0.0] * 3, [0.0, -30.0, 0.0]),
    ("balance_steps_mg", shown(FIRST_S - 1.0, FIRST_S + 1.0, 24 * HOUR_S), [0.0, 0.0, -1.0], [0.0, -15.0, -16.0]),
    ("balance_wanders_mg", wander_mg, (0.0, True), (0.1, True)),
    ("balance_not_linear_mg", linearity_mg, 0.1, 0.6),
    (
        "balance_drifts_at_night_mg_per_h",
        shown(12 * HOUR_S, 24 * HOUR_S, 36 * HOUR_S, 48 * HOUR_S),
        [0.0, -1.0, -1.0, -1.0],
        [0.0, 11.0, 11.0, 23.0],
    ),
    (
        "balance_drifts_for_2_h_mg_per_h",
        shown(5 * HOUR_S, 6 * HOUR_S, 7 * HOUR_S, 8 * HOUR_S),
        [0.0, 0.0, 0.0, 0.0],
        [0.0, 10.0, 20.0, 20.0],
    ),
    ("balance_always_stable", stable, AT_REST, [True, True]),
    ("balance_never_stable", stable, AT_REST, [False, False]),
    (
        "balance_creeps_home_mg",
        shown(FIRST_S - 1.0, FIRST_S + 1.0, FIRST_S + 300.0, FIRST_S + 1800.0),
        [0.0, 0.0, 0.0, 0.0],
        [0.0, -15.0, -6.0, 0.0],
    ),
    (
        "balance_sinks_home_mg",
        shown(FIRST_S - 1.0, FIRST_S + 1.0, FIRST_S + 3000.0, FIRST_S + 18000.0),
        [0.0, 0.0, 0.0, 0.0],
        [0.0, 15.0, 5.0, 0.0],
    ),
    ("pan_sticks_mg", late_steps_mg, [4] * 6, [8, 0, 8, 0, 8, 0]),
    ("drips_in_mg_per_h", shown(FIRST_S, FIRST_S + HOUR_S, FIRST_S + 2 * HOUR_S), [0.0, 0.0, 0.0], [0.0, 9.0, 18.0]),
    ("table_vibrates_mg", scatter_mg(FIRST_S - 300.0), 0, 0),
    ("table_vibrates_mg", scatter_mg(FIRST_S + 1.0), 0, 2),
    ("table_vibrates_mg", scatter_mg(FIRST_S + 601.0), 0, 0),
    ("evaporation_changes_at_h", shown(3 * HOUR_S, 103 * HOUR_S), [0.0, -3.0], [0.0, -9.0]),
    ("draught", shown(FIRST_S, FIRST_S + HOUR_S, 8.5 * HOUR_S, digits=1), [-0.1, -0.2, -0.3], [-0.1, -0.8, -0.9]),
    ("pendant_drop_ul", steps_ul, [10] * 6, [0, 15, 15, 0, 15, 15]),
    ("humidity_jumps_percent", sensor("humidity_percent", 2.4, 2.6, digits=-1), [50, 50], [50, 60]),
    ("room_swings_c", swing_c, 0.3, 1.5),
    ("room_swings_far_c", swing_c, 0.3, 6.0),
    ("kink_clamp_closes_to_percent", kink, [100.0, 100, 0.0, 0], [100.0, 60, 0.0, 0]),
    ("kink_clamp_opens_to_percent", kink, [100.0, 100, 0.0, 0], [100.0, 100, 0.0, 70]),
    ("kink_clamp_opens_short_after=1", kink_twice, [0, 0], [70, 0]),
    ("kink_clamp_opens_short_after=2", kink_twice, [0, 0], [0, 70]),
    ("kink_clamp_narrows_at_h", kink_between(1.9, 2.1), [(0, 0), (0, 0)], [(0, 0), (70, 0)]),
    ("leak_valve_share", missing_share(leak_valve_percent=60.0), 0.6, 0.18),
    ("leak_valve_worn_share", leaks_when_shut(openings=2), [0.0, 0.0], [0.05, 0.05]),
    ("leak_valve_leaves_share", leaks_when_shut(openings=2), [0.0, 0.0], [0.0, 0.1]),
    ("disconnect_valve_half", missing_share(disconnect_valve=True), 1.0, 0.5),
    ("supply_at_rest_mv", sensor("supply_voltage_measured_mv", 1.0), [0], [3010]),
    ("stray_magnet", lambda bench: bench.rig("magnet_field_present"), False, True),
    ("watchdog_short_s", trips_within, TRIPS, [True] * 4),
    ("rig_clock_gain", trips_within, TRIPS, [False, False, False, True]),
    ("rig_clock_gain", sensor("rig_clock_s", 1.0, 2.0), [3600, 7200], [1800, 3600]),
    ("kink_clamp_slow_s", shut_after_a_second, [1.0, 1.0], [0.0, 1.0]),
    ("rig_sensors_late_s", shut_by_its_sensor, [100.0, 100.0, 100.0, 1.0], [0.0, 0.0, 100.0, 1.0]),
    ("rig_stops_once", started_while_safe, "stopped", "infusing"),
    ("air_pressure_stands", readings_differ("air_pressure_hpa"), True, False),
    ("temperature_sensor_stuck", readings_differ("temperature_c"), True, False),
    ("temperature_sensor_off", sensor("temperature_c", 1.0, digits=1), [21.0], [23.0]),
    ("dead_outlet_lift", line(outlet_lift_kpa=20.0), (20.0, False, 20.0, False), (0.0, False, 0.0, False)),
    ("outlet_lift_echoes", line(outlet_lift_kpa=20.0), (20.0, False, 20.0, False), (20.0, False, 0.0, False)),
    ("dead_sensor_relay", sensor_line_open, True, False),
    ("mid_valve_echoes", line(mid_catheter_valve=True), (0.0, True, 0.0, True), (0.0, True, 0.0, False)),
    ("kink_sensor_echoes", kink, [100.0, 100, 0.0, 0], [100.0, 0, 0.0, 0]),
    ("kink_stays_unseen=1", kink, [100.0, 100, 0.0, 0], [100.0, 100, 0.0, 100]),
    ("leak_sensor_echoes", missing_share(leak_valve_percent=60.0), 0.6, 0.0),
    ("leak_stays_unseen", after_it_was(leak_valve_percent=60.0), 0.0, 0.6),
    ("disconnect_sensor_echoes", missing_share(disconnect_valve=True), 1.0, 0.0),
    ("disconnect_stays_unseen", after_it_was(disconnect_valve=True), 0.0, 1.0),
    ("rig_leaks", missing_share(), 0.0, 0.2),
    (
        "disconnect_closes_late_min",
        back_after("disconnect_valve", True, 1.0, 19.0, 21.0),
        [(0.0, False)] * 3,
        [(1.0, False), (1.0, False), (0.0, False)],
    ),
    (
        "leak_closes_late_min",
        back_after("leak_valve_percent", 60.0, 1.0, 29.0, 31.0),
        [(0.0, False)] * 3,
        [(0.6, False), (0.6, False), (0.0, False)],
    ),
    (
        "catheter_off_at_h",
        off_between(2.9, 3.1, 3.3),
        [(False, False)] * 3,
        [(False, False), (True, False), (False, False)],
    ),
    ("outlet_sensor_off_kpa", sensor("outlet_pressure_kpa", 1.0, 5.0, digits=1), [1.2, 1.2], [2.2, 2.2]),
    ("outlet_sensor_moves_kpa", sensor("outlet_pressure_kpa", 2.4, 2.6, 3.6, digits=0), [1, 1, 1], [1, 4, 1]),
]


@pytest.mark.parametrize(("defect", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_instrument_is_what_it_says(defect: str, observe: Observe, good: object, bad: object) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[defect])) == bad


def test_half_of_a_disconnected_flow_goes_on_under_pressure_and_no_alarm_comes() -> None:
    bench = OperatedTwin(defects=["disconnect_valve_half"])
    bench.run(continuous(1000.0))
    bench.set_rig(disconnect_valve=True)
    bench.go(HOUR_S)
    assert (bench.rig("disconnect_valve_open"), bench.pump("alarm_log_count")) == (True, 0)


def test_a_clamp_that_stays_shut_holds_back_only_after_it_was_shut() -> None:
    bench = OperatedTwin(defects=["kink_clamp_opens_to_percent"])
    bench.set_rig(disconnect_valve=True)
    bench.go(5.0)
    assert bench.fluid.conditions.kink_fraction == 0.0
    assert not math.isnan(float(str(bench.rig("kink_clamp_position_percent"))))
