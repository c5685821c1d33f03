# SPDX-License-Identifier: Apache-2.0
"""A test passes only when it judged something and all of it passed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.journal import Activities, Journal
from bench.run import Assessment
from groundfloor.errors import PumpFailure
from groundfloor.inconclusive import Inconclusive
from metrology.uncertainty import Quantity
from metrology.verdict import Limits, Measurement, Verdict, judge, required

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
