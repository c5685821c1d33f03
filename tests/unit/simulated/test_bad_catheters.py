# SPDX-License-Identifier: Apache-2.0
"""Every defect that shows at a catheter or a long stop is really in the twin, and a good twin has none of it."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

MINUTE_S, HOUR_S = 60.0, 3600.0
ORDER = {"line_token": 1, "line_number": 1}
WITH_BOLUS = continuous(60.0, bolus_volume_ul=20.0, bolus_duration_s=1200)
LARGE_BOLUS = Program(Mode.SINGLE_BOLUS, bolus_volume_ul=200.0, bolus_duration_s=7200)
SMALL_BOLUS = Program(Mode.SINGLE_BOLUS, bolus_volume_ul=20.0, bolus_duration_s=1200)


def counted_ul(bench: OperatedTwin) -> float:
    return float(str(bench.pump("delivered_volume_ul")))


def given_ul(bench: OperatedTwin) -> float:
    volumes = bench.fluid.volumes()
    return volumes.vessel_ul + volumes.leak_ul + volumes.ambient_ul


def move(bench: OperatedTwin, **line: float | bool) -> None:
    """Move the outlet or the valve in the middle of the catheter."""
    bench.set_rig(**ORDER, **line)
    bench.go(5.0)


def in_an_hour_ul(rate_ul_per_h: float, **rig: float | bool) -> Callable[[OperatedTwin], tuple[float, ...]]:
    """What leaves the catheter and what is counted in one hour, after one in which the rig stood like that."""

    def observed(bench: OperatedTwin) -> tuple[float, ...]:
        bench.run(continuous(rate_ul_per_h))
        bench.go(MINUTE_S)
        bench.set_rig(**rig)
        bench.go(HOUR_S)
        given, counted = given_ul(bench), counted_ul(bench)
        bench.go(HOUR_S)
        return given_ul(bench) - given, counted_ul(bench) - counted

    return observed


def pressures_of_alarms(bench: OperatedTwin) -> tuple[int, int]:
    """The pressure in the catheter, to ten kPa, at each of two occlusion alarms."""
    found = []
    for number in (1, 2):
        bench.run(continuous(41.67))
        bench.go(10 * MINUTE_S)
        bench.set_rig(kink_clamp_percent=100.0)
        while bench.pump("alarm_log_count") != number:
            bench.go(5.0)
        found.append(round(bench.fluid.pressure_kpa() / 15.0) * 15)
        bench.set_rig(kink_clamp_percent=0.0)
        bench.go(10 * MINUTE_S)
        bench.command("acknowledge")
    return found[0], found[1]


def slowly_shut(bench: OperatedTwin) -> object:
    bench.run(continuous(60.0))
    for percent in range(0, 101, 1):
        bench.set_rig(kink_clamp_percent=float(percent))
        bench.go(3 * MINUTE_S)
    return bench.pump("alarm_bits")


def in_a_bolus(**rig: float | bool) -> Callable[[OperatedTwin], object]:
    def observed(bench: OperatedTwin) -> object:
        bench.run(WITH_BOLUS)
        bench.go(10 * MINUTE_S)
        assert bench.command("single_bolus") == "accepted"
        bench.set_rig(**rig)
        bench.go(15 * MINUTE_S)
        return bench.pump("alarm_bits")

    return observed


def shut_at_the_start(bench: OperatedTwin) -> object:
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(5.0)
    bench.run(continuous(60.0))
    bench.go(2 * HOUR_S)
    return bench.pump("alarm_bits")


def bolus_at_a_leak(bench: OperatedTwin) -> tuple[int, int]:
    bench.set_rig(leak_valve_percent=20.0)
    bench.run(SMALL_BOLUS)
    bench.go(HOUR_S)
    return round(counted_ul(bench)), round(given_ul(bench))


def after_a_move_ul(bench: OperatedTwin) -> int:
    bench.run(continuous(60.0))
    bench.go(HOUR_S)
    move(bench, outlet_lift_kpa=1.0)
    before_ul = given_ul(bench)
    bench.go(HOUR_S)
    return round(given_ul(bench) - before_ul, -1)


def standing_low_ul(bench: OperatedTwin) -> int:
    move(bench, outlet_lift_kpa=-5.0)
    bench.go(10 * MINUTE_S)
    before_ul = given_ul(bench)
    bench.go(HOUR_S)
    return round(given_ul(bench) - before_ul)


def boluses_ul(bench: OperatedTwin) -> tuple[float, ...]:
    """What each of two boluses gives, and what is counted of it."""
    found = []
    for program in (SMALL_BOLUS, LARGE_BOLUS):
        given, counted = given_ul(bench), counted_ul(bench)
        bench.run(program)
        bench.go(3 * HOUR_S)
        found += [given_ul(bench) - given, counted_ul(bench) - counted]
    return tuple(found)


def after_a_long_stop_ul(bench: OperatedTwin) -> list[int]:
    """What is counted in the hour after a day of standing, and after three."""
    bench.run(continuous(60.0))
    found = []
    for days in (1, 3):
        bench.command("stop")
        bench.go(days * 24 * HOUR_S)
        before_ul = counted_ul(bench)
        assert bench.command("start") == "accepted"
        bench.go(HOUR_S)
        found.append(round(counted_ul(bench) - before_ul))
    return found


def slowly_for_a_day_ul(bench: OperatedTwin) -> int:
    bench.run(continuous(2.0))
    bench.go(24 * HOUR_S)
    return round(counted_ul(bench))


def interrogated_in_alarm(bench: OperatedTwin) -> object:
    shut_at_the_start(bench)
    bench.command("interrogate")
    return bench.pump("alarm_bits")


def near(*values_ul: float) -> object:
    """The accuracy of the twin's strokes is one in a hundred."""
    return pytest.approx(values_ul, rel=0.02)


OCCLUSION, DISCONNECT, QUIET = frozenset({"occlusion"}), frozenset({"disconnect"}), frozenset[str]()
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("occlusion_threshold_too_high_kpa", pressures_of_alarms, (60, 60), (90, 90)),
    ("duller_with_each_alarm_kpa", pressures_of_alarms, (60, 60), (60, 75)),
    ("slow_occlusion_unnoticed_min", slowly_shut, OCCLUSION, QUIET),
    ("occlusion_in_bolus_unnoticed", in_a_bolus(kink_clamp_percent=100.0), OCCLUSION, QUIET),
    ("kink_at_start_unnoticed", shut_at_the_start, OCCLUSION, QUIET),
    ("disconnect_in_bolus_unnoticed", in_a_bolus(disconnect_valve=True), DISCONNECT, QUIET),
    ("weak_between_two_rates", in_an_hour_ul(76.0), near(76, 76), near(57, 76)),
    ("weak_between_two_rates", in_an_hour_ul(40.0), near(40, 40), near(40, 40)),
    ("strong_between_two_rates", in_an_hour_ul(300.0), near(300, 300), near(390, 300)),
    ("strong_between_two_rates", in_an_hour_ul(400.0), near(400, 400), near(400, 400)),
    ("strong_beside_known_rates", in_an_hour_ul(140.0), near(140, 140), near(182, 140)),
    ("strong_beside_known_rates", in_an_hour_ul(170.0), near(170, 170), near(170, 170)),
    ("strong_in_a_narrow_band", in_an_hour_ul(56.0), near(56, 56), near(72.8, 56)),
    ("strong_in_a_narrow_band", in_an_hour_ul(61.0), near(61, 61), near(61, 61)),
    ("strong_while_unread", in_an_hour_ul(60.0), near(60, 60), near(73.5, 60)),
    ("slow_gain", in_an_hour_ul(10.0), near(10, 10), near(13, 10)),
    ("slow_gain", in_an_hour_ul(20.0), near(20, 20), near(20, 20)),
    ("weaker_by_back_pressure", in_an_hour_ul(60.0, outlet_lift_kpa=20.0, **ORDER), near(60, 60), near(52, 60)),
    ("weaker_against_outlet", in_an_hour_ul(60.0, outlet_lift_kpa=20.0, **ORDER), near(60, 60), near(52, 60)),
    ("weak_while_leaking", in_an_hour_ul(60.0, leak_valve_percent=20.0), near(60, 60), near(24, 60)),
    ("slow_while_leaking", in_an_hour_ul(60.0, leak_valve_percent=20.0), near(60, 60), near(30, 30)),
    ("slow_while_torn", in_an_hour_ul(60.0, mid_catheter_valve=True, **ORDER), near(60, 60), near(30, 30)),
    ("weak_with_tip_out", in_an_hour_ul(60.0, kink_clamp_percent=20.0), near(60, 60), near(42, 60)),
    ("bolus_slow_while_leaking", bolus_at_a_leak, (20, 20), (8, 8)),
    ("stands_after_step_of_height_min", after_a_move_ul, 60, 20),
    ("siphons_ul_per_h", standing_low_ul, 0, 20),
    ("large_bolus_share", boluses_ul, near(20, 20, 200, 200), near(20, 20, 160, 200)),
    ("extra_after_long_stop_ul", after_a_long_stop_ul, [60, 60], [60, 80]),
    ("forgets_stroke_every_min", slowly_for_a_day_ul, 48, 36),
    ("interrogation_clears_alarms", interrogated_in_alarm, OCCLUSION, QUIET),
]


@pytest.mark.parametrize(
    ("name", "observe", "good", "bad"), CASES, ids=[f"{number} {case[0]}" for number, case in enumerate(CASES)]
)
def test_a_bad_catheter_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
