# SPDX-License-Identifier: Apache-2.0
"""Every defect of the reservoir, its alarms and its refill is really there, in the size of its magnitude."""

from collections.abc import Callable

import pytest

from instruments.simulated.specimen.defects import DEFECTS
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

RATE_UL_PER_H, HOUR_S = 1000.0, 3600.0
ALARM_UL = 2000.0
PATIENTS = {"ptm_volume_ul": 20.0, "ptm_duration_s": 60, "ptm_lockout_s": 3600, "ptm_max_per_day": 4}


def number(bench: OperatedTwin, name: str) -> float:
    return float(str(bench.pump(name)))


def alarms(bench: OperatedTwin) -> list[str]:
    return [bench.alarm(line)[0] for line in range(int(number(bench, "alarm_log_count")))]


def run_dry(bench: OperatedTwin, truly_ul: float, told_ul: float) -> None:
    bench.fluid.fill(truly_ul)
    bench.command("refill_done", told_ul)
    bench.run(continuous(600.0, **PATIENTS))
    bench.go(3 * HOUR_S)


def left_at_the_first_alarm(bench: OperatedTwin) -> tuple[str, float]:
    """After a filling with 5 mL: which alarm comes first, and what is truly left then, in tenths of a mL."""
    bench.refill(5000.0)
    bench.run(continuous(RATE_UL_PER_H, low_reservoir_alarm_ul=ALARM_UL))
    while not alarms(bench):
        bench.go(10.0)
    return alarms(bench)[0], round(bench.fluid.volumes().reservoir_ul, -2)


def dry_and_unknown(bench: OperatedTwin) -> tuple[list[str], str]:
    """Of 500 µL, of which the pump believes 15 mL: its alarms, and its state then."""
    run_dry(bench, 500.0, 15_000.0)
    return alarms(bench), str(bench.pump("state"))


def left_when_it_stands(bench: OperatedTwin) -> tuple[list[str], float]:
    run_dry(bench, 1500.0, 1500.0)
    return alarms(bench), round(bench.fluid.volumes().reservoir_ul, -2)


def stroke_at_a_third(bench: OperatedTwin) -> float:
    """Volume of a stroke over its usual one, in tenths, where a third of 3.5 mL is left at a full hour."""
    bench.fluid.fill(1167.0)
    bench.to(HOUR_S + 1.0)
    return round(bench.fluid.conditions.stroke_bias + 1.0, 1)


def after_an_interrogation(bench: OperatedTwin) -> list[str]:
    bench.run(continuous(10.0, low_reservoir_alarm_ul=ALARM_UL))
    bench.command("interrogate")
    bench.go(120.0)
    return alarms(bench)


def two_fillings(bench: OperatedTwin) -> list[str]:
    for _ in range(2):
        bench.command("stop")
        bench.command("acknowledge")
        bench.refill(2100.0)
        bench.run(continuous(RATE_UL_PER_H, low_reservoir_alarm_ul=ALARM_UL))
        bench.go(HOUR_S / 2)
    return alarms(bench)


def bolus_with_nothing_to_give(bench: OperatedTwin) -> tuple[str, float]:
    """The answer at an empty reservoir, and what comes in ten minutes after refill and start, in tens of µL."""
    run_dry(bench, 50.0, 50.0)
    answer = bench.command("patient_bolus")
    bench.refill(5000.0)
    bench.command("acknowledge")
    counted_ul = number(bench, "delivered_volume_ul")
    assert bench.command("start") == "accepted"
    bench.go(600.0)
    return answer, round(number(bench, "delivered_volume_ul") - counted_ul, -1)


def used_on(bench: OperatedTwin) -> OperatedTwin:
    """A reservoir that is just low, and its alarm."""
    bench.refill(2010.0)
    bench.run(continuous(100.0, low_reservoir_alarm_ul=ALARM_UL))
    bench.go(HOUR_S / 2)
    return bench


def after_an_acknowledge_of_low(bench: OperatedTwin) -> list[str]:
    used_on(bench).command("acknowledge")
    bench.go(3 * HOUR_S)
    return alarms(bench)


def left_alone_when_low(bench: OperatedTwin) -> object:
    used_on(bench).go(3 * HOUR_S)
    return bench.pump("alarm_bits")


def answer_when_empty(command: str) -> Callable[[OperatedTwin], str]:
    def observe(bench: OperatedTwin) -> str:
        run_dry(bench, 50.0, 50.0)
        return bench.command(command)

    return observe


def stands_after_a_refill(bench: OperatedTwin) -> object:
    run_dry(bench, 50.0, 15_000.0)
    bench.refill(5000.0)
    return bench.pump("alarm_bits")


def pressed_in_ul(bench: OperatedTwin) -> float:
    """What an attempt to put in 24 mL leaves in the reservoir, in tenths of a mL."""
    bench.fluid.fill(10_000.0)
    press_in(bench)
    return round(bench.fluid.volumes().reservoir_ul, -2)


def press_in(bench: OperatedTwin) -> None:
    bench.set_rig(refill_token=0, refill_number=1, refill_needle=True, refill_volume_ul=0.0)
    bench.go(5.0)
    bench.set_rig(refill_token=0, refill_number=2, refill_needle=True, refill_volume_ul=14_000.0)
    bench.go(120.0)


def stroke_once_overfilled(bench: OperatedTwin) -> float:
    press_in(bench)
    return given_per_programmed(bench)


def stroke_once_dry(bench: OperatedTwin) -> float:
    run_dry(bench, 50.0, 15_000.0)
    bench.refill(15_000.0)
    bench.command("acknowledge")
    bench.command("stop")
    return given_per_programmed(bench)


def given_per_programmed(bench: OperatedTwin) -> float:
    bench.run(continuous(RATE_UL_PER_H))
    bench.go(HOUR_S)
    before_ul = bench.fluid.vessel_ul()
    bench.go(HOUR_S)
    return round((bench.fluid.vessel_ul() - before_ul) / RATE_UL_PER_H, 1)


def told_twice(bench: OperatedTwin) -> tuple[float, float]:
    bench.command("refill_done", 4000.0)
    before_ul = number(bench, "reservoir_volume_ul")
    bench.command("refill_done", 3000.0)
    return before_ul, number(bench, "reservoir_volume_ul")


def answers_to_what_cannot_be(bench: OperatedTwin) -> tuple[str, str]:
    return bench.command("refill_done", 0.0), bench.command("refill_done", 50_000.0)


def due_after_a_change_h(bench: OperatedTwin) -> int:
    """The refill date in whole hours from now, by the second program."""
    bench.run(continuous(1000.0, low_reservoir_alarm_ul=ALARM_UL))
    bench.load(continuous(500.0, low_reservoir_alarm_ul=ALARM_UL))
    return due_h(bench)


def due_after_half_a_refill_h(bench: OperatedTwin) -> int:
    bench.run(continuous(1000.0, low_reservoir_alarm_ul=ALARM_UL))
    bench.refill(10_000.0)
    return due_h(bench)


def due_with_boluses_h(bench: OperatedTwin) -> int:
    """Four boluses of 2.4 mL a day come to another 400 µL/h."""
    boluses = {"ptm_volume_ul": 2400.0, "ptm_duration_s": 4320, "ptm_lockout_s": 4320, "ptm_max_per_day": 4}
    bench.run(continuous(500.0, **boluses, low_reservoir_alarm_ul=ALARM_UL))
    return due_h(bench)


def due_h(bench: OperatedTwin) -> int:
    return round((number(bench, "refill_due_s") - number(bench, "device_clock_s")) / HOUR_S)


CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("dry_before_low_alarm", left_at_the_first_alarm, ("low_reservoir", 2000.0), ("low_reservoir", 1600.0)),
    ("dry_before_low_alarm_of_40_ml", left_at_the_first_alarm, ("low_reservoir", 2000.0), ("low_reservoir", 1800.0)),
    ("no_empty_alarm", dry_and_unknown, (["reservoir_empty"], "alarm_stopped"), ([], "infusing")),
    ("empty_alarm_by_count", dry_and_unknown, (["reservoir_empty"], "alarm_stopped"), ([], "infusing")),
    ("empty_alarm_early_ul", left_when_it_stands, (["reservoir_empty"], 0.0), (["reservoir_empty"], 1000.0)),
    ("flow_fades_below_ul", stroke_at_a_third, 1.0, 0.3),
    ("low_alarm_volume_fixed_ul", left_at_the_first_alarm, ("low_reservoir", 2000.0), ("low_reservoir", 2500.0)),
    ("low_alarm_after_interrogation_s", after_an_interrogation, [], ["low_reservoir"]),
    ("low_alarm_once", two_fillings, ["low_reservoir"] * 2, ["low_reservoir"]),
    ("low_alarm_again_h", after_an_acknowledge_of_low, ["low_reservoir"], ["low_reservoir"] * 2),
    ("low_reservoir_alarm_goes_h", left_alone_when_low, frozenset({"low_reservoir"}), frozenset()),
    ("empty_alarm_acknowledged", answer_when_empty("acknowledge"), "reservoir_empty", "accepted"),
    ("started_when_empty", answer_when_empty("start"), "reservoir_empty", "accepted"),
    ("refill_clears_empty_alarm", stands_after_a_refill, frozenset({"reservoir_empty"}), frozenset()),
    ("takes_any_filling", pressed_in_ul, 20_400.0, 24_000.0),
    ("more_when_overfilled", stroke_once_overfilled, 1.0, 1.3),
    ("more_once_dry", stroke_once_dry, 1.0, 1.3),
    ("bolus_at_empty_accepted", bolus_with_nothing_to_give, ("reservoir_empty", 100.0), ("accepted", 120.0)),
    ("refill_adds", told_twice, (4000.0, 3000.0), (24_000.0, 27_000.0)),
    ("date_of_first_program", due_after_a_change_h, 36, 18),
    ("date_of_full_reservoir", due_after_half_a_refill_h, 8, 18),
    ("date_without_boluses", due_with_boluses_h, 20, 36),
    ("any_refill_accepted", answers_to_what_cannot_be, ("bad_bolus",) * 2, ("accepted",) * 2),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_reservoir_is_as_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
    assert DEFECTS[name].asset == "pump"
