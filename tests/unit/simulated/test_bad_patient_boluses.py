# SPDX-License-Identifier: Apache-2.0
"""Every defect of the patient's boluses is really in strokes, answers or log, in the size of its magnitude."""

from collections.abc import Callable

import pytest

from instruments.program import Program
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOUR_S, DAY_S = 3600.0, 86400.0
LOCKOUT_S = 7200.0
BASAL_UL_PER_H, VOLUME_UL, DURATION_S = 60.0, 20.0, 600.0
EVENING_S = 14 * HOUR_S
"""22:00 by the pump's clock."""


def program(rate_ul_per_h: float = BASAL_UL_PER_H, volume_ul: float = VOLUME_UL) -> Program:
    bolus = {"ptm_volume_ul": volume_ul, "ptm_duration_s": DURATION_S, "ptm_lockout_s": LOCKOUT_S}
    return continuous(rate_ul_per_h, **bolus, ptm_max_per_day=2)


def counted_ul(bench: OperatedTwin, for_s: float, basal_ul_per_h: float = BASAL_UL_PER_H) -> int:
    """µL that the pump counts on top of the basal rate, rounded."""
    before = float(str(bench.pump("delivered_volume_ul")))
    bench.go(for_s)
    return round(float(str(bench.pump("delivered_volume_ul"))) - before - basal_ul_per_h * for_s / HOUR_S)


def around_midnight(bench: OperatedTwin) -> list[str]:
    bench.run(program())
    bench.to(EVENING_S - LOCKOUT_S)
    answers = [bench.command("patient_bolus")]
    for at_s in (EVENING_S, EVENING_S + LOCKOUT_S + 60.0, EVENING_S - LOCKOUT_S + DAY_S + 60.0):
        bench.to(at_s)
        answers.append(bench.command("patient_bolus"))
    return answers


def at_the_edges_of_the_lockout(bench: OperatedTwin) -> list[str]:
    bench.run(program())
    answers = [bench.command("patient_bolus")]
    for after_s in (-6.0, -4.0, 1.0):
        bench.to(LOCKOUT_S + after_s)
        answers.append(bench.command("patient_bolus"))
    return answers


def after_a_stop(bench: OperatedTwin) -> list[str]:
    bench.run(program())
    answers = [bench.command("patient_bolus")]
    bench.go(HOUR_S)
    bench.command("stop")
    bench.command("start")
    return [*answers, bench.command("patient_bolus")]


def over_midnight(bench: OperatedTwin) -> int:
    """µL on top of the basal rate that the vessel gets in two hours around a bolus that runs over midnight."""
    bench.run(program())
    bench.to(EVENING_S + 2 * HOUR_S - DURATION_S / 2)
    before_ul = bench.fluid.vessel_ul()
    bench.command("patient_bolus")
    bench.go(2 * HOUR_S)
    return round((bench.fluid.vessel_ul() - before_ul - 2 * BASAL_UL_PER_H) / VOLUME_UL)


def after_requests(bench: OperatedTwin) -> int:
    """The same of a bolus that comes after three requests in its lockout."""
    bench.run(program())
    for _ in range(4):
        bench.command("patient_bolus")
    bench.go(LOCKOUT_S + 10.0)
    before_ul = bench.fluid.vessel_ul()
    bench.command("patient_bolus")
    bench.go(HOUR_S)
    return round((bench.fluid.vessel_ul() - before_ul - BASAL_UL_PER_H) / VOLUME_UL)


def needless_commands(bench: OperatedTwin) -> int:
    """µL on top of the basal rate in an hour after a start and an acknowledge that have nothing to do."""
    bench.run(program())
    bench.go(HOUR_S)
    before_ul = bench.fluid.vessel_ul()
    for command in ("start", "acknowledge"):
        bench.command(command)
        bench.go(HOUR_S / 2)
    return round((bench.fluid.vessel_ul() - before_ul - BASAL_UL_PER_H) / 10)


def second_of_a_day(bench: OperatedTwin) -> list[str]:
    bench.run(program())
    answers = [bench.command("patient_bolus") for _ in range(2)]
    bench.go(LOCKOUT_S + 10.0)
    return [*answers, bench.command("patient_bolus")]


def logged(bench: OperatedTwin) -> list[str]:
    bench.run(program())
    bench.command("patient_bolus")
    bench.command("patient_bolus")
    return [bench.bolus(number)[0] for number in range(int(str(bench.pump("bolus_log_count"))))]


def two_boluses(bench: OperatedTwin) -> list[object]:
    bench.run(program())
    found: list[object] = []
    for _ in range(2):
        bench.command("patient_bolus")
        found.append(counted_ul(bench, LOCKOUT_S + 10.0))
    return [*found, round(bench.bolus(1)[2])]


def near_the_greatest_rate(bench: OperatedTwin) -> tuple[object, ...]:
    """The rate that the pump tells, what comes in the programmed time, and in all."""
    bench.run(program(820.0, 60.0))
    bench.command("patient_bolus")
    rate = round(float(str(bench.pump("active_rate_ul_per_h"))))
    return rate, counted_ul(bench, DURATION_S, 820.0), counted_ul(bench, DURATION_S, 820.0)


def after_an_alarm(bench: OperatedTwin) -> tuple[object, int]:
    bench.run(program())
    bench.command("patient_bolus")
    bench.set_rig(kink_clamp_percent=100.0)
    bench.go(590.0)
    state = bench.pump("state")
    bench.set_rig(kink_clamp_percent=0.0)
    bench.go(60.0)
    bench.command("acknowledge")
    bench.command("start")
    return state, counted_ul(bench, HOUR_S) > 3


def refused_and_started(bench: OperatedTwin) -> tuple[str, int]:
    bench.load(program())
    answer = bench.command("patient_bolus")
    bench.command("start")
    return answer, counted_ul(bench, HOUR_S)


def pressed(bench: OperatedTwin) -> tuple[object, ...]:
    bench.run(program())
    bench.set_rig(press_token=0, press_number=1)
    bench.go(1.0)
    return bench.rig("button_presses"), bench.pump("bolus_log_count"), counted_ul(bench, HOUR_S)


MIDNIGHT = ["accepted", "accepted", "daily_maximum", "accepted"]
EDGES = ["accepted", "lockout", "lockout", "accepted"]
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("maximum_by_calendar", around_midnight, MIDNIGHT, ["accepted"] * 4),
    (
        "refused_counts_for_day",
        second_of_a_day,
        ["accepted", "lockout", "accepted"],
        ["accepted", "lockout", "daily_maximum"],
    ),
    ("bolus_again_over_midnight", over_midnight, 1, 2),
    ("bolus_double_after_requests=4", after_requests, 1, 2),
    ("needless_command_gives_ul", needless_commands, 0, 2),
    ("lockout_ends_early_s", at_the_edges_of_the_lockout, EDGES, ["accepted", "lockout", "accepted", "lockout"]),
    ("lockout_ends_at_stop", after_a_stop, ["accepted", "lockout"], ["accepted", "accepted"]),
    ("refused_bolus_not_logged", logged, ["accepted", "lockout"], ["accepted"]),
    ("second_bolus_gain", two_boluses, [20, 20, 20], [20, 40, 20]),
    ("bolus_over_greatest_rate", near_the_greatest_rate, (1000, 30, 30), (1180, 60, 0)),
    ("rest_of_bolus_at_start", after_an_alarm, ("alarm_stopped", False), ("alarm_stopped", True)),
    ("refused_bolus_at_start", refused_and_started, ("wrong_state", 0), ("wrong_state", 20)),
    ("button_bounces", pressed, (1, 1, 20), (1, 2, 20)),
    ("dead_patient_button", pressed, (1, 1, 20), (0, 0, 0)),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_patient_bolus_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


def test_the_log_tells_of_a_slowed_bolus_what_has_come_so_far() -> None:
    bench = OperatedTwin()
    bench.run(program(600.0, 100.0))
    bench.command("patient_bolus")
    bench.go(450.0)
    assert bench.bolus(0)[2] == pytest.approx(50.0, rel=1e-3)
    bench.command("stop")
    bench.go(HOUR_S)
    assert bench.bolus(0)[2] == pytest.approx(50.0, rel=1e-3)


def test_at_the_greatest_rate_there_is_no_room_for_a_bolus() -> None:
    bench = OperatedTwin()
    bench.run(program(1000.0))
    assert bench.command("patient_bolus") == "rate_out_of_range"
    assert bench.bolus(0)[0] == "rate_out_of_range"
    assert bench.command("stop") == "accepted"
    bench.run(program())
    assert bench.command("patient_bolus") == "accepted"


def test_a_slowed_bolus_goes_on_when_the_clock_is_set_back() -> None:
    bench = OperatedTwin(defects=["clock_zeroed_at_h=0.05"])
    bench.run(program(600.0, 100.0))
    bench.command("patient_bolus")
    assert counted_ul(bench, HOUR_S, 600.0) == 100


def test_a_press_carries_the_token_and_is_not_taken_in_the_safe_state_or_twice() -> None:
    bench = OperatedTwin()
    bench.run(program())
    bench.set_rig(fencing_token=7)
    for wrong in (
        {"press_token": 6, "press_number": 1},
        {"press_number": 1},
        {"press_token": 7},
    ):
        with pytest.raises(ValueError, match="rig: "):
            bench.twin.rig.write(wrong)
    for number in (5, 5):
        bench.twin.rig.write({"press_token": 7, "press_number": number})
        bench.go(1.0)
    with pytest.raises(ValueError, match="behind"):
        bench.twin.rig.write({"press_token": 7, "press_number": 4})
    bench.set_rig(safe_state=True)
    with pytest.raises(ValueError, match="safe state"):
        bench.twin.rig.write({"press_token": 7, "press_number": 6})
    bench.go(1.0)
    assert (bench.rig("button_presses"), bench.pump("bolus_log_count")) == (1, 1)
