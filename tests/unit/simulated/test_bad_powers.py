# SPDX-License-Identifier: Apache-2.0
"""A good pump with a low battery goes on and says so; one that lost its power stands and says so. Bad ones do not."""

from collections.abc import Callable

import pytest

from instruments.simulated.specimen.defects import DEFECTS
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

RATE_UL_PER_H, HOUR_S = 100.0, 3600.0
LOW_MV, BROWN_OUT_MV, FULL_MV = 2440, 1500, 3000
PATIENTS = {"ptm_volume_ul": 20.0, "ptm_duration_s": 600, "ptm_lockout_s": 7200, "ptm_max_per_day": 4}
MEMORY, NONE = frozenset({"memory"}), frozenset[str]()


def number(bench: OperatedTwin, name: str) -> float:
    return float(str(bench.pump(name)))


def counted_in_an_hour(bench: OperatedTwin) -> float:
    before_ul = number(bench, "delivered_volume_ul")
    bench.go(HOUR_S)
    return round(number(bench, "delivered_volume_ul") - before_ul, -1)


def with_a_low_battery(hours: float = 1.0) -> Callable[[OperatedTwin], tuple[int, str, float]]:
    """How many alarms after so many hours, the state, and what is counted in an hour then, in tens of µL."""

    def observe(bench: OperatedTwin) -> tuple[int, str, float]:
        bench.run(continuous(RATE_UL_PER_H))
        bench.set_rig(supply_voltage_mv=LOW_MV)
        bench.go(hours * HOUR_S)
        return int(number(bench, "alarm_log_count")), str(bench.pump("state")), counted_in_an_hour(bench)

    return observe


def lose_power(bench: OperatedTwin) -> None:
    bench.set_rig(supply_voltage_mv=BROWN_OUT_MV)
    bench.go(60.0)
    bench.set_rig(supply_voltage_mv=0)
    bench.go(1.0)


def after_a_loss(bench: OperatedTwin) -> tuple[object, str, float]:
    """The bits, the state, and what is counted in an hour, in tens of µL."""
    bench.run(continuous(RATE_UL_PER_H))
    bench.go(HOUR_S)
    lose_power(bench)
    return bench.pump("alarm_bits"), str(bench.pump("state")), counted_in_an_hour(bench)


def kept_over_a_loss(bench: OperatedTwin) -> tuple[bool, int, int]:
    """Whether the counter went on, and how many lines each log holds."""
    bench.run(continuous(RATE_UL_PER_H, **PATIENTS))
    bench.command("patient_bolus")
    bench.go(HOUR_S)
    counted_ul = number(bench, "delivered_volume_ul")
    lose_power(bench)
    logs = [int(number(bench, name)) for name in ("alarm_log_count", "bolus_log_count")]
    return number(bench, "delivered_volume_ul") >= counted_ul, logs[0], logs[1]


def started_after_a_loss(bench: OperatedTwin) -> tuple[str, str, float]:
    """The answers to a start and, an hour later, to a patient bolus; what was counted meanwhile, in tens of µL."""
    bench.run(continuous(RATE_UL_PER_H, **PATIENTS))
    bench.command("patient_bolus")
    bench.go(300.0)
    lose_power(bench)
    bench.command("acknowledge")
    answer = bench.command("start")
    counted_ul = counted_in_an_hour(bench)
    return answer, bench.command("patient_bolus"), counted_ul


def stands_hours_later(bench: OperatedTwin) -> object:
    bench.run(continuous(RATE_UL_PER_H))
    lose_power(bench)
    bench.go(3 * HOUR_S)
    return bench.pump("alarm_bits")


def stands_after_the_second_loss(bench: OperatedTwin) -> object:
    bench.run(continuous(RATE_UL_PER_H))
    lose_power(bench)
    bench.command("acknowledge")
    bench.command("start")
    lose_power(bench)
    return bench.pump("alarm_bits")


GOES_ON, STANDS = (1, "infusing", 100.0), (MEMORY, "alarm_stopped", 0.0)
KEPT, STARTED = (True, 1, 1), ("accepted", "lockout", 100.0)

CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("no_low_battery_alarm", with_a_low_battery(), GOES_ON, (0, "infusing", 100.0)),
    ("late_low_battery_alarm_h", with_a_low_battery(), GOES_ON, (0, "infusing", 100.0)),
    ("stops_at_low_battery", with_a_low_battery(), GOES_ON, (1, "alarm_stopped", 0.0)),
    ("slow_at_low_battery", with_a_low_battery(), GOES_ON, (1, "infusing", 50.0)),
    ("service_ends_after_h", with_a_low_battery(7.0), GOES_ON, (1, "stopped", 0.0)),
    ("reset_in_silence", after_a_loss, STANDS, (NONE, "stopped", 0.0)),
    ("reset_runs_on", after_a_loss, STANDS, (NONE, "infusing", 100.0)),
    ("failure_alarm_goes_h", stands_hours_later, MEMORY, NONE),
    ("failure_alarm_once", stands_after_the_second_loss, MEMORY, NONE),
    ("reset_clears_logs", kept_over_a_loss, KEPT, (True, 1, 0)),
    ("reset_clears_counter", kept_over_a_loss, KEPT, (False, 1, 1)),
    ("reset_clears_program", started_after_a_loss, STARTED, ("no_program", "no_program", 0.0)),
    ("reset_clears_lockout", started_after_a_loss, STARTED, ("accepted", "accepted", 100.0)),
    ("reset_gives_bolus_again", started_after_a_loss, STARTED, ("accepted", "lockout", 120.0)),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_battery_or_reset_is_as_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
    assert DEFECTS[name].asset == "pump"


def test_a_good_battery_of_the_rigs_raises_no_alarm_and_shows_as_full() -> None:
    bench = OperatedTwin()
    bench.run(continuous(RATE_UL_PER_H))
    bench.set_rig(supply_voltage_mv=FULL_MV)
    bench.go(HOUR_S)
    assert (number(bench, "battery_percent"), bench.pump("alarm_bits")) == (100.0, NONE)


def test_a_pump_without_power_takes_nothing_but_a_stop() -> None:
    bench = OperatedTwin()
    bench.run(continuous(RATE_UL_PER_H))
    bench.set_rig(supply_voltage_mv=BROWN_OUT_MV)
    bench.go(1.0)
    answers = [bench.command(one) for one in ("start", "acknowledge", "stop")]
    assert answers == ["wrong_state", "wrong_state", "accepted"]
