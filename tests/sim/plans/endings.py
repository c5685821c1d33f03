# SPDX-License-Identifier: Apache-2.0
"""A plan whose tests end in every way there is; test_verdict_precedence.py runs it and looks at the verdicts."""

from collections.abc import Iterator

import pytest

from bench.bench import Bench
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from groundfloor.errors import BenchFault, PlanError
from groundfloor.inconclusive import Inconclusive
from test_plans.criteria import answered_as_promised
from test_plans.markers import judges

RATE_UL_PER_H = 1000.0


GOOD = "the pump is good"
is_good = judges((), GOOD, answered_as_promised)


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> "Judge":
    """Asked for here, an infusion declares nothing of its own: none is made."""
    return Judge(request.getfixturevalue("infusion"))


class Judge:
    """Judges without infusing anything."""

    def __init__(self, infusion: InfusionFactory) -> None:
        self._infusion = infusion(Continuous(RATE_UL_PER_H))

    def __call__(self, good: bool) -> None:
        self._infusion.judge_that(GOOD, good, "as the plan says")


@pytest.fixture
def cannot_be_put_away() -> Iterator[None]:
    yield
    raise BenchFault("operator panel", "switch off", "it does not answer", "switch it off by hand")


@pytest.fixture
def cannot_be_set_up() -> None:
    raise BenchFault("operator panel", "switch on", "it does not answer", "look at its plug")


@is_good
def test_pass(judge: Judge) -> None:
    judge(True)


@is_good
def test_fail(judge: Judge) -> None:
    judge(False)


def test_nothing_judged(bench: Bench) -> None:
    assert bench.simulated


@is_good
def test_inconclusive(judge: Judge) -> None:
    judge(True)
    raise Inconclusive("balance", "weigh", "it rocked", "weigh again")


@is_good
def test_bench_fault_after_a_pass(judge: Judge) -> None:
    judge(True)
    raise BenchFault("rig", "move", "it is stuck", "free it")


@is_good
def test_bench_fault_after_a_failure(judge: Judge) -> None:
    judge(False)
    raise BenchFault("rig", "move", "it is stuck", "free it")


@is_good
def test_plan_error_after_a_pass(judge: Judge) -> None:
    judge(True)
    raise PlanError("plan", "choose a rate", "there is none", "choose one")


@is_good
def test_mistake_after_a_pass(judge: Judge) -> None:
    judge(True)
    raise ZeroDivisionError("a mistake in the plan")


def test_assertion(bench: Bench) -> None:
    assert not bench.simulated, "as the plan says"


@is_good
@pytest.mark.usefixtures("cannot_be_put_away")
def test_bad_teardown_after_a_pass(judge: Judge) -> None:
    judge(True)


@is_good
@pytest.mark.usefixtures("cannot_be_put_away")
def test_bad_teardown_after_a_failure(judge: Judge) -> None:
    judge(False)


@is_good
@pytest.mark.usefixtures("cannot_be_set_up")
def test_bad_setup(judge: Judge) -> None:
    judge(True)


@is_good
def test_after_all_that(judge: Judge) -> None:
    judge(True)
