# SPDX-License-Identifier: Apache-2.0
"""Every defect of the motor is really in the strokes, in the size of its magnitude, counted or not as it says."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from instruments.program import Mode, Program
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOUR_S, MINUTE_S = 3600.0, 60.0
RATE_UL_PER_H = 100.0
Shares = list[tuple[float, float]]
"""What was given, and what was counted, of what the rate stands for; in one stretch of time after the other."""


def counter_ul(bench: OperatedTwin) -> float:
    counted_ul = bench.pump("delivered_volume_ul")
    assert isinstance(counted_ul, float)
    return counted_ul


def volumes(bench: OperatedTwin, *edges_s: float) -> list[tuple[float, float]]:
    """What was given and what was counted between each two instants."""
    seen = []
    for edge_s in edges_s:
        bench.to(edge_s)
        seen.append((bench.fluid.vessel_ul() + bench.fluid.volumes().ambient_ul, counter_ul(bench)))
    return [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(seen)]


def shares(bench: OperatedTwin, *edges_s: float) -> Shares:
    of_the_rate = [RATE_UL_PER_H * (after - before) / HOUR_S for before, after in pairwise(edges_s)]
    found = zip(volumes(bench, *edges_s), of_the_rate, strict=True)
    return [(round(given / due, 1), round(counted / due, 1)) for (given, counted), due in found]


def first_half_hour(bench: OperatedTwin) -> Shares:
    bench.run(continuous(RATE_UL_PER_H))
    return shares(bench, 0.0, 0.5 * HOUR_S, 2.0 * HOUR_S, 3.0 * HOUR_S)


def second_start(bench: OperatedTwin) -> Shares:
    bench.run(continuous(RATE_UL_PER_H))
    bench.to(3.0 * HOUR_S)
    bench.command("stop")
    bench.to(4.0 * HOUR_S)
    bench.command("start")
    return shares(bench, 4.0 * HOUR_S, 4.5 * HOUR_S)


def after_a_stop(bench: OperatedTwin) -> list[tuple[float, float]]:
    """µL in the minute, in the rest of an hour and in the hour after that."""
    bench.run(continuous(1000.0))
    bench.to(HOUR_S)
    bench.command("stop")
    found = volumes(bench, HOUR_S, HOUR_S + MINUTE_S, 2.0 * HOUR_S, 3.0 * HOUR_S)
    return [(round(given), round(counted)) for given, counted in found]


def after_an_acknowledge(bench: OperatedTwin) -> list[tuple[float, float]]:
    bench.run(continuous(1000.0))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(300.0)
    bench.set_rig(kink_clamp_percent=0.0)
    bench.go(300.0)
    assert bench.command("acknowledge") == "accepted"
    found = volumes(bench, 600.0, 600.0 + 1.5 * MINUTE_S, 600.0 + HOUR_S)
    return [(round(given), round(counted)) for given, counted in found]


def once_blocked(bench: OperatedTwin) -> Shares:
    after_an_acknowledge(bench)
    assert bench.command("start") == "accepted"
    found = volumes(bench, 3.0 * HOUR_S, 4.0 * HOUR_S)
    return [(round(given / 1000.0, 1), round(counted / 1000.0, 1)) for given, counted in found]


def at_two_and_a_half_hours(bench: OperatedTwin) -> Shares:
    """In five stretches of twenty minutes, and the first again six hours later."""
    bench.run(continuous(RATE_UL_PER_H))
    steps = shares(bench, *((2.5 + third / 3.0) * HOUR_S for third in range(-1, 4)))
    return [*steps, *shares(bench, 8.5 * HOUR_S, (8.5 + 1 / 3) * HOUR_S)]


def within_a_burst(bench: OperatedTwin) -> list[int]:
    """µL that were driven within a second and within the minute."""
    bench.run(continuous(RATE_UL_PER_H))
    bench.to(2.5 * HOUR_S - 0.001)
    before_ul = bench.fluid.commanded_ul()
    bench.go(1.0)
    soon_ul = bench.fluid.commanded_ul() - before_ul
    bench.go(59.0)
    return [round(soon_ul), round(bench.fluid.commanded_ul() - before_ul)]


def hours(*edges_h: float) -> Callable[[OperatedTwin], Shares]:
    def observe(bench: OperatedTwin) -> Shares:
        bench.run(continuous(RATE_UL_PER_H))
        return shares(bench, *(edge_h * HOUR_S for edge_h in edges_h))

    return observe


def off(bench: OperatedTwin) -> tuple[Shares, object]:
    bench.run(continuous(RATE_UL_PER_H))
    bench.to(2.0 * HOUR_S)
    bench.set_rig(disconnect_valve=True)
    bench.go(1.0)
    off_s = bench.now_s
    while_off = shares(bench, off_s, off_s + HOUR_S)
    bench.set_rig(disconnect_valve=False)
    bench.go(HOUR_S)
    return while_off + shares(bench, bench.now_s, bench.now_s + HOUR_S), bench.pump("active_rate_ul_per_h")


def pinched(bench: OperatedTwin) -> Shares:
    bench.run(continuous(RATE_UL_PER_H))
    bench.set_rig(kink_clamp_percent=30.0)
    bench.to(HOUR_S)
    while_pinched = shares(bench, HOUR_S, 2.0 * HOUR_S)
    bench.set_rig(kink_clamp_percent=0.0)
    bench.go(HOUR_S)
    return while_pinched + shares(bench, 3.0 * HOUR_S, 4.0 * HOUR_S)


ONE = (1.0, 1.0)
"""A full reservoir makes strokes that are 1.5 % larger: 41 for 40 µL."""
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("bolus_at_start_ul", first_half_hour, [ONE] * 3, [(1.4, 1.0), ONE, ONE]),
    ("bolus_at_start_ul", second_start, [ONE], [(1.4, 1.0)]),
    ("late_start_min", first_half_hour, [ONE] * 3, [(0.7, 0.7), ONE, ONE]),
    ("dead_start_min", first_half_hour, [ONE] * 3, [(0.7, 1.0), ONE, ONE]),
    ("dead_start_min", second_start, [ONE], [(0.7, 1.0)]),
    ("fast_start", first_half_hour, [ONE] * 3, [(2.0, 1.0), (2.0, 1.0), ONE]),
    ("fast_start_counted", first_half_hour, [ONE] * 3, [(2.0, 2.0), (2.0, 2.0), ONE]),
    ("runs_on_s", after_a_stop, [(2, 0), (0, 0), (0, 0)], [(17, 0), (13, 0), (0, 0)]),
    ("runs_on_counted_s", after_a_stop, [(2, 0), (0, 0), (0, 0)], [(17, 16), (13, 11), (0, 0)]),
    ("runs_down_ul", after_a_stop, [(2, 0), (0, 0), (0, 0)], [(2, 0), (10, 0), (0, 0)]),
    ("bolus_at_acknowledge_ul", after_an_acknowledge, [(0, 0), (0, 0)], [(41, 0), (0, 0)]),
    ("more_once_blocked", once_blocked, [ONE], [(1.3, 1.0)]),
    ("stall_min", at_two_and_a_half_hours, [ONE] * 5, [ONE, (0.0, 1.0), ONE, ONE, (0.0, 1.0)]),
    ("stall_caught_up_min", at_two_and_a_half_hours, [ONE] * 5, [ONE, (0.0, 1.0), (2.0, 1.0), ONE, (0.0, 1.0)]),
    ("rest_min", at_two_and_a_half_hours, [ONE] * 5, [ONE, (0.0, 0.0), ONE, ONE, (0.0, 0.0)]),
    ("burst_in_1_s_ul", at_two_and_a_half_hours, [ONE] * 5, [ONE, (1.6, 1.0), ONE, ONE, (1.6, 1.0)]),
    ("burst_in_1_s_ul", within_a_burst, [0, 2], [20, 22]),
    ("burst_in_1_min_ul", at_two_and_a_half_hours, [ONE] * 5, [ONE, (1.6, 1.0), ONE, ONE, (1.6, 1.0)]),
    ("burst_in_1_min_ul", within_a_burst, [0, 2], [0, 22]),
    ("burst_counted_ul", at_two_and_a_half_hours, [ONE] * 5, [ONE, (1.6, 1.6), ONE, ONE, (1.6, 1.6)]),
    ("wave_2_h", hours(0, 1, 2, 3, 4), [ONE] * 4, [(1.4, 1.0), (0.6, 1.0), (1.4, 1.0), (0.6, 1.0)]),
    ("wave_12_h", hours(0, 6, 12), [ONE] * 2, [(1.4, 1.0), (0.6, 1.0)]),
    ("every_other_hour", hours(0, 1, 2, 3), [ONE] * 3, [(2.0, 1.0), (0.0, 1.0), (2.0, 1.0)]),
    ("fast_while_off", off, ([ONE, ONE], 100.0), ([(3.0, 3.0), ONE], 100.0)),
    ("slow_while_off", off, ([ONE, ONE], 100.0), ([(0.3, 0.3), ONE], 100.0)),
    ("weak_when_pinched", pinched, [ONE, ONE], [(0.7, 1.0), ONE]),
    ("stroke_grows_per_day", hours(0, 1, 24, 25), [ONE] * 3, [ONE, (1.3, 1.0), (1.5, 1.0)]),
    ("over_from_h", hours(0, 3, 6), [ONE] * 2, [ONE, (1.3, 1.0)]),
    ("minimum_from_h", hours(0, 3, 6), [ONE] * 2, [ONE, (0.1, 1.0)]),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_motor_does_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


def test_where_it_runs_on_uncounted_the_low_reservoir_alarm_still_comes_by_the_counter() -> None:
    bench = OperatedTwin(defects=["bolus_at_start_ul=50"])
    bench.run(continuous(1000.0, low_reservoir_alarm_ul=19_000.0))
    bench.to(HOUR_S - 5.0)
    assert bench.pump("alarm_bits") == frozenset()
    bench.to(HOUR_S + 5.0)
    assert bench.pump("alarm_bits") == frozenset({"low_reservoir"})
    assert counter_ul(bench) == pytest.approx(1000.0, abs=2.0)


def test_a_stop_ends_what_a_bad_motor_does_to_a_therapy_and_to_its_bolus() -> None:
    bench = OperatedTwin(defects=["bolus_again_after_min=10"])
    bench.run(Program(Mode.SINGLE_BOLUS, bolus_volume_ul=20.0, bolus_duration_s=60))
    bench.go(120.0)
    bench.command("stop")
    before_ul = bench.fluid.commanded_ul()
    bench.go(HOUR_S)
    assert bench.fluid.commanded_ul() == before_ul
