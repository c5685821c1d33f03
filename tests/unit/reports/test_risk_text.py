# SPDX-License-Identifier: Apache-2.0
"""Rule, risk and TUR stand beside each verdict: in the table, in the summary, in the step of the report."""

import io

import msgspec
import pytest
from rich.console import Console

from bench.journal.lines import Judgement
from metrology.uncertainty import Quantity
from metrology.verdict import DecisionRule, Limits, Measurement, judge
from reports.allure_judgement import in_full
from reports.entry import MeasuredValue
from reports.risk_text import risk_text
from reports.summary import summarise
from reports.verdict_table import verdict_table

BOTH = Limits(-14.5, 14.5, "%", "labelling")


def judged(value, uncertainty=1.0, limits=BOTH, rule=DecisionRule.GUARD_BAND):
    return judge(Measurement("rate error", Quantity(value, limits.unit, uncertainty), limits), rule).as_dict()


@pytest.mark.parametrize(
    ("judgement", "text"),
    [
        (judged(12.0), "TUR 7.4; risk of false accept at most 2.5 % by the rule, 0.621 % for this value"),
        (judged(0.0), "TUR 7.4; risk of false accept at most 2.5 % by the rule, under 0.0001 % for this value"),
        (judged(13.0), "TUR 7.4; inside the limits with probability 93.3 %"),
        (judged(17.0), "TUR 7.4; risk of false reject 0.621 % for this value"),
        (
            judged(14.0, rule=DecisionRule.SIMPLE),
            "TUR 7.4; risk of false accept at most 50 % by the rule, 30.9 % for this value",
        ),
        (
            judged(60.0, limits=Limits(None, 62.0, "s", "profile")),
            "risk of false accept at most 2.5 % by the rule, 2.28 % for this value",
        ),
        (judged(0.0, 0.0), "risk of false accept at most 2.5 % by the rule, under 0.0001 % for this value"),
        ({"name": "alarm", "verdict": "PASS", "reason": "it came"}, ""),
    ],
)
def test_the_risk_is_told_in_words(judgement, text):
    assert risk_text(MeasuredValue.model_validate(judgement)) == text


def test_a_journal_that_was_written_before_tells_no_risk_and_is_read(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a")
    run.end()
    (value,) = summarise(run.folder).tests[0].values
    assert (value.uncertainty_ratio, value.conformance_probability, risk_text(value)) == (None, None, "")


def test_the_summary_and_the_table_hold_what_the_journal_holds(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    told = judged(12.0, rule=DecisionRule.SIMPLE)
    run.judge(told.pop("verdict"), **told)
    run.end_test("a", "pass")
    run.end()
    summary = summarise(run.folder)
    (value,) = summary.tests[0].values
    assert value.uncertainty_ratio == pytest.approx(14.5 / 1.959964)
    assert value.worst_false_accept == 0.5
    assert value.conformance_probability == pytest.approx(0.99379, abs=1e-5)
    for width, shown in ((200, "│ 7.4 "), (80, "TUR 7.4")):
        console = Console(file=io.StringIO(), width=width, color_system=None)
        console.print(verdict_table(summary, width))
        assert shown in console.file.getvalue()
        told = " ".join(console.file.getvalue().split())
        assert "Decision rule: simple acceptance, ILAC-G8:09/2019 (false accept up to 50 % at a limit)" in told


def test_what_stands_inside_a_step_of_the_report_tells_rule_and_risk():
    told = in_full(msgspec.convert(judged(12.0), Judgement))
    assert told.startswith("PASS: rate error: 12.0 ± 2.0 % (k = 1.96) is inside")
    assert "- Rule: guard band w = U, ILAC-G8:09/2019 (false accept below 2.5 %)" in told
    assert "- Risk: TUR 7.4; risk of false accept at most 2.5 % by the rule, 0.621 % for this value" in told
