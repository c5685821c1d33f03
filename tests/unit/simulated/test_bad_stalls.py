# SPDX-License-Identifier: Apache-2.0
"""A rotor in a magnetic field: a good one stands, is told of, and turns again; each bad one is bad in one way."""

from collections.abc import Callable

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin, continuous

MINUTE_S = 60.0
HELD_S = 16 * MINUTE_S
"""A minute more than a good pump takes for its alarm."""


def counted_ul(bench: OperatedTwin) -> int:
    return round(float(str(bench.pump("delivered_volume_ul"))))


def running(bench: OperatedTwin) -> OperatedTwin:
    bench.run(continuous(600.0))
    bench.go(10 * MINUTE_S)
    return bench


def held(bench: OperatedTwin, for_s: float = HELD_S) -> OperatedTwin:
    running(bench).set_rig(magnet_field=True)
    bench.go(for_s)
    return bench


def alarm(bench: OperatedTwin) -> tuple[object, object]:
    return held(bench).pump("alarm_bits"), bench.pump("alarm_log_count")


def later_alarm(bench: OperatedTwin) -> tuple[object, object]:
    first = alarm(bench)
    bench.go(30 * MINUTE_S)
    return first[0], bench.pump("alarm_bits")


def state(bench: OperatedTwin) -> object:
    return held(bench).pump("state")


def counted(bench: OperatedTwin) -> int:
    return counted_ul(held(bench, 5 * MINUTE_S))


def logged_end(bench: OperatedTwin) -> bool:
    held(bench).command("acknowledge")
    return float(str(bench.pump("alarm_log[0].cleared_s"))) > 0


def logged_end_by_interrogation(bench: OperatedTwin) -> list[bool]:
    """Whether the log tells the end when it was not interrogated, and after one and two interrogations."""
    ended = [logged_end(bench)]
    for _ in range(2):
        bench.command("interrogate")
        ended.append(float(str(bench.pump("alarm_log[0].cleared_s"))) > 0)
    return ended


def given_in_the_field_ul(bench: OperatedTwin) -> int:
    before_ul = running(bench).fluid.vessel_ul()
    bench.set_rig(magnet_field=True)
    bench.go(HELD_S)
    return round(bench.fluid.vessel_ul() - before_ul, -2)  # type: ignore[return-value]


def given_after_ul(bench: OperatedTwin) -> tuple[int, int]:
    """What comes in the first ten minutes after the two in which it binds, and what in the hour after that."""
    held(bench, 5 * MINUTE_S).set_rig(magnet_field=False)
    bench.go(2 * MINUTE_S)
    first_ul = bench.fluid.vessel_ul()
    bench.go(10 * MINUTE_S)
    then_ul = bench.fluid.vessel_ul()
    bench.go(60 * MINUTE_S)
    return round(then_ul - first_ul, -2), round(bench.fluid.vessel_ul() - then_ul, -2)


def alarms_of_two_starts(bench: OperatedTwin) -> object:
    held(bench).command("acknowledge")
    assert bench.command("start") == "accepted"
    bench.go(HELD_S)
    return bench.pump("alarm_log_count")


def alone_for_three_hours(bench: OperatedTwin) -> object:
    running(bench).go(3 * 3600.0)
    return bench.pump("alarm_bits")


def start_in_alarm(bench: OperatedTwin) -> tuple[str, object]:
    return held(bench).command("start"), bench.pump("state")


def sensor_failed(bench: OperatedTwin, for_s: float = MINUTE_S) -> tuple[object, object, object]:
    """What alarm bits, log and state tell when the sensor of the rotor has failed for so long."""
    running(bench).set_rig(line_token=1, line_number=1, sensor_relay=True)
    bench.go(for_s)
    return bench.pump("alarm_bits"), bench.pump("alarm_log_count"), bench.pump("state")


def sensor_failed_at_two_starts(bench: OperatedTwin) -> object:
    sensor_failed(bench)
    bench.command("acknowledge")
    assert bench.command("start") == "accepted"
    bench.go(MINUTE_S)
    return bench.pump("alarm_log_count")


FAILED = (frozenset({"memory"}), 1, "alarm_stopped")
UNSAID = (frozenset(), 0)
TOLD = (frozenset({"stall"}), 1)
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("no_stall_alarm", alarm, TOLD, (frozenset(), 0)),
    ("late_stall_alarm_min", later_alarm, (frozenset({"stall"}),) * 2, (frozenset(), frozenset({"stall"}))),
    ("stall_alarm_once", alarms_of_two_starts, 2, 1),
    ("stall_alarm_goes_on", state, "alarm_stopped", "infusing"),
    ("counts_in_stall", counted, 100, 150),
    ("stall_end_not_logged", logged_end, True, False),
    ("stall_end_at_second_interrogation", logged_end_by_interrogation, [True] * 3, [False, False, True]),
    ("valves_open_in_field_ul", given_in_the_field_ul, 0, 1200),
    ("stall_recovers_late_h", given_after_ul, (100, 600), (0, 0)),
    ("stall_is_permanent", given_after_ul, (100, 600), (0, 0)),
    ("burst_after_stall_ul", given_after_ul, (100, 600), (400, 600)),
    ("starts_in_alarm", start_in_alarm, ("alarm_standing", "alarm_stopped"), ("accepted", "infusing")),
    ("sensor_failure_unnoticed", sensor_failed, FAILED, (*UNSAID, "infusing")),
    ("sensor_failure_infuses_on", sensor_failed, FAILED, (*FAILED[:2], "infusing")),
    ("sensor_failure_in_silence", sensor_failed, FAILED, (*UNSAID, "stopped")),
    ("sensor_failure_not_logged", sensor_failed, FAILED, (FAILED[0], 0, FAILED[2])),
    ("sensor_failure_told_once", sensor_failed_at_two_starts, 2, 1),
    ("late_sensor_failure_min", sensor_failed, FAILED, (*UNSAID, "infusing")),
    ("rotor_jams_min", alone_for_three_hours, frozenset(), frozenset({"stall"})),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_stall_is_bad_in_its_own_way(
    name: str, observe: Callable[..., object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


def test_a_held_rotor_makes_no_stroke_and_its_alarm_comes_after_a_quarter_of_an_hour() -> None:
    bench = held(OperatedTwin(), 899.0)
    assert bench.fluid.vessel_ul() == pytest.approx(100.0, abs=2.5)
    assert bench.pump("alarm_bits") == frozenset()
    bench.go(2.0)
    assert bench.pump("alarm_bits") == frozenset({"stall"})


def test_a_field_at_a_pump_that_stands_raises_no_alarm() -> None:
    bench = OperatedTwin()
    bench.set_rig(magnet_field=True)
    bench.go(3600.0)
    assert bench.pump("alarm_log_count") == 0


def test_a_sensor_that_fails_is_told_of_after_twenty_seconds_and_not_by_a_pump_that_stands() -> None:
    bench = OperatedTwin()
    bench.set_rig(line_token=1, line_number=1, sensor_relay=True)
    bench.go(3600.0)
    assert bench.pump("alarm_log_count") == 0
    bench.run(continuous(600.0))
    bench.go(19.0)
    assert bench.pump("alarm_bits") == frozenset()
    bench.go(2.0)
    assert bench.pump("alarm_bits") == frozenset({"memory"})


def test_a_pump_whose_sensor_is_back_stands_until_somebody_starts_it() -> None:
    bench = OperatedTwin()
    sensor_failed(bench)
    bench.set_rig(line_token=1, line_number=2, sensor_relay=False)
    bench.go(3600.0)
    assert (bench.pump("state"), bench.pump("alarm_log_count")) == ("alarm_stopped", 1)
    bench.command("acknowledge")
    assert bench.command("start") == "accepted"
    bench.go(3600.0)
    assert (bench.pump("state"), bench.pump("alarm_log_count")) == ("infusing", 1)
