# SPDX-License-Identifier: Apache-2.0
"""The simulated rig's own log of its safe states."""

from tests.unit.simulated.operated_twin import OperatedTwin, continuous


def left_s(bench: OperatedTwin, number: int) -> object:
    return bench.rig(f"safe_log[{number % 16}].left_s")


def test_a_trip_is_logged_when_it_happens_and_ends_when_the_rig_is_let_go() -> None:
    bench = OperatedTwin()
    bench.run(continuous(100.0))
    bench.set_rig(watchdog_timeout_s=60)
    bench.go(70.0)
    assert bench.rig("rig_clock_s") == 70.0
    assert bench.safe_stay(0) == ("watchdog", 60.0, True)
    bench.set_rig(watchdog_timeout_s=0)
    assert left_s(bench, 0) == 0.0  # disarmed, and still safe
    bench.set_rig(safe_state=False)
    assert left_s(bench, 0) == 70.0


def test_an_order_to_go_safe_is_logged_once_however_often_it_is_given() -> None:
    bench = OperatedTwin()
    bench.go(5.0)
    for _ in range(3):
        bench.set_rig(safe_state=True)
        bench.go(1.0)
    assert (bench.rig("safe_log_count"), bench.safe_stay(0)) == (1, ("command", 5.0, True))


def test_a_beat_and_a_move_to_a_safe_place_do_not_end_the_stay() -> None:
    bench = OperatedTwin()
    bench.set_rig(safe_state=True)
    bench.go(1.0)
    bench.set_rig(heartbeat=7)
    bench.set_rig(kink_clamp_percent=0.0)
    assert left_s(bench, 0) == 0.0


def test_the_ring_keeps_the_last_sixteen_and_the_count_goes_on() -> None:
    bench = OperatedTwin()
    for _ in range(18):
        bench.set_rig(safe_state=True)
        bench.go(1.0)
        bench.set_rig(safe_state=False)
    assert bench.rig("safe_log_count") == 18
    assert [bench.safe_stay(number)[1] for number in (2, 15, 16, 17)] == [2.0, 15.0, 16.0, 17.0]


def test_a_rig_that_lost_power_comes_back_safe_with_its_watchdog_tripped_and_its_log_kept() -> None:
    bench = OperatedTwin(defects=["rig_restarts_at_h=1"])
    bench.run(continuous(100.0))
    bench.set_rig(safe_state=True)
    bench.set_rig(safe_state=False)
    bench.run(continuous(100.0))
    bench.set_rig(fencing_token=7, kink_clamp_percent=40.0, watchdog_timeout_s=60_000)
    bench.go(3601.0)
    assert bench.safe_stay(1) == ("power", 3600.0, True)
    assert (bench.pump("state"), bench.rig("kink_clamp_position_percent")) == ("stopped", 0.0)
    assert (bench.rig("watchdog_tripped"), bench.rig("watchdog_timeout_s")) == (True, 0)
    assert bench.rig("fencing_token") == 7
