# SPDX-License-Identifier: Apache-2.0
"""Every defect of registers, alarms, logs and clocks shows what it says, while the pump gives what a good one gives."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from instruments.program import Mode, Program, Step
from instruments.register_map.codec import Value
from instruments.simulated.specimen.defects import DEFECTS
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOUR_S = 3600.0
Observe = Callable[[OperatedTwin], object]


def number(bench: OperatedTwin, name: str) -> float:
    value = bench.pump(name)
    assert isinstance(value, int | float)
    return float(value)


def at(name: str, *hours_h: float, digits: int = 0, rate_ul_per_h: float = 100.0) -> Observe:
    """A register of a pump that infuses, hour after hour."""

    def observe(bench: OperatedTwin) -> list[float]:
        bench.run(continuous(rate_ul_per_h, low_reservoir_alarm_ul=2000.0))
        seen = []
        for hour_h in hours_h:
            bench.to(hour_h * HOUR_S)
            seen.append(round(number(bench, name), digits))
        return seen

    return observe


def states(bench: OperatedTwin) -> list[Value]:
    """Before the first start, while it infuses, in an alarm stop, after a stop."""
    seen = [bench.pump("state")]
    bench.run(continuous(1000.0))
    bench.to(60.0)
    seen.append(bench.pump("state"))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.to(400.0)
    seen.append(bench.pump("state"))
    bench.command("stop")
    bench.command("acknowledge")
    return [*seen, bench.pump("state")]


def flex_rates(bench: OperatedTwin) -> list[Value]:
    bench.run(Program(Mode.FLEX, (Step(0, 10.0), Step(9 * 60, 20.0), Step(10 * 60, 30.0))))  # now 08:00
    rates: list[Value] = []
    for minutes in (30, 90, 150):
        bench.to(minutes * 60.0)
        rates.append(bench.pump("active_rate_ul_per_h"))
    return rates


def counted_in_two_stops(bench: OperatedTwin) -> list[float]:
    """What the counter gained in an hour before the start, an hour of infusion, an hour's stop, and half of another."""
    gained, before_ul = [], 0.0
    for then in (None, "start", "stop", "start", "stop"):
        if then == "start":
            assert bench.load(continuous(100.0)) in ("accepted", "wrong_state")
        if then is not None:
            bench.command(then)
        bench.go(HOUR_S)
        counted_ul = number(bench, "delivered_volume_ul")
        gained.append(round(counted_ul - before_ul))
        before_ul = counted_ul
    return gained


def reservoir_after_a_refill(bench: OperatedTwin) -> list[int]:
    bench.run(continuous(1000.0))
    bench.go(HOUR_S)
    before_ul = number(bench, "reservoir_volume_ul")
    bench.command("refill_done", 20_000.0)
    return [round(before_ul, -1), round(number(bench, "reservoir_volume_ul"), -1)]  # type: ignore[list-item]


def pressures(bench: OperatedTwin) -> list[float]:
    """At rest, while it infuses, with the catheter shut for a while, with the catheter off."""
    seen = [number(bench, "catheter_pressure_kpa")]
    bench.run(continuous(1000.0))
    bench.to(600.0)
    seen.append(number(bench, "catheter_pressure_kpa"))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.to(620.0)
    seen.append(number(bench, "catheter_pressure_kpa"))
    bench.set_rig(kink_clamp_percent=0.0, disconnect_valve=True)
    bench.to(640.0)
    seen.append(number(bench, "catheter_pressure_kpa"))
    return [round(one) for one in seen]


def rates_told_after_three_hours(bench: OperatedTwin) -> tuple[float, float, float]:
    """In the read-back, as active rate, and as what the counter gains in an hour."""
    bench.run(continuous(100.0))
    bench.to(3.0 * HOUR_S)
    before_ul = number(bench, "delivered_volume_ul")
    bench.go(HOUR_S)
    gained_ul = number(bench, "delivered_volume_ul") - before_ul
    return (
        round(number(bench, "active_steps[0].rate_ul_per_h")),
        round(number(bench, "active_rate_ul_per_h")),
        round(gained_ul),
    )


def log(bench: OperatedTwin) -> list[tuple[str, int, bool]]:
    """Of each alarm in the log: its name, its onset in whole minutes of the twin's time, whether it was cleared."""
    lines = [bench.alarm(place) for place in range(int(number(bench, "alarm_log_count")))]
    return [(code, round(bench.true_s(onset_s) / 60.0), bool(cleared_s)) for code, onset_s, cleared_s in lines]


def two_occlusions(bench: OperatedTwin) -> list[object]:
    """The alarm bits and the log while the first stands, after it was acknowledged, and while the second stands."""
    bench.run(continuous(1000.0))
    seen: list[object] = []
    for begins_s in (60.0, 1260.0):
        bench.to(begins_s)
        bench.set_rig(kink_clamp_percent=100.0)
        bench.go(240.0)
        seen += [bench.pump("alarm_bits"), log(bench)]
        bench.set_rig(kink_clamp_percent=0.0)
        bench.go(60.0)
        seen.append(bench.command("acknowledge"))
        seen += [bench.pump("alarm_bits"), log(bench)]
        bench.command("start")
    return seen


def bits_by_the_minute_after_an_acknowledge(bench: OperatedTwin) -> list[bool]:
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(300.0)
    bench.set_rig(kink_clamp_percent=0.0)
    bench.go(60.0)
    bench.command("acknowledge")
    bench.command("start")
    seen = []
    for _ in range(3):
        bench.go(120.0)
        seen.append(bool(bench.pump("alarm_bits")))
    return seen


def shortly_before_and_after(bench: OperatedTwin) -> list[object]:
    """The alarm bits a second after two and a half hours, ten seconds after, and the log six hours later."""
    bench.run(continuous(100.0))
    seen: list[object] = []
    for after_s in (1.0, 10.0, 6.1 * HOUR_S):
        bench.to(2.5 * HOUR_S + after_s)
        seen.append(bench.pump("alarm_bits"))
    return [*seen, log(bench)]


def alarms_of_an_hour_at_the_high_rate(bench: OperatedTwin) -> list[str]:
    bench.run(continuous(1000.0))
    bench.go(HOUR_S)
    return [code for code, _, _ in log(bench)]


def off_for_two_hours(bench: OperatedTwin) -> tuple[object, ...]:
    """When the alarm came, in whole minutes, and what the pump does."""
    bench.run(continuous(1000.0))
    bench.set_rig(disconnect_valve=True)
    bench.go(2.0 * HOUR_S)
    ((code, minute, _),) = log(bench)
    return code, minute, bench.pump("state")


def low_at_ul(bench: OperatedTwin) -> float | None:
    """The reservoir volume at which the alarm comes that is set to 2000 µL, in hundreds."""
    bench.run(continuous(1000.0, low_reservoir_alarm_ul=2000.0))
    while number(bench, "reservoir_volume_ul") > 100.0:
        bench.go(60.0)
        if bench.pump("alarm_bits"):
            return round(number(bench, "reservoir_volume_ul"), -2)
    return None


def clock_hours(bench: OperatedTwin) -> list[float]:
    """What the clock gained in each of four hours and a half, in s."""
    bench.run(continuous(100.0))
    readings = []
    for hour_h in (0.0, 1.0, 2.0, 3.0, 4.0):
        bench.to(hour_h * HOUR_S)
        readings.append(number(bench, "device_clock_s"))
    assert bench.pump("state") == "infusing"
    assert number(bench, "delivered_volume_ul") == pytest.approx(400.0, abs=2.0)
    return [round(after - before) for before, after in pairwise(readings)]


def clock_of_the_night_s(bench: OperatedTwin) -> list[float]:
    """What the clock gained from the 18th hour to the 19th, then to the 21st and to the 22nd, in s."""
    bench.run(continuous(100.0))
    readings = []
    for hour_h in (18.0, 19.0, 21.0, 22.0):
        bench.to(hour_h * HOUR_S)
        readings.append(number(bench, "device_clock_s"))
    return [round(after - before, 1) for before, after in pairwise(readings)]


def over_a_load(name: str) -> Observe:
    """What a register shows after a second program was loaded less what it showed before, in whole units."""

    def observe(bench: OperatedTwin) -> float:
        bench.load(continuous(100.0))
        before = number(bench, name)
        bench.load(continuous(200.0))
        return round(number(bench, name) - before)

    return observe


def onset_over_a_load(bench: OperatedTwin) -> list[float]:
    """By how much onset and end of an alarm that was acknowledged are told later once another program was loaded."""
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(600.0)
    bench.set_rig(kink_clamp_percent=0.0)
    bench.go(60.0)
    bench.command("acknowledge")
    bench.command("stop")
    _, onset_s, cleared_s = bench.alarm(0)
    assert bench.load(continuous(200.0)) == "accepted"
    _, later_s, ended_s = bench.alarm(0)
    return [round(later_s - onset_s), round(ended_s - cleared_s)]


OCCLUSION, NONE = frozenset({"occlusion"}), frozenset[str]()
FIRST, SECOND = ("occlusion", 3, True), ("occlusion", 23, True)
FIRST_STANDS, SECOND_STANDS = ("occlusion", 3, False), ("occlusion", 23, False)
TWICE = [
    *(OCCLUSION, [FIRST_STANDS], "accepted", NONE, [FIRST]),
    *(OCCLUSION, [FIRST, SECOND_STANDS], "accepted", NONE, [FIRST, SECOND]),
]


def twice(**other: object) -> list[object]:
    """Two occlusions, but for what stands at these places."""
    return [other.get(f"at_{place}", one) for place, one in enumerate(TWICE)]


CASES: list[tuple[str, Observe, object, object]] = [
    (
        "says_stopped",
        states,
        ["stopped", "infusing", "alarm_stopped", "stopped"],
        ["stopped", "stopped", "alarm_stopped", "stopped"],
    ),
    ("says_infusing", states, ["stopped", "infusing", "alarm_stopped", "stopped"], ["infusing"] * 4),
    ("active_rate_off", at("active_rate_ul_per_h", 1.0), [100.0], [110.0]),
    ("active_rate_of_step_before", flex_rates, [10.0, 20.0, 30.0], [10.0, 10.0, 20.0]),
    ("counter_zeroed_at_h", at("delivered_volume_ul", 2.4, 3.0, 4.0), [240.0, 300.0, 400.0], [240.0, 50.0, 150.0]),
    ("counter_goes_back_ul", at("delivered_volume_ul", 2.4, 3.0, 9.0), [240.0, 300.0, 900.0], [240.0, 200.0, 700.0]),
    ("counter_stands_from_h", at("delivered_volume_ul", 2.4, 3.0, 9.0), [240.0, 300.0, 900.0], [240.0, 250.0, 250.0]),
    ("counter_jumps_ul", at("delivered_volume_ul", 2.4, 3.0, 9.0), [240.0, 300.0, 900.0], [240.0, 400.0, 1100.0]),
    ("counts_while_stopped_ul_per_h", counted_in_two_stops, [0, 100, 0, 100, 0], [10, 100, 10, 100, 10]),
    ("reservoir_stands", at("reservoir_volume_ul", 0.0, 10.0), [20_000.0, 19_000.0], [20_000.0, 20_000.0]),
    ("reservoir_falls_fast", at("reservoir_volume_ul", 0.0, 10.0), [20_000.0, 19_000.0], [20_000.0, 18_700.0]),
    ("reservoir_forgets_refill", reservoir_after_a_refill, [19_000, 20_000], [19_000, 19_000]),
    ("battery_empty", at("battery_percent", 1.0), [100.0], [0.0]),
    ("battery_rises", at("battery_percent", 24.0, 48.0), [100.0, 100.0], [60.0, 70.0]),
    ("battery_stands", at("battery_percent", 0.0, 2400.0, rate_ul_per_h=2.0), [100.0, 95.0], [100.0, 100.0]),
    ("catheter_pressure_stands_from_h", pressures, [1, 12, 39, 0], [1, 1, 1, 1]),
    ("catheter_pressure_off_kpa", pressures, [1, 12, 39, 0], [11, 22, 49, 10]),
    ("catheter_pressure_turned", pressures, [1, 12, 39, 0], [-1, -12, -39, 0]),
    ("disconnect_pressure_off", pressures, [1, 12, 39, 0], [1, 12, 39, 1]),
    ("read_back_changes_at_h", rates_told_after_three_hours, (100, 100, 100), (110, 100, 100)),
    ("program_changes_at_h", rates_told_after_three_hours, (100, 100, 100), (100, 120, 120)),
    ("three_lies", two_occlusions, TWICE, twice(at_0=NONE, at_5=NONE)),
    ("alarm_bit_missing", two_occlusions, TWICE, twice(at_0=NONE, at_5=NONE)),
    ("alarm_bit_stays", two_occlusions, TWICE, twice(at_3=OCCLUSION, at_8=OCCLUSION)),
    (
        "alarm_bit_of_another",
        two_occlusions,
        TWICE,
        twice(at_0=frozenset({"memory"}), at_5=frozenset({"memory"})),
    ),
    ("alarm_not_logged", two_occlusions, TWICE, twice(at_1=[], at_4=[], at_6=[], at_9=[])),
    ("alarm_count_stands", two_occlusions, TWICE, twice(at_1=[], at_4=[], at_6=[], at_9=[])),
    (
        "alarm_log_late_s",
        two_occlusions,
        TWICE,
        twice(
            at_1=[("occlusion", 8, False)],
            at_4=[("occlusion", 8, True)],
            at_6=[("occlusion", 8, True), ("occlusion", 28, False)],
            at_9=[("occlusion", 8, True), ("occlusion", 28, True)],
        ),
    ),
    (
        "alarm_logged_twice",
        two_occlusions,
        TWICE,
        twice(
            at_1=[FIRST_STANDS] * 2,
            at_4=[FIRST] * 2,
            at_6=[FIRST, FIRST, SECOND_STANDS, SECOND_STANDS],
            at_9=[FIRST, FIRST, SECOND, SECOND],
        ),
    ),
    ("alarm_log_disordered", two_occlusions, TWICE, twice(at_6=[SECOND_STANDS, FIRST], at_9=[SECOND, FIRST])),
    (
        "alarm_end_not_logged",
        two_occlusions,
        TWICE,
        twice(at_4=[FIRST_STANDS], at_6=[FIRST_STANDS, SECOND_STANDS], at_9=[FIRST_STANDS, SECOND_STANDS]),
    ),
    ("acknowledge_denied", two_occlusions, TWICE, twice(at_2="wrong_state", at_7="wrong_state")),
    ("alarm_again_after_min", bits_by_the_minute_after_an_acknowledge, [False] * 3, [False, False, True]),
    (
        "alarm_shorter_than_a_sample_s",
        shortly_before_and_after,
        [NONE, NONE, NONE, []],
        [frozenset({"low_battery"}), NONE, NONE, [("low_battery", 150, True), ("low_battery", 510, True)]],
    ),
    ("occlusion_threshold_kpa", alarms_of_an_hour_at_the_high_rate, [], ["occlusion"]),
    ("late_disconnect_alarm_s", off_for_two_hours, ("disconnect", 2, "infusing"), ("disconnect", 62, "infusing")),
    ("stops_at_disconnect", off_for_two_hours, ("disconnect", 2, "infusing"), ("disconnect", 2, "alarm_stopped")),
    ("low_reservoir_early_ul", low_at_ul, 2000.0, 18_000.0),
    ("low_reservoir_late_ul", low_at_ul, 2000.0, 500.0),
    ("no_low_reservoir_alarm", low_at_ul, 2000.0, None),
    ("clock_slow_ppm", clock_hours, [3600, 3600, 3600, 3600], [3593, 3593, 3593, 3593]),
    ("clock_jumps_s", clock_hours, [3600, 3600, 3600, 3600], [3600, 3600, 3660, 3600]),
    ("clock_stops_min", clock_hours, [3600, 3600, 3600, 3600], [3600, 3600, 3000, 3600]),
    ("clock_set_at_load_s", over_a_load("device_clock_s"), 0, -600),
    ("battery_jumps_at_load_percent", over_a_load("battery_percent"), 0, 5),
    ("alarm_log_redated_min", onset_over_a_load, [0, 0], [600, 600]),
    ("clock_slow_at_night_ppm", clock_of_the_night_s, [3600.0, 7200.0, 3600.0], [3600.0, 7191.4, 3600.0]),
    ("clock_zeroed_at_h", clock_hours, [3600, 3600, 3600, 3600], [3600, 3600, 1800 - 288_000 - 7200, 3600]),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_register_shows_what_it_says(name: str, observe: Observe, good: object, bad: object) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


SHOW_ONLY = [
    *("says_stopped", "says_infusing", "active_rate_off", "active_rate_of_step_before", "counter_zeroed_at_h"),
    *("counter_goes_back_ul", "counter_stands_from_h", "counter_jumps_ul", "counts_while_stopped_ul_per_h"),
    *("reservoir_stands", "reservoir_falls_fast", "battery_empty", "battery_rises", "battery_stands"),
    *("catheter_pressure_off_kpa", "catheter_pressure_turned", "read_back_changes_at_h", "alarm_bit_missing"),
    *("alarm_count_stands", "bolus_count_stands", "three_lies", "clock_slow_at_night_ppm"),
    *("clock_set_at_load_s", "battery_jumps_at_load_percent", "alarm_log_redated_min"),
]


@pytest.mark.parametrize("name", SHOW_ONLY)
def test_what_only_the_registers_say_changes_nothing_of_the_delivery(name: str) -> None:
    given = []
    for defects in ([], [name]):
        bench = OperatedTwin(defects=defects)
        bench.run(continuous(100.0))
        bench.go(9.0 * HOUR_S)
        given.append(bench.fluid.volumes())
    assert given[0] == given[1]
    assert DEFECTS[name].asset == "pump"


def test_a_flex_schedule_follows_the_clock_that_jumped() -> None:
    bench = OperatedTwin(defects=["clock_jumps_s=3600"])
    bench.run(Program(Mode.FLEX, (Step(0, 10.0), Step(11 * 60, 20.0))))  # 11:00 of its clock is now in two hours
    bench.to(2.5 * HOUR_S - 1.0)
    assert bench.pump("active_rate_ul_per_h") == 10.0
    bench.to(2.5 * HOUR_S + 1.0)
    assert bench.pump("active_rate_ul_per_h") == 20.0


def test_a_bolus_that_runs_while_the_clock_is_zeroed_still_ends_in_time() -> None:
    bench = OperatedTwin(defects=["clock_zeroed_at_h=0.01"])
    bench.run(Program(Mode.SINGLE_BOLUS, bolus_volume_ul=20.0, bolus_duration_s=60))
    bench.go(59.0)
    assert bench.pump("state") == "bolus"
    bench.go(2.0)
    assert (bench.pump("state"), round(bench.fluid.commanded_ul())) == ("stopped", 20)
