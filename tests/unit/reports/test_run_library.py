# SPDX-License-Identifier: Apache-2.0
"""A folder of runs is listed from the folders themselves, and what rests on an instrument is found in them."""

import json
import os

import pytest
import typer

from cli.affected import affected
from cli.runs import runs
from groundfloor.errors import PlanError
from metrology.verdict import Verdict
from reports.library.affected import affected_runs
from reports.library.run_library import RunLibrary
from tests.unit.reports.kept_runs import judged, kept_run, run_info

NODE = "test_plans/test_delivery.py::test_rate"


@pytest.fixture
def library(tmp_path):
    runs = tmp_path / "runs"
    kept_run(runs / "20270102T100000Z-bench-7-P-1", (judged("volume", 100.0), judged("log", None, own="J-0002")))
    kept_run(runs / "20270101T100000Z-bench-7-P-1", (judged("volume", 120.0, Verdict.FAIL),), run_info(balance="B9"))
    return lambda: RunLibrary.of(runs, tmp_path / "cache")


def test_runs_are_listed_in_the_order_of_time_with_pump_balance_and_verdict(library):
    found = library().runs
    assert [(run.started_at[:10], run.verdict, run.balance, run.pump, run.firmware) for run in found] == [
        ("2027-01-01", "FAIL", "B9", "P-1", "3.1.0"),
        ("2027-01-02", "PASS", "B123", "P-1", "3.1.0"),
    ]


def test_a_run_whose_summary_changed_is_read_again_and_a_broken_index_is_made_anew(library, tmp_path):
    first = library()
    changed = first.path_of(first.runs[0]) / "summary.json"
    changed.write_text(changed.read_text().replace('"verdict": "FAIL"', '"verdict": "PASS"'), encoding="utf-8")
    os.utime(changed, ns=(1, 1))
    assert [run.verdict for run in library().runs] == ["PASS", "PASS"]
    (index,) = (tmp_path / "cache").iterdir()
    index.write_text('{"version": 1, "runs": [{}]}')
    assert len(library().runs) == 2


def test_a_summary_that_says_pass_where_its_journal_says_otherwise_is_not_listed(library):
    first = library()
    failed = first.path_of(first.runs[0])
    line = {"seq": 0, "t": 0.0, "kind": "test-ended", "data": {"node": NODE, "verdict": "FAIL"}, "prev": ""}
    (failed / "journal.jsonl").write_text(json.dumps(line, separators=(",", ":")) + "\n", encoding="utf-8")
    changed = failed / "summary.json"
    changed.write_text(changed.read_text().replace('"verdict": "FAIL"', '"verdict": "PASS"'), encoding="utf-8")
    os.utime(changed, ns=(1, 1))
    again = library()
    assert [run.verdict for run in again.runs] == ["PASS"]
    (told,) = again.troubles
    assert f"its summary says PASS, its journal FAIL of {NODE}. Next: make it again: pumpbench report --rebuild" in told


def test_the_index_spares_the_summaries(library, monkeypatch):
    before = library().runs
    monkeypatch.setattr("reports.library.brief_of_run.brief_of_run", None)
    assert library().runs == before


def test_a_run_without_a_summary_is_told_with_what_makes_one(library):
    first = library()
    (first.path_of(first.runs[0]) / "summary.json").unlink()
    again = library()
    assert len(again.runs) == 1
    assert "pumpbench report" in again.troubles[0]


def test_a_run_folder_in_place_of_a_folder_of_runs_is_refused_with_the_right_one(library):
    first = library()
    with pytest.raises(PlanError, match="it is one run, not a folder of runs"):
        RunLibrary.of(first.path_of(first.runs[0]))
    with pytest.raises(PlanError, match="there is no such folder"):
        RunLibrary.of(first.folder / "nowhere")


def test_what_rests_on_a_balance_is_what_was_weighed(library):
    (found,) = affected_runs(library(), "B123")
    assert found.role == "balance"
    assert [value.name for _, value in found.judgements] == ["volume"]


def test_of_a_pump_every_judgement_is_affected_and_a_day_cuts_the_list(library):
    assert [len(one.judgements) for one in affected_runs(library(), "P-1")] == [1, 2]
    assert [one.run.started_at[:10] for one in affected_runs(library(), "P-1", "2027-01-02")] == ["2027-01-02"]
    assert affected_runs(library(), "P-1", "2028") == ()


def test_an_instrument_that_the_bench_file_alone_names_is_found(library):
    assert {one.role for one in affected_runs(library(), "T-9")} == {"conditions.thermometer"}


def test_an_instrument_that_no_run_used_is_told(library):
    with pytest.raises(PlanError, match="none of its 2 runs used an instrument 'B77'"):
        affected_runs(library(), "B77")


def test_a_folder_whose_name_is_no_instant_is_listed_by_the_clock_of_its_bench(library):
    first = library()
    first.path_of(first.runs[0]).rename(first.folder / "20270101T106099Z-renamed")
    assert library().runs[0].started_at == "2027-01-01T00:00:00+00:00"


def test_a_run_whose_record_does_not_hold_is_told_beside_what_rests_on_the_instrument(
    library, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    with pytest.raises(typer.Exit) as ended:
        affected("B123", library().folder)
    told = capsys.readouterr()
    assert ended.value.exit_code == 3
    assert "1 run, 1 judgements rest on it" in told.out
    assert "its record does not hold, what is shown of it may be wrong" in told.err


def test_runs_are_filtered_by_operator_instrument_and_last_day(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    for day, watched, balance in ((1, "A. Tester", "B123"), (2, "B. Other", "B123"), (3, "A. Tester", "B9")):
        info = run_info(balance=balance).model_copy(update={"operator": watched})
        kept_run(tmp_path / "runs" / f"2027010{day}T100000Z-bench-7-P-1", (judged("volume", 100.0),), info)

    def days(**wanted) -> list[str]:
        with pytest.raises(typer.Exit):
            runs(tmp_path / "runs", as_json=True, **wanted)
        return [one["started_at"][8:10] for one in json.loads(capsys.readouterr().out)]

    assert days(operator="A. Tester") == ["01", "03"]
    assert days(instrument="B9") == ["03"]
    assert days(until="2027-01-02") == ["01", "02"]


def test_the_first_look_tells_how_far_it_is(library):
    told = []
    RunLibrary.of(library().folder, library().folder / "elsewhere", told=lambda *done: told.append(done))
    assert told == [(1, 2), (2, 2)]
