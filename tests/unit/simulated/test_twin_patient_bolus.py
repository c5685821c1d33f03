# SPDX-License-Identifier: Apache-2.0
"""The patient bolus: on top of the basal rate, within lockout and daily maximum, every request in the log."""

import pytest

from instruments.pump import CommandResult
from instruments.simulated.pump.patient_bolus_guard import PatientBolusGuard
from tests.unit.simulated.operated_twin import CLOCK_AT_START_S, OperatedTwin, continuous

LOCKOUT_S = 3600


def bench_with_boluses(most: int = 3, defects: tuple[str, ...] = ()) -> OperatedTwin:
    bench = OperatedTwin(defects=defects)
    bench.run(continuous(50.0, ptm_volume_ul=10.0, ptm_duration_s=300, ptm_lockout_s=LOCKOUT_S, ptm_max_per_day=most))
    return bench


def test_a_patient_bolus_adds_its_rate_for_its_duration() -> None:
    bench = bench_with_boluses()
    assert bench.command("patient_bolus") == "accepted"
    assert bench.pump("state") == "bolus"
    assert bench.pump("active_rate_ul_per_h") == pytest.approx(170.0)
    bench.go(301.0)
    assert (bench.pump("state"), bench.pump("active_rate_ul_per_h")) == ("infusing", 50.0)
    assert bench.bolus(0) == ("accepted", CLOCK_AT_START_S, 10.0)


def test_the_lockout_runs_from_start_to_start() -> None:
    bench = bench_with_boluses()
    outcomes = [bench.command("patient_bolus")]
    bench.go(LOCKOUT_S - 1.0)
    outcomes.append(bench.command("patient_bolus"))
    bench.go(1.0)
    outcomes.append(bench.command("patient_bolus"))
    assert outcomes == ["accepted", "lockout", "accepted"]
    assert [bench.bolus(number)[0] for number in range(3)] == outcomes
    assert bench.bolus(1)[2] == 0.0
    assert bench.pump("bolus_log_count") == 3


def test_lockout_and_day_end_to_the_hundredth_of_a_second() -> None:
    guard = PatientBolusGuard(keeps_lockout=True)
    once_a_day = continuous(50.0, ptm_volume_ul=10.0, ptm_duration_s=60, ptm_lockout_s=600, ptm_max_per_day=1)
    guard.accepted(1000.001)
    assert guard.refusal(once_a_day, 1599.98) is CommandResult.LOCKOUT
    assert guard.refusal(once_a_day, 1600.0) is CommandResult.DAILY_MAXIMUM
    assert guard.refusal(once_a_day, 87_399.98) is CommandResult.DAILY_MAXIMUM
    assert guard.refusal(once_a_day, 87_400.0) is None


def test_no_more_than_the_daily_maximum_is_given_in_any_24_hours() -> None:
    bench = bench_with_boluses(most=3)
    outcomes = []
    for _ in range(14):
        outcomes.append(bench.command("patient_bolus"))
        bench.go(2 * 3600.0)
    assert outcomes == ["accepted"] * 3 + ["daily_maximum"] * 9 + ["accepted"] * 2


def test_the_log_shows_the_volume_given_so_far_and_keeps_it_when_the_bolus_is_cut_short() -> None:
    bench = bench_with_boluses()
    bench.command("patient_bolus")
    bench.go(150.0)
    assert bench.bolus(0)[2] == pytest.approx(5.0, rel=1e-4)
    bench.command("stop")
    bench.go(1000.0)
    assert bench.bolus(0)[2] == pytest.approx(5.0, rel=1e-4)
    assert bench.pump("state") == "stopped"


def test_the_lockout_outlives_a_stop_and_a_start() -> None:
    bench = bench_with_boluses()
    bench.command("patient_bolus")
    bench.command("stop")
    bench.command("start")
    assert bench.command("patient_bolus") == "lockout"


def test_a_stopped_pump_a_program_without_them_and_an_alarm_refuse_patient_boluses() -> None:
    bench = bench_with_boluses()
    bench.command("stop")
    assert bench.command("patient_bolus") == "wrong_state"
    bench.run(continuous(50.0))
    assert bench.command("patient_bolus") == "bad_bolus"
    bench.set_rig(disconnect_valve=True)
    bench.go(200.0)
    bench.go(2.0)
    assert bench.command("patient_bolus") == "bad_bolus"
    assert [bench.bolus(number)[0] for number in range(3)] == ["wrong_state", "bad_bolus", "bad_bolus"]


def test_an_alarm_refuses_a_patient_bolus_that_was_programmed() -> None:
    bench = bench_with_boluses()
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(4000.0)
    assert bench.command("patient_bolus") == "alarm_standing"


def test_the_bolus_log_is_a_ring_of_sixteen_with_a_running_count() -> None:
    bench = bench_with_boluses()
    for _ in range(18):
        bench.command("patient_bolus")
        bench.go(10.0)
    assert bench.pump("bolus_log_count") == 18
    assert bench.bolus(0)[0] == "lockout"
    assert bench.bolus(1)[1] == pytest.approx(CLOCK_AT_START_S + 170.0, abs=0.01)
    assert bench.bolus(2)[1] == pytest.approx(CLOCK_AT_START_S + 20.0, abs=0.01)


def test_a_request_without_a_program_is_logged_and_refused() -> None:
    bench = OperatedTwin()
    assert bench.command("patient_bolus") == "no_program"
    assert bench.bolus(0)[0] == "wrong_state"
