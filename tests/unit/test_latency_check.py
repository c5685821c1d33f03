# SPDX-License-Identifier: Apache-2.0
"""Latencies made again: one against another, and those of a reservoir that was run down."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bench.journal.journal_line import JournalLine
from bench.recorded.latency_check import LatencyCheck


def line(seq: int, t_s: float, kind: str, **data: object) -> JournalLine:
    return JournalLine(seq, t_s, kind, data, 0, 0)


_SURE = {
    "unit": "s", "kind": "B", "standard_uncertainty": 0.0, "sensitivity": 1.0, "contribution": 0.0, "dof": None,
    "distribution": "normal",
}  # fmt: skip


def judged(seq: int, identity: str, value: float, **influences: float) -> JournalLine:
    budget = [{"name": name.replace("_", " "), "value": one, **_SURE} for name, one in influences.items()]
    told: Mapping[str, Any] = {"test": "T-0001", "infusion": "I-0001", "verdict": "PASS", "reason": "", "unit": "s"}
    return line(seq, 1e4, "judgement", id=identity, name="latency", value=value, budget=budget, **told)


def contradictions(*lines: JournalLine) -> Iterator[str]:
    check = LatencyCheck()
    for one in lines:
        yield from (str(found) for found in check.take(one))


TWO = (
    judged(1, "J-0001", 100.0, instant_of_the_cause=1000.0, instant_of_the_onset=1100.0),
    judged(2, "J-0002", 160.0, instant_of_the_cause=2000.0, instant_of_the_onset=2160.0),
)


@pytest.mark.parametrize(
    ("value", "this_s", "first_s", "told"),
    [
        (60.0, 160.0, 100.0, []),
        (50.0, 160.0, 100.0, ["J-0003: recorded is  50.0, what it rests on gives 60.0 s (from both latencies"]),
        (50.0, 150.0, 100.0, ["J-0003: recorded is the latency of this one 150.0 s, what it rests on gives 100.0 s"]),
    ],
)
def test_the_difference_of_two_latencies_follows_from_both(
    value: float, this_s: float, first_s: float, told: list[str]
) -> None:
    difference = judged(3, "J-0003", value, latency_of_this_one=this_s, latency_of_the_first=first_s)
    found = [one for one in contradictions(*TWO, difference) if one.startswith("J-0003")]
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True))


@pytest.mark.parametrize(("after_s", "is_known"), [(990.0, True), (890.0, False)])
def test_a_reservoir_that_ran_dry_is_the_cause_of_its_alarm(after_s: float, is_known: bool) -> None:
    """A good pump's record was refused: its empty alarm had a cause that nobody knew."""

    def ran(seq: int, what: str, after_s: float, before_s: float) -> JournalLine:
        result = {"after_s": after_s, "before_s": before_s}
        return line(seq, before_s, "activity", test="T-0001", infusion="I-0001", what=what, result=result)

    run = (ran(1, "reservoir run down", 400.0, 410.0), ran(2, "reservoir run dry", after_s, 1010.0))
    latency = judged(3, "J-0001", 100.0, instant_of_the_cause=1000.0, instant_of_the_onset=1100.0)
    odd = [one for one in contradictions(*run, latency) if "instant of the cause" in one]
    assert (odd == []) is is_known
