# SPDX-License-Identifier: Apache-2.0
"""A stored run is judged by another profile or rule from what it recorded, and by nothing else."""

import pytest

from bench.journal.lines import Judgement, JudgementDeclared, TestEnded, TestStarted
from bench.recorded import RecordedTest
from metrology.verdict import YES_OR_NO, DecisionRule, Verdict
from reports.replay import DeclaredLimits
from reports.replay.replay import MADE_BY_THE_TEST, NOT_DECLARED, judged_once_more

NODE = "test_plans/test_delivery.py::test_rate"
OF_PROGRAM = {"unit": "%", "relative_to": "programmed volume", "limits_source": "profile p: accuracy_percent"}


def declared(lower: float | None = 85.5, upper: float | None = 114.5, **more) -> JudgementDeclared:
    return JudgementDeclared(name="volume", lower=lower, upper=upper, **{**OF_PROGRAM, **more})


def limits(lower: float | None, upper: float | None, **more) -> DeclaredLimits:
    return DeclaredLimits.of(declared(lower, upper, **more))


def judged(value=42.7, expanded=0.43, lower=35.91, upper=48.09, verdict=Verdict.PASS, **more) -> Judgement:
    told = {"rule": DecisionRule.GUARD_BAND.words, "unit": "µL", "declared": "volume", "measurand": "volume"}
    return Judgement(
        id="J-0001", name="volume", verdict=verdict, reason="", value=value, expanded_uncertainty=expanded, lower=lower,
        upper=upper, **{**told, **more},
    )  # fmt: skip


def recorded(*judgements: Judgement, ended=Verdict.PASS, reason="", **more) -> RecordedTest:
    return RecordedTest(
        started=TestStarted(id="T-0001", node=NODE, title="A rate", chapter="delivery"),
        started_s=0.0,
        declared=(declared(**more),),
        judgements=judgements,
        ended=TestEnded(id="T-0001", node=NODE, verdict=ended, reason=reason),
        ended_s=1.0,
    )


def again(test: RecordedTest, now: DeclaredLimits | None = None, rule: DecisionRule | None = None):
    judgements, tests = judged_once_more((test,), {(NODE, "volume"): now} if now is not None else None, rule)
    (of_test,) = tests
    return judgements[0], of_test[1:]


@pytest.mark.parametrize(
    ("percent", "verdict"),
    [(14.5, Verdict.PASS), (3.0, Verdict.PASS), (2.0, Verdict.INCONCLUSIVE), (0.5, Verdict.FAIL)],
)
def test_a_share_of_the_programmed_volume_follows_the_other_profile(percent, verdict):
    found, tests = again(recorded(judged()), limits(100 - percent, 100 + percent))
    assert (found.lower, found.upper) == pytest.approx((0.42 * (100 - percent), 0.42 * (100 + percent)))
    assert found.verdict is verdict
    assert tests == (Verdict.PASS, verdict)


def test_limits_in_a_unit_of_their_own_are_those_of_the_other_profile():
    seconds = {"unit": "s", "relative_to": ""}
    late = judged(lower=None, upper=300.0, unit="s", value=250.0)
    found, _ = again(recorded(late, lower=None, upper=300.0, **seconds), limits(None, 200.0, **seconds))
    assert (found.lower, found.upper, found.verdict) == (None, 200.0, Verdict.FAIL)


@pytest.mark.parametrize(
    ("test", "now", "remark"),
    [
        (recorded(judged(lower=35.0)), limits(99.0, 101.0), MADE_BY_THE_TEST),
        (recorded(judged(lower=None)), limits(99.0, 101.0), MADE_BY_THE_TEST),
        (recorded(judged()), limits(None, 101.0), MADE_BY_THE_TEST),
        (recorded(judged()), limits(99.0, 101.0, unit="µL", relative_to=""), MADE_BY_THE_TEST),
        (recorded(judged(declared="another")), limits(99.0, 101.0), NOT_DECLARED),
    ],
    ids=["another share", "one side then", "one side now", "another unit", "nothing declared"],
)
def test_limits_that_the_profile_alone_does_not_make_stand_and_it_is_told(test, now, remark):
    found, _ = again(test, now)
    assert (found.lower, found.upper) == (test.judgements[0].lower, test.judgements[0].upper)
    assert (found.verdict, found.remark) == (Verdict.PASS, remark)


def test_another_rule_counts_u_as_it_says():
    near = judged(value=48.0, verdict=Verdict.INCONCLUSIVE)
    found, _ = again(recorded(near), rule=DecisionRule.SIMPLE)
    assert (found.verdict, found.rule) == (Verdict.PASS, DecisionRule.SIMPLE.words)
    assert found.turned


def test_what_is_in_doubt_passes_by_no_profile():
    found, _ = again(recorded(judged(qualifiers=("a draught",), verdict=Verdict.INCONCLUSIVE)), limits(0.0, 200.0))
    assert found.verdict is Verdict.INCONCLUSIVE


def test_a_yes_or_a_no_stays():
    no = judged(value=None, expanded=None, lower=None, upper=None, rule=YES_OR_NO, verdict=Verdict.FAIL)
    found, tests = again(recorded(no, ended=Verdict.FAIL), limits(0.0, 200.0))
    assert found.verdict is Verdict.FAIL
    assert tests == (Verdict.FAIL, Verdict.FAIL)


@pytest.mark.parametrize("ended", [Verdict.FAIL, Verdict.BLOCKED, Verdict.INCONCLUSIVE])
def test_what_a_test_ended_with_beside_its_judgements_stays(ended):
    _, tests = again(recorded(judged(), ended=ended, reason="pump: alarm: none came"), limits(80.0, 120.0))
    assert tests == (ended, ended)


@pytest.mark.parametrize(
    ("reason", "now"),
    [
        ("pump: judge: volume", Verdict.PASS),
        ("bench: judge: volume", Verdict.PASS),
        ("pump: alarm: none", Verdict.FAIL),
    ],
)
def test_a_test_that_failed_by_its_judgements_alone_may_pass_by_wider_limits(reason, now):
    bad = judged(value=50.0, verdict=Verdict.FAIL)
    _, tests = again(recorded(bad, ended=Verdict.FAIL, reason=reason), limits(50.0, 150.0))
    assert tests == (Verdict.FAIL, now)
