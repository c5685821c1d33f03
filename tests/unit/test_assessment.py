# SPDX-License-Identifier: Apache-2.0
"""A test passes only when it judged something, all of it passed, and it was all that the test had declared."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.acceptance import Declaration, Declarations, DeclaredLimits, Standing
from bench.journal import Activities, Journal, JournalLine, read_lines
from bench.run import Assessment
from bench.trace import CitedRequirement
from groundfloor.errors import PlanError, PumpFailure
from groundfloor.inconclusive import Inconclusive
from metrology.uncertainty import Quantity
from metrology.verdict import DecisionRule, Limits, Measurement, Verdict, judge, required

LIMITS = Limits(-14.5, 14.5, "%", "a test")


@pytest.fixture
def assessment(tmp_path: Path) -> Iterator[Assessment]:
    journal = Journal(tmp_path / "journal.jsonl")
    yield Assessment("the test", Activities(journal))
    journal.close()


def measured(value: float, standard_uncertainty: float) -> Measurement:
    return Measurement("rate error", Quantity(value, "%", standard_uncertainty), LIMITS)


def test_a_test_that_judged_nothing_does_not_pass(assessment: Assessment) -> None:
    with pytest.raises(Inconclusive, match="without a single judgement"):
        assessment.conclude()


def test_a_test_passes_when_every_judgement_did(assessment: Assessment) -> None:
    assessment.add("rate", judge(measured(1.0, 0.5)))
    assessment.conclude()
    assert assessment.verdict is Verdict.PASS


def test_one_failure_among_passes_fails_the_test_and_is_named(assessment: Assessment) -> None:
    assessment.add("rate", judge(measured(1.0, 0.5)))
    assessment.add("rate", judge(measured(20.0, 0.5)))
    assessment.add("alarm", required("occlusion alarm", True, "it came"))
    with pytest.raises(PumpFailure, match="rate error"):
        assessment.conclude()


def test_what_did_not_pass_is_on_the_disk_at_once_and_what_passed_with_the_next_line_that_is_forced(
    assessment: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.journal.journal.monotonic_s", lambda: 100.0)
    assessment.add("alarm", required("occlusion alarm", True, "it came"))  # the first line of a journal always is
    forced_at: list[int] = []
    monkeypatch.setattr("os.fdatasync", lambda _file: forced_at.append((tmp_path / "journal.jsonl").stat().st_size))
    assessment.add("rate", judge(measured(1.0, 0.5)))
    assert forced_at == []
    assessment.add("rate", judge(measured(14.0, 2.0)))
    assert forced_at == [(tmp_path / "journal.jsonl").stat().st_size]
    assessment.add("rate", judge(measured(20.0, 0.5)))
    assert len(forced_at) == 2


def test_a_doubtful_value_beside_a_failure_stays_a_failure(assessment: Assessment) -> None:
    assessment.add("rate", judge(measured(14.0, 2.0)))
    assessment.add("alarm", required("occlusion alarm", False, "none came"))
    with pytest.raises(PumpFailure, match="none came"):
        assessment.conclude()


def test_a_doubtful_value_alone_is_inconclusive_and_no_failure_of_the_pump(assessment: Assessment) -> None:
    assessment.add("rate", judge(measured(14.0, 2.0)))
    with pytest.raises(Inconclusive) as raised:
        assessment.conclude()
    assert not isinstance(raised.value, AssertionError)


def test_every_judgement_is_in_the_journal(assessment: Assessment, tmp_path: Path) -> None:
    assessment.add("alarm", required("occlusion alarm", True, "it came"))
    assert '"kind":"judgement"' in (tmp_path / "journal.jsonl").read_text()


def test_many_values_that_fail_are_named_and_only_the_first_is_told_in_full(assessment: Assessment) -> None:
    assessment.add("rate", judge(measured(14.0, 2.0)))
    for value in (20.0, 30.0):
        assessment.add("rate", judge(measured(value, 0.5)))
    assessment.add("alarm", required("occlusion alarm", False, "none came"))
    with pytest.raises(PumpFailure) as raised:
        assessment.conclude()
    told = raised.value.seen
    assert told.startswith("FAIL rate error: 20.00 ± 0.98 %")
    assert "FAIL none came" in told
    assert told.endswith("did not pass either: rate error, rate error (INCONCLUSIVE)")


# --- what was declared ----------------------------------------------------------------------------------------------

RULE = DecisionRule.GUARD_BAND
CITED = CitedRequirement("DEL-002", 3, "0" * 64)
CLOCK = "the pump's clock keeps time"


def declarations() -> Declarations:
    figures = DeclaredLimits(-14.5, 14.5, "%", "a test")
    return Declarations(
        [
            Declaration("rate", "rate error", (CITED,), figures, "guard band", times=2),
            Declaration("alarm", "occlusion alarm", (), DeclaredLimits.yes_or_no("a test"), "guard band"),
            Declaration(CLOCK, CLOCK, (CITED,), None, "guard band", times=None),
        ]
    )


@pytest.fixture
def declared(tmp_path: Path) -> Iterator[Assessment]:
    journal = Journal(tmp_path / "journal.jsonl")
    yield Assessment("the test", Activities(journal), declarations())
    journal.close()


def lines_of(folder: Path, kind: str) -> list[JournalLine]:
    return [line for line in read_lines(folder / "journal.jsonl") if line.kind == kind]


def judge_all(assessment: Assessment) -> None:
    assessment.declare()
    assessment.judge("rate", measured(1.0, 0.5), RULE)
    assessment.add("alarm", required("occlusion alarm", True, "it came"))
    assessment.judge("rate", measured(2.0, 0.5), RULE)
    assessment.add_standing(Standing.CLOCK, required(CLOCK, True, "it gained 0.00 s"))


def test_a_test_passes_when_it_judged_all_that_it_declared(declared: Assessment) -> None:
    judge_all(declared)
    declared.conclude()
    assert (declared.verdict, declared.unset) == (Verdict.PASS, ())


@pytest.mark.parametrize(
    ("left_out", "unset"),
    [("rate", r"rate$"), ("alarm", r"alarm$"), ("clock", rf"{CLOCK}$"), ("everything", rf"rate, alarm, {CLOCK}$")],
)
def test_what_was_declared_and_not_judged_is_inconclusive_and_named(
    declared: Assessment, left_out: str, unset: str
) -> None:
    if left_out != "everything":
        declared.judge("rate", measured(1.0, 0.5), RULE)
        if left_out != "rate":
            declared.judge("rate", measured(1.0, 0.5), RULE)
        if left_out != "alarm":
            declared.add("alarm", required("occlusion alarm", True, "it came"))
        if left_out != "clock":
            declared.add_standing(Standing.CLOCK, required(CLOCK, True, "it kept it"))
    with pytest.raises(Inconclusive) as raised:
        declared.conclude()
    assert raised.value.seen.startswith("declared and not judged: ")
    assert re.search(unset, raised.value.seen)


def test_a_failure_stays_a_failure_and_names_what_was_not_judged_as_well(declared: Assessment) -> None:
    declared.judge("rate", measured(20.0, 0.5), RULE)
    with pytest.raises(PumpFailure) as raised:
        declared.conclude()
    assert raised.value.seen.endswith(f"; not judged: rate, alarm, {CLOCK}")


def test_what_is_judged_undeclared_is_an_error_of_the_plan_and_no_judgement(
    declared: Assessment, tmp_path: Path
) -> None:
    with pytest.raises(PlanError, match=r"'rates' was not declared .did you mean 'rate'"):
        declared.judge("rates", measured(1.0, 0.5), RULE)
    with pytest.raises(PlanError, match="'alarms' was not declared"):
        declared.add("alarms", required("occlusion alarm", True, "it came"))
    with pytest.raises(PlanError, match="was not declared"):
        declared.add_standing(Standing.QUIET, required("quiet", True, "none came"))
    assert declared.judgements == []
    assert lines_of(tmp_path, "judgement") == []


@pytest.mark.parametrize(
    "limits",
    [Limits(-60.0, 60.0, "%", "a test"), Limits(None, 14.5, "%", "a test"), Limits(-14.5, 14.5, "µL", "a test")],
)
def test_limits_that_were_not_declared_are_an_error_of_the_plan_and_no_judgement(
    declared: Assessment, limits: Limits, tmp_path: Path
) -> None:
    with pytest.raises(PlanError, match="declare the limits that the judgement has"):
        declared.judge("rate", Measurement("rate error", Quantity(1.0, limits.unit, 0.5), limits), RULE)
    assert lines_of(tmp_path, "judgement") == []


def test_a_figure_is_no_answer_to_what_was_declared_as_yes_or_no(declared: Assessment) -> None:
    with pytest.raises(PlanError, match="declared was a yes or a no"):
        declared.judge("alarm", measured(1.0, 0.5), RULE)


def test_a_judgement_says_in_the_journal_as_what_it_was_declared_and_for_which_requirement(
    declared: Assessment, tmp_path: Path
) -> None:
    judge_all(declared)
    reference = {"id": "DEL-002", "revision": 3, "text_sha256": "0" * 64}
    told = [(line.data["declared"], line.data["requirements"]) for line in lines_of(tmp_path, "judgement")]
    assert told == [("rate", [reference]), ("alarm", []), ("rate", [reference]), (CLOCK, [reference])]


def test_what_is_declared_is_in_the_journal_with_its_figures(declared: Assessment, tmp_path: Path) -> None:
    declared.declare()
    rate, alarm, clock = (line.data for line in lines_of(tmp_path, "judgement-declared"))
    assert (rate["name"], rate["measurand"], rate["times"], rate["rule"]) == ("rate", "rate error", 2, "guard band")
    assert (rate["lower"], rate["upper"], rate["unit"], rate["limits_source"]) == (-14.5, 14.5, "%", "a test")
    assert rate["requirements"] == [{"id": "DEL-002", "revision": 3, "text_sha256": "0" * 64}]
    assert (alarm["lower"], alarm["upper"], alarm["unit"]) == (None, None, "")
    assert (clock["name"], clock["times"]) == (CLOCK, None)


def test_a_test_that_is_replayed_declares_and_judges_the_same_and_writes_nothing_twice(
    declared: Assessment, tmp_path: Path
) -> None:
    judge_all(declared)
    path = tmp_path / "journal.jsonl"
    written = path.read_bytes()
    past = [line for line in read_lines(path) if line.kind.startswith("judgement")]
    (tmp_path / "resumed").mkdir()
    journal = Journal(tmp_path / "resumed" / "journal.jsonl")
    activities = Activities(journal)
    activities.replay(iter(past))
    again = Assessment("the test", activities, declarations())
    judge_all(again)
    again.conclude()
    journal.close()
    assert [one.declared for one in again.judgements] == ["rate", "alarm", "rate", CLOCK]
    assert [one.verdict for one in again.judgements] == [one.verdict for one in declared.judgements]
    assert lines_of(tmp_path / "resumed", "judgement") == []
    assert lines_of(tmp_path / "resumed", "judgement-declared") == []
    assert path.read_bytes() == written


def test_a_script_declares_nothing_and_judges_what_it_likes(assessment: Assessment, tmp_path: Path) -> None:
    assessment.declare()
    assessment.judge("anything", measured(1.0, 0.5), RULE)
    assessment.conclude()
    (line,) = lines_of(tmp_path, "judgement")
    assert (line.data["declared"], line.data["requirements"]) == ("anything", [])
    assert lines_of(tmp_path, "judgement-declared") == []
