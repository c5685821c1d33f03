# SPDX-License-Identifier: Apache-2.0
"""A control chart has the limits of a published example, and tells the points that are none of chance."""

import pytest

from groundfloor.errors import PlanError
from reports.library.chart_drawing import chart_html, chart_svg
from reports.library.charted import charted
from reports.library.control_chart import ChartPoint, ControlChart
from reports.library.run_library import RunLibrary
from tests.unit.reports.kept_runs import judged, kept_run

FLOW = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
"""NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rate of ten batches."""


def chart_of(values, baseline=None) -> ControlChart:
    points = [ChartPoint(f"run-{place}", "3.1.0", value, f"J-{place:04d}") for place, value in enumerate(values, 1)]
    return ControlChart.of("flow", "mL/h", points, baseline)


def test_limits_of_individuals_are_those_of_the_published_example():
    chart = chart_of(FLOW)
    assert chart.mean == pytest.approx(50.81)
    assert (chart.lower, chart.upper) == pytest.approx((45.8159, 55.8041), abs=1e-4)
    assert chart.signals() == {}


def test_limits_of_a_baseline_do_not_move_with_what_comes_after_it():
    chart = chart_of((*FLOW, 56.2, 52.0), baseline=10)
    assert (chart.lower, chart.upper) == pytest.approx((45.8159, 55.8041), abs=1e-4)
    assert chart.signals() == {10: "outside the limits"}


def test_a_jump_between_neighbours_and_a_row_on_one_side_are_told():
    assert chart_of((*FLOW[:9], 46.0), baseline=9).signals() == {9: "further from the one before than chance allows"}
    row = chart_of((*FLOW, *[51.5 + 0.1 * place for place in range(3)]), baseline=10).signals()
    assert row == {12: "the last of 8 on one side of the mean"}


def test_words_of_a_run_are_no_markup_in_the_page_of_a_chart():
    points = [
        ChartPoint(f"<b>run-{place}</b>", "<img src=x>\u202e", value, "J-0001") for place, value in enumerate(FLOW)
    ]
    page = chart_html(ControlChart.of("<script>flow</script>", "mL/h", points, None)).decode()
    assert not any(one in page for one in ("<b>", "<img", "<script", "\u202e"))
    assert "&lt;b&gt;run-3&lt;/b&gt;" in page


def test_two_runs_make_no_limits():
    with pytest.raises(PlanError, match="2 runs tell"):
        chart_of(FLOW[:2])


def test_a_figure_of_many_runs_is_found_by_its_name_and_drawn(tmp_path):
    for day, volume in enumerate((100.0, 101.0, 99.0, 130.0), 1):
        name = f"2027010{day}T100000Z-bench-7-P-1"
        kept_run(tmp_path / "runs" / name, (judged("volume", volume), judged("other", 1.0, own="J-0002")))
    library = RunLibrary.of(tmp_path / "runs", tmp_path / "cache")
    chart = charted(library.folder, library.runs, "A rate", "volume", baseline=3)
    assert [one.value for one in chart.points] == pytest.approx([0.0, 1.0, -1.0, 30.0])
    assert chart.unit == "%"
    assert chart.signals() == {3: "outside the limits"}
    assert b"outside the limits" in chart_svg(chart)
    page = chart_html(chart).decode()
    assert page.count("<tr>") == 5
    assert "<td>2027010" in page
    assert "<td>+30</td><td>outside the limits</td>" in page
    assert "1 of 4 figures are none of chance" in page
    assert not any(one in page for one in ("http:", "<script")) or page.count("http:") == page.count(
        "http://www.w3.org"
    )
    with pytest.raises(PlanError, match="2 figures are meant"):
        charted(library.folder, library.runs, "", "")
