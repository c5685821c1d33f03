# SPDX-License-Identifier: Apache-2.0
"""How long the loop was left alone stands beside the journal, is told by the summary, and decides nothing."""

import json

import pytest

from bench.absence import AbsenceFound
from reports.derived_files import differences
from reports.loop_absence import LoopAbsence
from reports.summary import summarise

FOUND = AbsenceFound(turns=100, longest_ms=7.5, mostly_ms=5.25, longest_wall_ms=20.0, mostly_wall_ms=9.75)


@pytest.fixture
def run(run_of):
    run = run_of("a")
    run.start()
    run.whole_test("a")
    run.end()
    return run


def test_what_was_counted_stands_in_the_summary(run):
    without = summarise(run.folder)
    assert without.absence is None
    LoopAbsence.of(FOUND).write(run.folder)
    summary = summarise(run.folder)
    assert summary.absence is not None
    assert (summary.absence.turns, summary.absence.longest_ms, summary.absence.mostly_ms) == (100, 7.5, 5.25)
    assert summary.model_copy(update={"absence": None}) == without
    assert not differences(run.folder, summary)


def test_a_summary_that_tells_another_absence_is_named(run):
    LoopAbsence.of(FOUND).write(run.folder)
    summarise(run.folder)
    path = run.folder / "summary.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["absence"]["longest_ms"] = 1.0
    path.write_text(json.dumps(content), encoding="utf-8")
    (wrong,) = differences(run.folder, summarise_again(run))
    assert str(wrong) == "summary.json says something else in absence"


def summarise_again(run):
    path = run.folder / "summary.json"
    changed = path.read_bytes()
    summary = summarise(run.folder)
    path.write_bytes(changed)
    return summary


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"turns": 1}',
        '{"turns": -1, "longest_ms": 1, "mostly_ms": 1, "longest_wall_ms": 1, "mostly_wall_ms": 1}',
        '{"turns": 1, "longest_ms": NaN, "mostly_ms": 1, "longest_wall_ms": 1, "mostly_wall_ms": 1}',
        '{"turns": 1, "longest_ms": 1e999, "mostly_ms": 1, "longest_wall_ms": 1, "mostly_wall_ms": 1}',
        '{"turns": 1, "longest_ms": 1, "mostly_ms": 1, "longest_wall_ms": 1, "mostly_wall_ms": 1, "verdict": "PASS"}',
        "[" * 100_000,
    ],
    ids=lambda content: content[:12],
)
def test_a_file_that_is_none_of_ours_tells_nothing(run, content):
    (run.folder / "absence.json").write_text(content, encoding="utf-8")
    assert summarise(run.folder).absence is None
