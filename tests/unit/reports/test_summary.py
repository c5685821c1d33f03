# SPDX-License-Identifier: Apache-2.0
import json

import pytest

from groundfloor.errors import BenchFault
from metrology.verdict import Verdict
from reports.summary import Summary, summarise


def summary_of_verdicts(run_of, *verdicts):
    run = run_of(*(f"test_{number}" for number in range(len(verdicts))))
    run.start()
    for number, verdict in enumerate(verdicts):
        run.whole_test(f"test_{number}", verdict)
    run.end()
    return summarise(run.folder)


@pytest.mark.parametrize(
    ("verdicts", "overall", "exit_code"),
    [
        (["pass", "pass"], "PASS", 0),
        (["pass", "fail"], "FAIL", 1),
        (["pass", "inconclusive"], "INCONCLUSIVE", 3),
        (["pass", "blocked"], "BLOCKED", 3),
        (["blocked", "inconclusive"], "BLOCKED", 3),
        (["inconclusive", "fail", "blocked"], "FAIL", 1),
    ],
)
def test_the_worst_verdict_speaks_for_the_run(run_of, verdicts, overall, exit_code):
    summary = summary_of_verdicts(run_of, *verdicts)
    assert summary.verdict.name == overall
    assert summary.exit_code == exit_code


def test_each_test_has_its_values_with_unit_limits_and_verdict(run_of):
    summary = summary_of_verdicts(run_of, "pass", "fail")
    entry = summary.tests[1]
    assert entry.node == "test_1"
    assert entry.requirements == ("DEL-001",)
    assert entry.risk_controls == ("RC-001",)
    value = entry.values[0]
    assert (value.value, value.unit, value.expanded_uncertainty) == (1000.0, "µL", 2.0)
    assert (value.lower, value.upper, value.verdict) == (855.0, 1145.0, Verdict.FAIL)
    assert summary.counts == {"PASS": 1, "FAIL": 1, "INCONCLUSIVE": 0, "BLOCKED": 0, "NOT_RUN": 0}


def test_a_test_that_never_started_keeps_the_run_from_passing(run_of):
    run = run_of("a", "b", "c")
    run.start()
    run.whole_test("b")
    run.end()
    summary = summarise(run.folder)
    assert summary.not_run == ("a", "c")
    assert summary.counts["NOT_RUN"] == 2
    assert (summary.verdict.name, summary.exit_code) == ("INVALID", 6)


def test_a_failure_stays_a_failure_when_other_tests_never_started(run_of):
    run = run_of("a", "b")
    run.start()
    run.whole_test("a", "fail")
    assert summarise(run.folder).exit_code == 1


def test_an_aborted_run_does_not_pass_though_every_test_did(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a")
    summary = summarise(run.folder)
    assert summary.aborted
    assert (summary.verdict, summary.exit_code) == (Verdict.BLOCKED, 3)
    assert any("aborted" in trouble for trouble in summary.troubles)


def test_a_test_cut_short_is_blocked_and_says_so(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.judge("pass")
    entry = summarise(run.folder).tests[0]
    assert entry.verdict is Verdict.BLOCKED
    assert entry.reason == "the run ended before this test did"
    assert entry.ended_s is None


def test_a_failure_judged_before_the_run_died_is_not_hidden_by_it(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.judge("fail")
    summary = summarise(run.folder)
    assert summary.tests[0].verdict is Verdict.FAIL
    assert summary.tests[0].reason == "reason of fail"
    assert summary.exit_code == 1


def test_a_torn_last_line_is_told_and_not_fatal(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a")
    run.end()
    run.journal.path.write_bytes(run.journal.path.read_bytes()[:-10])
    summary = summarise(run.folder)
    assert summary.aborted
    assert any("last line" in trouble for trouble in summary.troubles)
    assert summary.tests[0].verdict is Verdict.PASS
    assert summary.exit_code == 3


def test_a_pass_over_a_failed_judgement_is_a_failure(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.judge("pass")
    run.judge("fail")
    run.end_test("a", "pass", "every judgement passed")
    run.end()
    entry = summarise(run.folder).tests[0]
    assert (entry.verdict, entry.reason) == (Verdict.FAIL, "reason of fail")


def test_a_pass_without_a_judgement_is_inconclusive(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.end_test("a", "pass")
    run.end()
    summary = summarise(run.folder)
    assert summary.tests[0].verdict is Verdict.INCONCLUSIVE
    assert "without a single judgement" in summary.tests[0].reason
    assert summary.exit_code == 3


@pytest.mark.parametrize("verdict", ["blocked", "inconclusive"])
def test_an_end_worse_than_all_judgements_keeps_its_own_reason(run_of, verdict):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.judge("pass")
    run.end_test("a", verdict, "the balance went silent")
    run.end()
    entry = summarise(run.folder).tests[0]
    assert (entry.verdict, entry.reason) == (Verdict[verdict.upper()], "the balance went silent")


def test_a_missing_list_of_tests_keeps_the_run_from_passing(run_of):
    run = run_of(None)
    run.start()
    run.whole_test("a")
    run.end()
    summary = summarise(run.folder)
    assert (summary.verdict.name, summary.exit_code) == ("INVALID", 6)
    assert any("collected.json is missing" in trouble for trouble in summary.troubles)


def test_a_test_that_nobody_collected_keeps_the_run_from_passing(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a")
    run.whole_test("stranger")
    run.end()
    summary = summarise(run.folder)
    assert (summary.verdict.name, summary.exit_code) == ("INVALID", 6)
    assert "stranger ran but was not collected" in summary.troubles


def test_a_run_of_no_tests_does_not_pass(run_of):
    run = run_of()
    run.start()
    run.end()
    summary = summarise(run.folder)
    assert (summary.verdict, summary.exit_code) == (Verdict.BLOCKED, 3)


def test_a_bench_that_did_not_open_is_told(run_of):
    run = run_of("a")
    run.start(pump=None, rig=None, balance=None, epoch_utc=None, trouble="pump: open: port closed")
    run.whole_test("a", "blocked")
    run.end()
    summary = summarise(run.folder)
    assert summary.troubles == ("pump: open: port closed",)
    assert summary.exit_code == 3


def test_a_run_that_never_asked_for_a_bench_is_summarised_and_does_not_pass(run_of):
    run = run_of("a")
    run.whole_test("a")
    run.end()
    summary = summarise(run.folder)
    assert summary.run is None
    assert summary.simulated is None
    assert summary.exit_code == 3


def test_a_judgement_outside_any_test_keeps_the_run_from_passing(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a")
    run.judge("fail")
    run.end()
    assert summarise(run.folder).exit_code == 3


def test_the_file_is_the_same_for_the_same_run_and_reads_back(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a", "fail")
    run.end()
    summary = summarise(run.folder)
    first = (run.folder / "summary.json").read_bytes()
    summarise(run.folder)
    assert (run.folder / "summary.json").read_bytes() == first
    assert Summary.load(run.folder / "summary.json") == summary
    content = json.loads(first)
    assert content["simulated"] is True
    assert content["tests"][0]["verdict"] == "FAIL"
    assert list(content) == sorted(content)


def test_a_line_of_another_version_is_a_bench_fault_that_names_it(run_of):
    run = run_of("a")
    run.start()
    run.odd("test-started", node="a")
    with pytest.raises(BenchFault, match="test-started"):
        summarise(run.folder)


def test_a_verdict_nobody_knows_is_refused(run_of):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.odd("test-ended", node="a", verdict="passed", reason="")
    with pytest.raises(BenchFault, match="test-ended"):
        summarise(run.folder)


def test_the_deciding_value_is_the_worst_and_of_equals_the_closest_to_its_limit(run_of):
    run = run_of("a", "b")
    run.start()
    run.start_test("a")
    run.judge("pass", name="far", value=1000.0)
    run.judge("pass", name="near", value=1140.0)
    run.judge("pass", name="event", value=None, lower=None, upper=None)
    run.end_test("a", "pass")
    run.start_test("b")
    run.judge("inconclusive", name="unsure")
    run.judge("pass", name="near", value=1140.0)
    run.end_test("b", "inconclusive")
    run.end()
    first, second = summarise(run.folder).tests
    assert first.deciding_value is not None
    assert first.deciding_value.name == "near"
    assert second.deciding_value is not None
    assert second.deciding_value.name == "unsure"


def test_a_bench_that_could_not_be_left_safe_keeps_the_run_from_passing(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a")
    run.journal.write("run-ended", reason="ok", troubles=["bench: enter the safe state: no answer"])
    summary = summarise(run.folder)
    assert (summary.verdict, summary.exit_code) == (Verdict.BLOCKED, 3)
    assert summary.troubles == ("bench: enter the safe state: no answer",)
