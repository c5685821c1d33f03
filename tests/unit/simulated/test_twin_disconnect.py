# SPDX-License-Identifier: Apache-2.0
"""The disconnect alarm comes when an infusing pump has felt no pressure for its time, at any rate."""

import pytest

from instruments.program import Mode, Program
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOLD_S = 120.0
VALVE_TRAVEL_S = 0.1


@pytest.mark.parametrize("rate_ul_per_h", [2.0, 41.67, 1000.0])
def test_a_catheter_that_comes_off_alarms_after_the_hold_time_and_the_pump_goes_on(rate_ul_per_h: float) -> None:
    bench = OperatedTwin()
    bench.run(continuous(rate_ul_per_h))
    bench.go(4000.0)
    bench.set_rig(disconnect_valve=True)
    off_s = bench.now_s + VALVE_TRAVEL_S
    bench.go(200.0)
    code, onset_s, _ = bench.alarm(0)
    assert code == "disconnect"
    assert bench.true_s(onset_s) == pytest.approx(off_s + HOLD_S, abs=1e-6)
    assert bench.pump("state") == "infusing"
    assert bench.pump("active_rate_ul_per_h") == pytest.approx(rate_ul_per_h, rel=1e-6)


def test_other_changes_meanwhile_do_not_begin_the_hold_time_anew() -> None:
    bench = OperatedTwin()
    bench.run(continuous(41.67))
    bench.to(3540.0)
    bench.set_rig(disconnect_valve=True)  # over the full hour, when the slow influences are renewed
    bench.go(90.0)
    bench.set_rig(leak_valve_percent=10.0)
    bench.go(40.0)
    assert bench.true_s(bench.alarm(0)[1]) == pytest.approx(3540.0 + VALVE_TRAVEL_S + HOLD_S, abs=1e-6)


def test_an_alarm_that_is_acknowledged_while_the_catheter_is_off_sounds_again_after_the_hold_time() -> None:
    bench = OperatedTwin()
    bench.run(continuous(41.67))
    bench.set_rig(disconnect_valve=True)
    bench.go(1000.0)
    assert bench.pump("alarm_log_count") == 1
    assert bench.command("acknowledge") == "accepted"
    bench.go(300.0)
    assert bench.true_s(bench.alarm(1)[1]) == pytest.approx(1000.0 + HOLD_S, abs=1e-6)


def test_a_reconnection_within_the_hold_time_raises_no_alarm() -> None:
    bench = OperatedTwin()
    bench.run(continuous(41.67))
    bench.go(4000.0)
    bench.set_rig(disconnect_valve=True)
    bench.go(110.0)
    bench.set_rig(disconnect_valve=False)
    bench.go(3600.0)
    assert bench.pump("alarm_log_count") == 0


def test_reconnect_acknowledge_and_start_deliver_again() -> None:
    bench = OperatedTwin()
    bench.run(continuous(1000.0))
    bench.set_rig(disconnect_valve=True)
    bench.go(300.0)
    bench.set_rig(disconnect_valve=False)
    bench.command("acknowledge")
    bench.command("start")
    bench.go(60.0)
    before_ul = bench.fluid.vessel_ul()
    bench.go(3600.0)
    assert bench.fluid.vessel_ul() - before_ul == pytest.approx(1000.0, rel=0.02)
    assert bench.pump("alarm_log_count") == 1


def test_a_shut_catheter_that_is_put_back_empty_alarms_until_strokes_have_filled_it() -> None:
    bench = OperatedTwin()
    bench.run(continuous(2.0))
    bench.set_rig(disconnect_valve=True, kink_clamp_percent=100.0)
    bench.go(10.0)
    bench.set_rig(disconnect_valve=False)
    bench.go(200.0)
    assert bench.alarm(0)[0] == "disconnect"


def test_strokes_that_fill_a_shut_catheter_within_the_hold_time_end_the_matter() -> None:
    bench = OperatedTwin()
    bench.run(continuous(41.67))
    bench.set_rig(disconnect_valve=True, kink_clamp_percent=100.0)
    bench.go(10.0)
    bench.set_rig(disconnect_valve=False)
    bench.go(300.0)
    assert bench.fluid.pressure_kpa() > 10.0
    assert bench.pump("alarm_log_count") == 0


def test_priming_into_the_open_raises_no_alarm() -> None:
    bench = OperatedTwin()
    bench.set_rig(disconnect_valve=True)
    assert bench.command("prime", 100.0) == "accepted"
    bench.go(3600.0)
    assert bench.pump("alarm_log_count") == 0
    assert bench.fluid.volumes().ambient_ul == pytest.approx(100.0, rel=0.02)


def test_a_stopped_pump_with_a_catheter_off_stays_silent_for_a_day() -> None:
    bench = OperatedTwin()
    bench.run(Program(Mode.SINGLE_BOLUS, bolus_volume_ul=1.0, bolus_duration_s=60))
    bench.set_rig(disconnect_valve=True)
    bench.go(86_400.0)
    assert bench.pump("alarm_log_count") == 0
