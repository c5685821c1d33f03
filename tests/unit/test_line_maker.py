# SPDX-License-Identifier: Apache-2.0
"""A line that does not fit its model is an error of ours when it is written; ids are counted from the lines alone."""

from pathlib import Path
from typing import Any

import pytest

from bench.journal import Activities, Journal, read_lines
from bench.journal.line_maker import LineMaker
from bench.journal.lines import Judgement, Mark, TestStarted, growths
from groundfloor.errors import PlanError
from tests.unit.reports.conftest import sample_data

STARTED = {"node": "a", "title": "A", "chapter": "c"}
JUDGED = {"name": "volume", "verdict": "PASS", "reason": "inside"}


@pytest.mark.parametrize(
    ("kind", "data", "says"),
    [
        ("novelty", {}, "has no model|no model"),
        ("event", {"what": "novelty", "title": ""}, "no model"),
        ("activity", {"what": "novelty", "result": {}}, "no model"),
        ("event", {"title": "of nothing"}, "no model"),
        ("step", {"infusion": "x"}, "title"),
        ("step", {"title": "x", "colour": "red"}, "colour"),
        ("step", {"title": 5}, "title"),
        ("judgement", {**JUDGED, "verdict": "passed"}, "verdict"),
        ("judgement", {**JUDGED, "value": float("nan")}, "JSON"),
        ("activity", {"what": "waited", "result": {"now_s": 1.0, "more": 2}}, "result.more"),
        ("activity", {"what": "waited", "result": {"now_s": "soon"}}, "now_s"),
    ],
)
def test_a_line_that_does_not_fit_its_model_is_told_and_not_written(
    tmp_path: Path, kind: str, data: dict[str, Any], says: str
) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    with pytest.raises(PlanError, match=says):
        journal.write(kind, **data)
    assert journal.position == 0
    journal.close()


@pytest.mark.parametrize("name", [name for name, _ in sample_data(0.0, "x").items() if name != "infusion"])
def test_a_sample_needs_every_column_in_its_type(tmp_path: Path, name: str) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("infusion-started", infusion="x")
    with pytest.raises(PlanError, match=name):
        journal.sample(**{key: value for key, value in sample_data(0.0, "x").items() if key != name})
    with pytest.raises(PlanError, match=name):
        journal.sample(**sample_data(0.0, "x", **{name: {}}))
    journal.close()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_no_sample_holds_a_number_that_is_none(tmp_path: Path, value: float) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("infusion-started", infusion="x")
    with pytest.raises(PlanError):
        journal.sample(**sample_data(0.0, "x", mass_g=value))
    journal.close()


def test_ids_are_counted_in_a_run_and_infusions_are_known_by_their_names_in_a_test() -> None:
    maker = LineMaker()
    ids = []
    for node in ("a", "b"):
        maker.make("test-started", {**STARTED, "node": node})
        for _ in range(2):
            begun = maker.make("infusion-started", {"infusion": "basal"})
            judged = maker.make("judgement", JUDGED)
            assert isinstance(judged, Judgement)
            ids.append((judged.test, judged.infusion, judged.id))
            assert begun.infusion == judged.infusion  # type: ignore[attr-defined]
        maker.make("test-ended", {"node": node, "verdict": "PASS", "reason": ""})
    assert ids == [
        ("T-0001", "I-0001", "J-0001"),
        ("T-0001", "I-0002", "J-0002"),
        ("T-0002", "I-0003", "J-0003"),
        ("T-0002", "I-0004", "J-0004"),
    ]
    after = maker.make("event", {"what": "paused", "title": ""})
    assert (after.test, after.infusion) == ("", "")  # type: ignore[attr-defined]


def test_a_run_that_is_gone_on_with_goes_on_counting(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("test-started", **STARTED)
    journal.write("infusion-started", infusion="basal")
    journal.sample(**sample_data(0.0, "basal"))
    first = Activities(journal).note("judgement", **JUDGED)
    journal.close()
    resumed = Journal.reopen(journal.path, lambda: 1.0)
    resumed.sample(**sample_data(1.0, "basal"))
    line = resumed.write("judgement", **JUDGED)
    assert isinstance(line, Judgement)
    assert (first, line.id, line.test, line.infusion) == ("J-0001", "J-0002", "T-0001", "I-0001")
    begun = resumed.write("test-started", **STARTED)
    assert isinstance(begun, TestStarted)
    assert begun.id == "T-0002"
    resumed.close()


def test_an_activity_returns_the_id_of_its_line_and_the_same_when_it_is_replayed(tmp_path: Path) -> None:
    mass = {"time_s": 1.0, "mass_g": 2.0, "standard_uncertainty_mg": 0.1, "scatter_mg": 0.1, "dof": 9, "readings": 11}
    air = {"temperature_c": 20.0, "air_pressure_hpa": 1000.0, "humidity_percent": 50.0}
    result = {"mass": mass, "device_clock_s": 1.0, "counter_ul": 0.0, "conditions": air}
    journal = Journal(tmp_path / "journal.jsonl")
    done = Activities(journal).do("mark", lambda: result, "mark")
    assert done["id"] == "M-0001"
    end = journal.position
    resumed = Activities(journal)
    resumed.replay(read_lines(journal.path, 0, end))
    assert resumed.do("mark", dict, "mark")["id"] == "M-0001"
    assert sum(isinstance(line.body, Mark) for line in read_lines(journal.path)) == 1
    journal.close()


def test_every_figure_that_grows_says_how() -> None:
    assert set(growths()) == {
        "planned_s",
        "device_clock_s",
        "counter_ul",
        "reservoir_ul",
        "mass_g",
        "expected_ul",
        "weighed_ul",
    }
    assert growths()["reservoir_ul"].moved(10.0, 0.0, 25.0) == 0.0
    assert growths()["mass_g"].moved(1.0, 0.0, 250.0) == 1.25
