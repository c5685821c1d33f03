# SPDX-License-Identifier: Apache-2.0
"""Whoever breaks a rule of *Build a rig* is told exactly that one."""

import datetime
from collections.abc import Callable

import pytest

from bench.bench_file import BenchFile
from bench.conformance import RULES, try_rules
from tests.sim.conformance_trial import EMPTY, SCALED, differing, not_ok, twin
from tests.sim.nonconforming_twin import NONCONFORMING_PROGRAM, VIOLATIONS

OF_THE_FILE: dict[str, tuple[str, Callable[[BenchFile], BenchFile]]] = {
    "another_pump": (
        "R-06",
        lambda file: file.model_copy(update={"pump": file.pump.model_copy(update={"serial_number": "OTHER-1"})}),
    ),
    "another_balance": (
        "R-14",
        lambda file: file.model_copy(update={"balance": file.balance.model_copy(update={"serial_number": "OTHER-1"})}),
    ),
    "certificate_of_today": (
        "R-39",
        lambda file: file.model_copy(
            update={
                "balance": file.balance.model_copy(
                    update={
                        "calibration": file.balance.calibration.model_copy(
                            update={"date": datetime.date(2026, 1, 1), "due": datetime.date(2027, 1, 1)}
                        )
                    }
                )
            }
        ),
    ),
}
NOT_BROKEN_HERE = {
    "R-07": "needs a server that serves one connection only",
    "R-09": "needs a log whose first entry is missing, which no good command makes",
    "R-29": "stands for what the rules before it leave out",
    SCALED: "broken by a test of its own",
    "R-63": "a pump that stops counting at 65535 takes no stop any more: nothing could make it safe",
    "R-82": "a pump that never starts again leaves nothing to tell it by",
    EMPTY: "not tried",
}


@pytest.mark.parametrize("violation", VIOLATIONS)
def test_whoever_breaks_a_rule_differs_in_exactly_that_one(violation: str) -> None:
    with twin(program=(*NONCONFORMING_PROGRAM, violation)) as file:
        findings = try_rules(file, move=True)
    assert differing(findings) == [VIOLATIONS[violation][0]], not_ok(findings)


@pytest.mark.parametrize("violation", OF_THE_FILE)
def test_a_bench_file_that_breaks_a_rule_differs_in_exactly_that_one(violation: str) -> None:
    rule, change = OF_THE_FILE[violation]
    with twin() as file:
        findings = try_rules(change(file), move=True)
    assert differing(findings) == [rule], not_ok(findings)


def test_every_rule_is_broken_by_a_test_or_it_says_why_not() -> None:
    broken = {rule for rule, _ in (*VIOLATIONS.values(), *OF_THE_FILE.values())}
    assert broken | set(NOT_BROKEN_HERE) == {rule.number for rule in RULES}
    assert not broken & set(NOT_BROKEN_HERE)
