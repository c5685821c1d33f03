# SPDX-License-Identifier: Apache-2.0
"""Every defect of single boluses is really in the strokes, in the size of its magnitude."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

VOLUME_UL, DURATION_S = 20.0, 600.0
PROGRAM = Program(Mode.SINGLE_BOLUS, bolus_volume_ul=VOLUME_UL, bolus_duration_s=int(DURATION_S))


def counted_ul(bench: OperatedTwin) -> float:
    return float(str(bench.pump("delivered_volume_ul")))


def a_row(bench: OperatedTwin) -> list[int]:
    """What each of eleven boluses gives by the counter, in µL."""
    bench.load(PROGRAM)
    found = []
    for _ in range(11):
        before_ul = counted_ul(bench)
        assert bench.command("start") == "accepted"
        bench.go(DURATION_S + 60.0)
        found.append(round(counted_ul(bench) - before_ul))
    return found


def two_at_once(bench: OperatedTwin) -> tuple[str, int]:
    bench.run(PROGRAM)
    bench.go(DURATION_S / 2)
    answer = bench.command("single_bolus")
    bench.go(2 * DURATION_S)
    return answer, round(counted_ul(bench))


ON_BASAL = continuous(60.0, bolus_volume_ul=VOLUME_UL, bolus_duration_s=int(DURATION_S))


def stopped_halfway(bench: OperatedTwin) -> tuple[int, int]:
    """What is counted in the hour after a start that follows a stop in a bolus, and what the log tells of it, in µL."""
    bench.run(ON_BASAL)
    assert bench.command("single_bolus") == "accepted"
    bench.go(DURATION_S / 2)
    assert bench.command("stop") == "accepted"
    bench.go(DURATION_S)
    before_ul = counted_ul(bench)
    assert bench.command("start") == "accepted"
    bench.go(3600.0)
    return round(counted_ul(bench) - before_ul), round(bench.bolus(0)[2])


def beside_a_bolus(bench: OperatedTwin) -> int:
    bench.run(ON_BASAL)
    assert bench.command("single_bolus") == "accepted"
    bench.go(DURATION_S)
    return round(counted_ul(bench))


CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("tenth_bolus_gain", a_row, [20] * 11, [*[20] * 9, 10, 20]),
    ("bolus_begins_anew", two_at_once, ("wrong_state", 20), ("accepted", 30)),
    ("bolus_resumed", stopped_halfway, (60, 10), (70, 20)),
    ("bolus_anew_at_start", stopped_halfway, (60, 10), (80, 10)),
    ("basal_stands_in_bolus", beside_a_bolus, 30, 20),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_single_bolus_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
