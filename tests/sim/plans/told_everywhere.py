# SPDX-License-Identifier: Apache-2.0
"""A plan whose tests end in every way there is, each after it declared what it judges; see test_told_everywhere.py."""

from collections.abc import Callable

import pytest

from bench.bench import Bench
from fixtures.run_session import RunSession
from groundfloor.errors import BenchFault
from groundfloor.inconclusive import Inconclusive
from metrology.uncertainty import Quantity
from metrology.verdict import Limits, Measurement
from test_plans.criteria import unintended_bolus
from test_plans.markers import judges

Judge = Callable[[float], None]
NAME = "unintended bolus"
GOOD_UL, BAD_UL, UNDECIDED = 1.0, 900.0, 1.0
once = judges("CAT-003", NAME, unintended_bolus)


@pytest.fixture
def judge(_run_session: RunSession, bench: Bench) -> Judge:
    assessment, rule = _run_session.assessment, _run_session.profile.decision_rule

    def judge_volume(share_of_limit: float) -> None:
        declared = assessment.declared(NAME)
        assert declared is not None
        assert declared.limits is not None
        assert declared.limits.upper is not None
        limits = Limits(None, declared.limits.upper, declared.limits.unit, declared.limits.source)
        volume = Quantity(share_of_limit * declared.limits.upper, "µL", 0.2)
        assessment.judge(NAME, Measurement(NAME, volume, limits), rule)

    return judge_volume


@pytest.fixture
def skips_by_itself() -> None:
    pytest.skip("its fixture is not there today")


@pytest.fixture
def cannot_be_put_away(bench: Bench):  # type: ignore[no-untyped-def]
    yield
    raise BenchFault("operator panel", "switch off", "it does not answer", "switch it off by hand")


@once
def test_pass(judge: Judge) -> None:
    judge(0.5)


@once
def test_fail(judge: Judge) -> None:
    judge(2.0)


@once
def test_inconclusive(judge: Judge) -> None:
    judge(1.0)


@once
def test_nothing_judged(bench: Bench) -> None:
    assert bench.simulated


@once
def test_raises_inconclusive(judge: Judge) -> None:
    judge(0.5)
    raise Inconclusive("balance", "weigh", "it rocked", "weigh again")


@once
def test_blocked(judge: Judge) -> None:
    judge(0.5)
    raise BenchFault("rig", "move", "it is stuck", "free it")


@once
def test_mistake(judge: Judge) -> None:
    judge(0.5)
    raise ZeroDivisionError("a mistake in the plan")


@once
def test_skips_after_a_fail(judge: Judge) -> None:
    judge(2.0)
    pytest.skip("enough seen")


@once
def test_skips_after_a_pass(judge: Judge) -> None:
    judge(0.5)
    pytest.skip("enough seen")


@pytest.mark.skip(reason="not today")
@once
def test_marked_skip(judge: Judge) -> None:
    judge(0.5)


@pytest.mark.usefixtures("skips_by_itself")
@once
def test_skipped_by_a_fixture(judge: Judge) -> None:
    judge(0.5)


@once
def test_gives_up_after_a_fail(judge: Judge) -> None:
    judge(2.0)
    pytest.xfail("known")


@once
def test_gives_up(judge: Judge) -> None:
    judge(0.5)
    pytest.xfail("known")


@pytest.mark.xfail(strict=True)
@once
def test_strictly_expected_to_fail_and_fails(judge: Judge) -> None:
    judge(2.0)


@pytest.mark.xfail(strict=False)
@once
def test_expected_to_fail_and_fails(judge: Judge) -> None:
    judge(2.0)


@pytest.mark.xfail(strict=True)
@once
def test_strictly_expected_to_fail_and_passes(judge: Judge) -> None:
    judge(0.5)


@pytest.mark.xfail(strict=False)
@once
def test_expected_to_fail_and_passes(judge: Judge) -> None:
    judge(0.5)


@pytest.mark.usefixtures("cannot_be_put_away")
@once
def test_bad_teardown_after_a_fail(judge: Judge) -> None:
    judge(2.0)


@pytest.mark.usefixtures("cannot_be_put_away")
@once
def test_bad_teardown_after_a_pass(judge: Judge) -> None:
    judge(0.5)
