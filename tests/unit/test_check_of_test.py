# SPDX-License-Identifier: Apache-2.0
"""What a test declared and what it judged fit together, also where nothing could be weighed any more."""

import pytest

from bench.journal.lines import Judgement, JudgementDeclared, TestEnded, TestStarted
from bench.recorded.check_of_test import check_test
from bench.recorded.recorded_run import RecordedTest
from metrology.verdict import YES_OR_NO, Verdict

NODE = "plans/test_bolus.py::test_day"
VOLUME = "when the day is over: volume"


def judged(verdict: Verdict, declared: JudgementDeclared) -> list[str]:
    test = RecordedTest(
        started=TestStarted(node=NODE, title="A day", chapter="bolus"),
        started_s=0.0,
        declared=(declared,),
        judgements=(Judgement(name="volume", verdict=verdict, reason="seen", declared=VOLUME, rule=YES_OR_NO),),
        ended=TestEnded(node=NODE, verdict=Verdict.FAIL, reason="cut short"),
        ended_s=None,
    )
    return [str(one.recorded) for one in check_test(test, None, None)]


FIGURE = JudgementDeclared(name=VOLUME, lower=17.1, upper=22.9, unit="µL", limits_source="profile", rule="guard band")


@pytest.mark.parametrize("verdict", [Verdict.FAIL, Verdict.INCONCLUSIVE])
def test_what_never_came_or_could_not_be_weighed_ends_without_a_figure(verdict: Verdict) -> None:
    assert judged(verdict, FIGURE) == []


def test_nothing_passes_without_the_figure_that_was_declared() -> None:
    assert judged(Verdict.PASS, FIGURE)[0] == "a yes or a no"
