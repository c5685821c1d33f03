# SPDX-License-Identifier: Apache-2.0
"""Every defect of boluses is really in the strokes or in the log, in the size of its magnitude."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.unit.simulated.operated_twin import CLOCK_AT_START_S, OperatedTwin, continuous
from tests.unit.simulated.test_bad_motors import volumes

HOUR_S, MINUTE_S = 3600.0, 60.0
START_S, DURATION_S, VOLUME_UL = HOUR_S, 600.0, 20.0
BASAL_UL_PER_H = 60.0


def with_a_bolus(bench: OperatedTwin) -> OperatedTwin:
    patient = {"ptm_volume_ul": VOLUME_UL, "ptm_duration_s": DURATION_S, "ptm_lockout_s": 7200, "ptm_max_per_day": 1}
    bench.run(continuous(BASAL_UL_PER_H, **patient))
    bench.to(START_S)
    assert bench.command("patient_bolus") == "accepted"
    return bench


def on_top(bench: OperatedTwin) -> list[tuple[int, int]]:
    """µL on top of the basal rate, given and counted: in each half of the bolus, after it, and in each half hour."""
    edges_s = [START_S + part_s for part_s in (0.0, 300.0, 600.0, 1200.0, 3000.0, 4800.0, 6600.0)]
    found = volumes(with_a_bolus(bench), *edges_s)
    basal_ul = [BASAL_UL_PER_H * (after - before) / HOUR_S for before, after in pairwise(edges_s)]
    return [(round(given - due), round(counted - due)) for (given, counted), due in zip(found, basal_ul, strict=True)]


def logged(bench: OperatedTwin) -> list[tuple[object, ...]]:
    """The log after a bolus and a refused one; requests in s since the bolus was asked for."""
    with_a_bolus(bench)
    bench.go(1200.0)
    bench.command("patient_bolus")
    lines = [bench.bolus(number) for number in range(int(str(bench.pump("bolus_log_count"))))]
    return [
        (outcome, round(bench.true_s(asked_s) - START_S), round(volume_ul)) for outcome, asked_s, volume_ul in lines
    ]


def second_bolus(bench: OperatedTwin) -> tuple[object, ...]:
    """The answer to a bolus within the lockout, and to one after it on the same day; what each gave on top."""
    with_a_bolus(bench)
    answers: list[object] = []
    for after_s in (3600.0, 7300.0):
        bench.to(START_S + after_s)
        answers.append(bench.command("patient_bolus"))
        (found,) = volumes(bench, bench.now_s, bench.now_s + DURATION_S)
        answers.append(round(found[0] - BASAL_UL_PER_H * DURATION_S / HOUR_S))
    return tuple(answers)


GOOD = [(10, 10), (10, 10), (0, 0), (0, 0), (0, 0), (0, 0)]
"""Strokes are 1.5 % larger at a full reservoir, and half a µL stays in the catheter while a bolus runs."""
LOG = [("accepted", 0, 20), ("lockout", 1200, 0)]
REFUSED = ("lockout", 0, "daily_maximum", 0)
CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("bolus_again_after_min", on_top, GOOD, [*GOOD[:4], (21, 20), (0, 0)]),
    ("bolus_too_fast", on_top, GOOD, [(20, 20), *[(0, 0)] * 5]),
    ("bolus_too_slow", on_top, GOOD, [(5, 5), (5, 5), (10, 10), (1, 0), *GOOD[4:]]),
    ("bolus_ends_early", on_top, GOOD, [(10, 10), (1, 10), *GOOD[2:]]),
    ("bolus_trails", on_top, GOOD, [*GOOD[:2], (1, 0), (3, 0), (3, 0), (3, 0)]),
    ("bolus_log_off", logged, LOG, [("accepted", 0, 26), LOG[1]]),
    ("bolus_not_logged", logged, LOG, LOG[1:]),
    ("bolus_logged_twice", logged, LOG, [LOG[0], LOG[0], LOG[1], LOG[1]]),
    ("bolus_wrong_reason", logged, LOG, [LOG[0], ("daily_maximum", 1200, 0)]),
    ("bolus_log_late_s", logged, LOG, [("accepted", 600, 20), ("lockout", 1800, 0)]),
    ("bolus_count_stands", logged, LOG, []),
    ("bolus_given_though_refused", second_bolus, REFUSED, ("lockout", 20, "daily_maximum", 20)),
    ("daily_maximum_ignored", second_bolus, REFUSED, ("lockout", 0, "accepted", 20)),
    ("three_lies", logged, LOG, [("accepted", 0, 26), LOG[1]]),
    ("three_lies", lambda bench: with_a_bolus(bench).pump("state"), "bolus", "stopped"),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_bolus_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


def test_the_log_of_a_late_request_is_in_the_pumps_own_time() -> None:
    bench = with_a_bolus(OperatedTwin(defects=["bolus_log_late_s=100"]))
    assert bench.bolus(0)[1] == pytest.approx(CLOCK_AT_START_S + START_S + 100.0, abs=0.1)
