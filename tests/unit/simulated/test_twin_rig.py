# SPDX-License-Identifier: Apache-2.0
"""The simulated rig: travel times, independent feedback, fencing, watchdog, safe state."""

import pytest

from tests.unit.simulated.operated_twin import RIG_MAP, OperatedTwin, continuous


def test_the_clamp_takes_half_a_second_and_the_valves_a_tenth() -> None:
    bench = OperatedTwin()
    bench.set_rig(kink_clamp_percent=80.0, disconnect_valve=True, leak_valve_percent=30.0, magnet_field=True)
    assert (bench.rig("kink_clamp_percent"), bench.rig("kink_clamp_position_percent")) == (80.0, 0.0)
    bench.go(0.11)
    assert bench.rig("disconnect_valve_open") is True
    assert bench.rig("leak_valve_position_percent") == 30.0
    assert bench.rig("magnet_field_present") is True
    assert bench.rig("kink_clamp_position_percent") == 0.0
    bench.go(0.40)
    assert bench.rig("kink_clamp_position_percent") == 80.0


def test_the_injectors_act_on_the_fluid() -> None:
    bench = OperatedTwin()
    bench.set_rig(kink_clamp_percent=80.0, disconnect_valve=True, leak_valve_percent=30.0)
    bench.go(1.0)
    conditions = bench.fluid.conditions
    assert (conditions.kink_fraction, conditions.disconnected, conditions.leak_fraction) == (0.8, True, 0.3)


def test_a_lower_fencing_token_than_the_highest_seen_moves_nothing() -> None:
    bench = OperatedTwin()
    bench.set_rig(fencing_token=7, kink_clamp_percent=10.0)
    bench.set_rig(fencing_token=7, kink_clamp_percent=20.0)
    with pytest.raises(ValueError, match="token 6 is stale, 7 was seen"):
        bench.set_rig(fencing_token=6, kink_clamp_percent=90.0)
    assert (bench.rig("fencing_token"), bench.rig("kink_clamp_percent")) == (7, 20.0)


def test_once_a_token_was_seen_actuators_need_one_and_heartbeat_and_going_safe_do_not() -> None:
    bench = OperatedTwin()
    bench.set_rig(fencing_token=7, kink_clamp_percent=10.0)
    with pytest.raises(ValueError, match="together with the fencing token"):
        bench.set_rig(kink_clamp_percent=90.0)
    bench.set_rig(heartbeat=5)
    bench.set_rig(safe_state=True)
    assert bench.rig("kink_clamp_percent") == 0.0
    with pytest.raises(ValueError, match="leaving it takes the fencing token"):
        bench.set_rig(safe_state=False)
    bench.set_rig(fencing_token=7, safe_state=False)
    assert bench.rig("safe_state") is False


@pytest.mark.parametrize(
    "values",
    [{"kink_clamp_percent": 100.1}, {"leak_valve_percent": -1.0}, {"watchdog_tripped": False}, {"heartbeat": 70_000}],
)
def test_a_write_that_cannot_be_taken_takes_nothing(values: dict[str, float | bool]) -> None:
    bench = OperatedTwin()
    with pytest.raises(ValueError, match=next(iter(values))):
        bench.set_rig(magnet_field=True, **values)
    assert bench.rig("magnet_field") is False


def test_the_safe_state_opens_shuts_and_stops_everything() -> None:
    bench = OperatedTwin()
    bench.run(continuous(100.0))
    bench.set_rig(kink_clamp_percent=100.0, disconnect_valve=True, leak_valve_percent=5.0, magnet_field=True)
    bench.go(1.0)
    bench.set_rig(safe_state=True)
    assert bench.pump("state") == "stopped"
    bench.go(1.0)
    assert bench.rig("kink_clamp_position_percent") == 0.0
    assert bench.rig("disconnect_valve_open") is False
    assert bench.rig("leak_valve_position_percent") == 0.0
    assert bench.rig("magnet_field_present") is False
    with pytest.raises(ValueError, match="cannot leave the safe state"):
        bench.set_rig(kink_clamp_percent=50.0)
    bench.set_rig(safe_state=False, kink_clamp_percent=50.0)
    assert bench.rig("safe_state") is False


def test_the_watchdog_trips_when_no_changed_heartbeat_comes_in_time() -> None:
    bench = OperatedTwin()
    bench.run(continuous(100.0))
    bench.set_rig(watchdog_timeout_s=10, heartbeat=1, kink_clamp_percent=40.0)
    for heartbeat in range(2, 6):
        bench.go(9.0)
        bench.set_rig(heartbeat=heartbeat)
    bench.go(9.0)
    bench.set_rig(heartbeat=5)  # not a heartbeat: the value is the same
    assert bench.rig("heartbeat_age_s") == 9.0
    assert bench.rig("watchdog_tripped") is False
    bench.go(1.0)
    assert bench.rig("watchdog_tripped") is True
    assert (bench.pump("state"), bench.rig("safe_state"), bench.rig("kink_clamp_percent")) == ("stopped", True, 0.0)


def test_a_trip_stands_until_the_watchdog_is_disarmed() -> None:
    bench = OperatedTwin()
    bench.set_rig(watchdog_timeout_s=10)
    bench.go(11.0)
    bench.set_rig(heartbeat=9)
    assert bench.rig("watchdog_tripped") is True
    bench.set_rig(safe_state=False)
    assert bench.rig("safe_state") is True
    with pytest.raises(ValueError, match="cannot leave the safe state"):
        bench.set_rig(safe_state=False, magnet_field=True)
    bench.set_rig(watchdog_timeout_s=0)
    assert bench.rig("watchdog_tripped") is False
    bench.set_rig(safe_state=False, magnet_field=True)
    assert bench.rig("magnet_field") is True


def test_a_disarmed_watchdog_never_trips() -> None:
    bench = OperatedTwin()
    bench.set_rig(watchdog_timeout_s=10)
    bench.go(5.0)
    bench.set_rig(watchdog_timeout_s=0)
    bench.go(86_400.0)
    assert bench.rig("watchdog_tripped") is False


def test_the_room_is_a_weighing_room() -> None:
    bench = OperatedTwin()
    for hour in range(0, 72, 3):
        bench.to(hour * 3600.0)
        assert bench.rig("temperature_c") == pytest.approx(21.0, abs=0.4)
        assert bench.rig("air_pressure_hpa") == pytest.approx(1013.0, abs=1.2)
        assert bench.rig("humidity_percent") == pytest.approx(50.0, abs=3.6)
        assert bench.rig("outlet_pressure_kpa") == pytest.approx(1.2, abs=0.1)


def test_every_point_of_the_map_is_answered_with_a_value_that_fits_it() -> None:
    bench = OperatedTwin()
    bench.go(1000.0)
    for name, value in bench.twin.rig.read(list(RIG_MAP.points)).items():
        assert RIG_MAP.point(name).encode(value) is not None
    assert bench.rig("rig_serial_number") == "SIMRIG-0001"
