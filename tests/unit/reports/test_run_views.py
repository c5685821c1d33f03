# SPDX-License-Identifier: Apache-2.0
"""After a run its Allure results show what each test infused, and say in place of a picture why there is none."""

import json
import re
import shutil
from pathlib import Path

import pytest

from groundfloor.errors import BenchFault
from reports.page import chart_drawing, page_html
from reports.page.run_page import run_page
from reports.run_views import write_views
from reports.summary import summarise

RESULT = "allure-results/one-result.json"


@pytest.fixture
def run(run_of):
    run = run_of("tests/test_x.py::test_a")
    run.start()
    run.start_test("tests/test_x.py::test_a")
    for number in range(20):
        run.clock_s = 30.0 * number
        run.sample(infusion="basal [high]")
    run.judge("pass")
    run.end_test("tests/test_x.py::test_a", "pass")
    run.end()
    (run.folder / "allure-results").mkdir()
    write_result(run, description="Purpose: to see.\n\nRequirements:\n\n- DEL-001@1: text")
    return run


def write_result(run, **told):
    content = {
        "uuid": "one",
        "fullName": "tests.test_x#test_a",
        "name": "Title of tests/test_x.py::test_a",
        "status": "passed",
        "labels": [{"name": "verdict", "value": "pass"}],
        **told,
    }
    (run.folder / RESULT).write_text(json.dumps(content), encoding="utf-8")


def result_of(run):
    return json.loads((run.folder / RESULT).read_text(encoding="utf-8"))


def views_of(run):
    return write_views(run.folder, summarise(run.folder))


def test_pictures_are_shown_below_the_description_and_samples_are_linked(run):
    page = views_of(run)
    assert page == run.folder / "report.html"
    result = result_of(run)
    assert result["description"].split("\n\n") == [
        "Purpose: to see.",
        "Requirements:",
        "- DEL-001@1: text",
        "![basal \\[high\\]: delivery](../pictures/I-0001-delivery.svg)",
    ]
    assert result["links"] == [{"type": "link", "url": "../samples/I-0001.csv", "name": "basal [high]: all samples"}]
    assert (result["status"], result["labels"]) == ("passed", [{"name": "verdict", "value": "pass"}])
    assert (run.folder / "pictures" / "I-0001-delivery.svg").is_file()
    assert (run.folder / "samples" / "I-0001.csv").is_file()


def test_made_again_they_are_shown_once_and_older_ones_go(run):
    older = "![basal: delivery](../pictures/I-0001-delivery.png)"
    links = [{"type": "link", "url": "../samples/old.csv", "name": "x"}, {"type": "issue", "url": "https://x.example"}]
    write_result(run, description=f"Purpose: to see.\n\n{older}", links=links)
    views_of(run)
    first = result_of(run)
    views_of(run)
    assert result_of(run) == first
    assert first["description"].count("![") == 1
    assert [one["url"] for one in first["links"]] == ["https://x.example", "../samples/I-0001.csv"]


def test_what_could_not_be_made_is_said_where_it_would_stand_and_the_page_is_there(run, tmp_path):
    (tmp_path / "outside").mkdir()
    (run.folder / "pictures").symlink_to(tmp_path / "outside")
    with pytest.raises(BenchFault, match=r"make pictures and tables.*basal \[high\].*leads out of the folder"):
        views_of(run)
    assert (run.folder / "report.html").is_file()
    *_, last = result_of(run)["description"].split("\n\n")
    assert last.startswith("Pictures and samples are not all there: basal \\[high\\]: BenchFault: ")
    assert "![" not in result_of(run)["description"]
    assert result_of(run)["links"][0]["url"] == "../samples/I-0001.csv"
    (run.folder / "pictures").unlink()
    views_of(run)
    assert "not all there" not in result_of(run)["description"]


def test_a_picture_that_fails_to_draw_hinders_neither_the_other_files_nor_the_page(run, monkeypatch):
    def fail(frame):
        raise ZeroDivisionError("a stretch without length")

    monkeypatch.setattr("reports.infusion_files.as_csv", fail)
    with pytest.raises(BenchFault, match="ZeroDivisionError: a stretch without length"):
        views_of(run)
    assert (run.folder / "report.html").is_file()


def test_a_chart_is_drawn_once_for_the_page_and_its_file(run, monkeypatch):
    drawn = []
    real = chart_drawing._Chart.drawn
    monkeypatch.setattr(chart_drawing._Chart, "drawn", lambda chart: drawn.append(chart.chart.name) or real(chart))
    views_of(run)
    assert drawn == ["basal [high]"]


def test_the_page_with_what_was_drawn_before_is_the_page_that_draws_itself(run):
    page = views_of(run).read_text(encoding="utf-8")
    assert page == page_html(run_page(run.folder, summarise(run.folder)))


def test_a_result_of_no_test_of_the_run_is_left_alone(run):
    write_result(run, name="another")
    before = result_of(run)
    views_of(run)
    assert result_of(run) == before


def test_every_picture_and_table_that_allure_shows_is_on_the_page_too(run_of):
    """Where there is no Node the page is all there is."""
    run = run_of("tests/test_x.py::test_a")
    profile = Path(__file__).parents[3] / "test_plans" / "profiles" / "implantable-20ml.toml"
    shutil.copyfile(profile, run.folder / "profile.toml")
    run.start()
    run.start_test("tests/test_x.py::test_a")
    for number in range(601):
        run.clock_s = 30.0 * number
        run.sample(infusion="basal")
    run.judge("pass")
    run.end_test("tests/test_x.py::test_a", "pass")
    run.end()
    (run.folder / "allure-results").mkdir()
    write_result(run)
    page = views_of(run).read_text(encoding="utf-8")
    shown = re.findall(r"\((\.\./pictures/[^)]+)\)", result_of(run)["description"])
    assert [one.rpartition("-")[2] for one in shown] == ["delivery.svg", "up.svg", "trumpet.svg"]
    titles = [
        re.search(r"<title>(.*?)</title>", (run.folder / one[3:]).read_text(encoding="utf-8"))[1] for one in shown
    ]
    assert [page.count(f">{title}</title>") for title in titles] == [1, 1, 1]
    (samples,) = (link["url"] for link in result_of(run)["links"])
    assert samples[3:] in page
    assert page == page_html(run_page(run.folder, summarise(run.folder)))
