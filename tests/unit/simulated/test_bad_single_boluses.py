# SPDX-License-Identifier: Apache-2.0
"""Every defect of single boluses is really in the strokes, in the size of its magnitude."""

from collections.abc import Callable

import pytest

from instruments.program import Mode, Program
from tests.unit.simulated.operated_twin import OperatedTwin

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


CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("tenth_bolus_gain", a_row, [20] * 11, [*[20] * 9, 10, 20]),
    ("bolus_begins_anew", two_at_once, ("wrong_state", 20), ("accepted", 30)),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_single_bolus_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
