# SPDX-License-Identifier: Apache-2.0
"""The twin's clock when it is set, a session that names a pump, and a battery that is replaced or ends."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program, Step
from instruments.pump import Alarm
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

Observation = Callable[[OperatedTwin], object]
HOUR_S, DAY_S = 3600.0, 86400.0
BOLUSES = continuous(40.0, ptm_volume_ul=20.0, ptm_duration_s=600, ptm_lockout_s=7200, ptm_max_per_day=4)
TURNS = Program(Mode.FLEX, (Step(0, 40.0), Step(720, 80.0)))
LOW_MV, END_MV = 2440, 2200


def clock_s(twin: OperatedTwin) -> float:
    return float(str(twin.pump("device_clock_s")))


def rate_ul_per_h(twin: OperatedTwin) -> float:
    return float(str(twin.pump("active_rate_ul_per_h")))


def alarms(twin: OperatedTwin) -> set[str]:
    found = twin.pump("alarm_bits")
    assert isinstance(found, frozenset)
    return set(found)


@pytest.mark.parametrize("by_s", [11 * HOUR_S, -11 * HOUR_S])
def test_a_day_schedule_goes_by_the_clock_as_it_was_set(by_s: float) -> None:
    twin = OperatedTwin()
    wanted_s = 3 * DAY_S + 12 * HOUR_S + by_s
    assert twin.command("set_clock", wanted_s) == "accepted"
    assert clock_s(twin) == pytest.approx(wanted_s, abs=0.02)
    twin.run(TURNS)
    assert rate_ul_per_h(twin) == (80.0 if by_s > 0 else 40.0)
    twin.go(2 * HOUR_S)
    assert clock_s(twin) == pytest.approx(wanted_s + 2 * HOUR_S, abs=0.1)
    assert rate_ul_per_h(twin) == 40.0


def test_a_clock_is_set_while_the_pump_stands_and_to_no_time_under_zero() -> None:
    twin = OperatedTwin()
    before_s = clock_s(twin)
    assert twin.command("set_clock", -1.0) == "bad_schedule"
    twin.run(TURNS)
    assert twin.command("set_clock", 0.0) == "wrong_state"
    assert clock_s(twin) == before_s


@pytest.mark.parametrize("by_s", [3 * HOUR_S, -3 * HOUR_S])
def test_a_clock_that_is_set_ends_no_lockout_and_changes_no_logged_volume(by_s: float) -> None:
    twin = OperatedTwin()
    twin.run(BOLUSES)
    assert twin.command("patient_bolus") == "accepted"
    twin.go(1200.0)
    twin.command("stop")
    logged = twin.bolus(0)
    assert logged[2] == pytest.approx(20.0)
    twin.command("set_clock", clock_s(twin) + by_s)
    assert twin.bolus(0) == logged
    assert twin.command("start") == "accepted"
    assert twin.command("patient_bolus") == "lockout"
    twin.go(6100.0)
    assert twin.command("patient_bolus") == "accepted"


def test_a_session_for_another_pump_loads_nothing_and_the_next_is_for_any() -> None:
    twin = OperatedTwin()
    assert twin.load(continuous(40.0)) == "accepted"
    twin.twin.pump.write({"session_serial_number": "SIM20-0002"})
    assert twin.load(continuous(80.0)) == "wrong_pump"
    assert twin.pump("active_steps[0].rate_ul_per_h") == 40.0
    assert twin.pump("session_serial_number") == ""
    twin.twin.pump.write({"session_serial_number": "SIM20-0001"})
    assert twin.load(continuous(80.0)) == "accepted"
    assert twin.load(continuous(60.0)) == "accepted"


def test_a_battery_tells_that_it_is_low_once_and_another_one_tells_it_again() -> None:
    twin = OperatedTwin()
    twin.run(continuous(40.0))
    for _ in range(2):
        twin.set_rig(supply_voltage_mv=LOW_MV)
        twin.go(120.0)
        assert alarms(twin) == {Alarm.LOW_BATTERY}
        twin.command("acknowledge")
        twin.go(DAY_S)
        assert alarms(twin) == set()
        twin.set_rig(supply_voltage_mv=0)
        twin.go(60.0)


@pytest.mark.parametrize(("fed_mv", "after_s"), [(END_MV, 70.0), (LOW_MV, 90 * DAY_S + 10.0)], ids=["voltage", "term"])
def test_the_service_ends_with_an_alarm_and_takes_no_start_until_it_is_fed_well(fed_mv: int, after_s: float) -> None:
    twin = OperatedTwin()
    twin.run(continuous(2.0))
    twin.set_rig(supply_voltage_mv=fed_mv)
    twin.go(after_s - 20.0)
    assert rate_ul_per_h(twin) == 2.0
    twin.go(20.0)
    assert Alarm.END_OF_SERVICE in alarms(twin)
    assert twin.pump("state") == "alarm_stopped"
    assert twin.command("acknowledge") == "accepted"
    assert twin.command("start") == "wrong_state"
    twin.set_rig(supply_voltage_mv=0)
    twin.go(60.0)
    assert twin.command("start") == "accepted"


def in_an_hour_ul(rate: float, **orders: int) -> Observation:
    def observe(twin: OperatedTwin) -> object:
        twin.set_rig(**orders)
        twin.run(continuous(rate))
        twin.go(HOUR_S)
        return twin.fluid.vessel_ul()

    return observe


def after_an_acknowledge_ul(twin: OperatedTwin) -> object:
    twin.command("acknowledge")
    return in_an_hour_ul(60.0)(twin)


def at_the_end(twin: OperatedTwin) -> object:
    twin.run(continuous(2.0))
    twin.set_rig(supply_voltage_mv=END_MV)
    twin.go(75.0)
    told, runs = "end_of_service" in alarms(twin), rate_ul_per_h(twin) > 0
    twin.command("acknowledge")
    return told, runs, twin.command("start")


def for_another_pump(twin: OperatedTwin) -> object:
    twin.twin.pump.write({"session_serial_number": "SIM20-0002"})
    return twin.load(continuous(40.0))


def with_another_constant(twin: OperatedTwin) -> object:
    twin.twin.pump.write({"calibration_percent": 80.0})
    return twin.load(continuous(40.0))


def set_to_the_afternoon(twin: OperatedTwin) -> object:
    wanted_s = 3 * DAY_S + 13 * HOUR_S
    twin.command("set_clock", wanted_s)
    twin.run(TURNS)
    shown = abs(clock_s(twin) - wanted_s) < 1.0
    rate = rate_ul_per_h(twin)
    before_s = clock_s(twin)
    twin.go(HOUR_S)
    return shown, rate, abs(clock_s(twin) - before_s - HOUR_S) < 1.0


def low_and_well_again(twin: OperatedTwin) -> object:
    twin.run(continuous(2.0))
    twin.set_rig(supply_voltage_mv=LOW_MV)
    twin.go(120.0)
    heard = int(str(twin.rig("sound_count"))) > 0
    twin.set_rig(supply_voltage_mv=0)
    twin.go(60.0)
    return heard, bool(alarms(twin))


def near(volume_ul: float) -> object:
    return pytest.approx(volume_ul, rel=0.1)


CASES = [
    ("weak_when_slow", in_an_hour_ul(10.0), near(10), near(7)),
    ("weak_when_quick", in_an_hour_ul(1000.0), near(1000), near(700)),
    ("weak_once_acknowledged", after_an_acknowledge_ul, near(60), near(42)),
    ("weak_behind_a_small_leak", in_an_hour_ul(60.0, leak_valve_percent=20), near(48), near(14.4)),
    ("ends_in_silence", at_the_end, (True, False, "wrong_state"), (False, False, "wrong_state")),
    ("runs_on_past_its_end", at_the_end, (True, False, "wrong_state"), (True, True, "wrong_state")),
    ("starts_past_its_end", at_the_end, (True, False, "wrong_state"), (True, False, "accepted")),
    ("takes_any_session", for_another_pump, "wrong_pump", "accepted"),
    ("takes_any_calibration", with_another_constant, "wrong_calibration", "accepted"),
    ("clock_set_ignored", set_to_the_afternoon, (True, 80.0, True), (False, 40.0, True)),
    ("schedule_by_old_clock", set_to_the_afternoon, (True, 80.0, True), (True, 40.0, True)),
    ("clock_drifts_once_set_ppm", set_to_the_afternoon, (True, 80.0, True), (True, 80.0, False)),
    ("low_battery_alarm_goes", low_and_well_again, (True, True), (True, False)),
    ("silent_when_it_can_wait", low_and_well_again, (True, True), (False, True)),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_defect_changes_what_it_says(name: str, observe: Observation, good: object, bad: object) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
