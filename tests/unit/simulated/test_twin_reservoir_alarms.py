# SPDX-License-Identifier: Apache-2.0
"""Low reservoir is computed from the counter, empty is the truth; refilling puts both right."""

import math

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin, continuous


def test_the_low_reservoir_alarm_sounds_once_at_its_computed_volume_and_the_pump_goes_on() -> None:
    bench = OperatedTwin()
    bench.refill(2100.0)
    bench.run(continuous(100.0, low_reservoir_alarm_ul=2000.0))
    bench.go(3 * 3600.0)
    code, onset_s, _ = bench.alarm(0)
    assert code == "low_reservoir"
    assert bench.true_s(onset_s) == pytest.approx(3600.0, abs=0.1)  # 200 strokes of 0.5 uL at 100 uL/h
    assert (bench.pump("state"), bench.pump("alarm_log_count")) == ("infusing", 1)
    assert bench.command("acknowledge") == "accepted"
    assert bench.alarm(0)[2] > onset_s
    bench.go(3600.0)
    assert bench.pump("alarm_log_count") == 1


def test_a_refill_readies_the_low_reservoir_alarm_for_the_next_time() -> None:
    bench = OperatedTwin()
    bench.refill(2010.0)
    bench.run(continuous(100.0, low_reservoir_alarm_ul=2000.0))
    bench.go(3600.0)
    assert bench.refill(2010.0) == "accepted"
    assert bench.pump("alarm_bits") == frozenset()
    assert bench.pump("reservoir_volume_ul") == 2010.0
    bench.go(3600.0)
    assert bench.pump("alarm_log_count") == 2


def test_an_empty_reservoir_stops_flow_and_pump_when_the_true_volume_is_used_up() -> None:
    bench = OperatedTwin()
    bench.refill(100.0)
    bench.run(continuous(100.0))
    stroke_ul = bench.fluid.regime.stroke_ul
    bench.go(2 * 3600.0)
    code, onset_s, _ = bench.alarm(0)
    assert code == "reservoir_empty"
    first_that_fails = math.floor(100.0 / stroke_ul) + 1
    assert bench.true_s(onset_s) == pytest.approx(first_that_fails * 18.0, abs=0.1)
    assert bench.pump("state") == "alarm_stopped"
    assert bench.fluid.volumes().reservoir_ul < stroke_ul


def test_an_empty_reservoir_is_acknowledged_only_after_a_refill() -> None:
    bench = OperatedTwin()
    bench.refill(10.0)
    bench.run(continuous(1000.0))
    bench.go(3600.0)
    assert bench.command("start") == "reservoir_empty"
    assert bench.command("prime", 5.0) == "reservoir_empty"
    assert bench.command("acknowledge") == "reservoir_empty"
    assert bench.refill(500.0) == "accepted"
    assert bench.fluid.volumes().reservoir_ul == 500.0
    assert bench.command("start") == "alarm_standing"
    assert bench.command("acknowledge") == "accepted"
    assert bench.command("start") == "accepted"


def test_the_alarm_log_is_a_ring_of_sixteen_with_a_running_count() -> None:
    bench = OperatedTwin()
    bench.load(continuous(1000.0))
    for _ in range(17):
        bench.refill(5.0)
        bench.command("acknowledge")
        bench.command("start")
        bench.go(100.0)
    assert bench.pump("alarm_log_count") == 17
    assert bench.alarm(0)[1] > bench.alarm(15)[1] > bench.alarm(1)[1]
    assert bench.alarm(0)[2] == 0.0


def test_the_battery_falls_slowly() -> None:
    bench = OperatedTwin()
    assert bench.pump("battery_percent") == 100.0
    bench.go(30 * 86_400.0)
    assert bench.pump("battery_percent") == pytest.approx(100.0 - 100.0 * 30 / 2191, abs=1e-9)
