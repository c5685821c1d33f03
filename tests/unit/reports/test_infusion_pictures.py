# SPDX-License-Identifier: Apache-2.0
import math
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from bench.journal import Entry
from bench.journal.lines import Deviation, Injection, Release
from bench.journal.lines.activity import InjectionTimes, ReleaseTime
from metrology.verdict import Verdict
from reports.entry import MeasuredValue
from reports.judged_window import JudgedWindow
from reports.lanes import lanes
from reports.ticks import ticks
from reports.time_axis import time_axis
from reports.weighed_span import WeighedSpan
from tests.unit.reports.charts import SVG, chart_of, svgs_of, texts_of


def run_with(run_of, count=50, change=lambda number: {}, interval_s=30.0):
    run = run_of("a")
    run.start()
    for number in range(count):
        run.clock_s = 100.0 + interval_s * number
        run.sample(**change(number))
    return run


def delivery_of(run_of, count=50, change=lambda number: {}, simulated=True, **chart):
    return svgs_of(chart_of(run_with(run_of, count, change).journal.path, **chart), simulated=simulated)["delivery"]


EVENTS = [
    Entry(
        160.0, Injection(title="kink 100 % confirmed", percent=100.0, result=InjectionTimes(sent_s=1, confirmed_s=2))
    ),
    Entry(400.0, Release(title="kink released", percent=0.0, result=ReleaseTime(released_s=400.0))),
    Entry(300.0, Deviation(title="costs $_{$ and <b>")),
]


def steady(number):
    """A pump at 40 µL/h, looked at every five minutes."""
    volume_ul = 40.0 * number / 12 * (1 + 0.01 * math.sin(number))
    return {"rate_ul_per_h": 40.0, "weighed_ul": volume_ul, "expected_ul": 40.0 * number / 12}


def test_the_same_samples_give_the_same_bytes(run_of):
    chart = chart_of(run_with(run_of).journal.path, events=EVENTS)
    assert svgs_of(chart) == svgs_of(chart)


def test_one_changed_sample_changes_the_picture(run_of):
    run = run_with(run_of)
    before = svgs_of(chart_of(run.journal.path))["delivery"]
    run.sample(weighed_ul=25.0)
    first = svgs_of(chart_of(run.journal.path))["delivery"]
    run.clock_s += 30.0
    run.sample(weighed_ul=25.1)
    assert len({before, first, svgs_of(chart_of(run.journal.path))["delivery"]}) == 3


def test_the_title_says_simulated_only_when_it_was(run_of):
    journal = run_with(run_of).journal.path
    assert "SIMULATED – Infusion" in texts_of(svgs_of(chart_of(journal, "Infusion"))["delivery"])
    real = texts_of(svgs_of(chart_of(journal, "Infusion"), simulated=False)["delivery"])
    assert "Infusion" in real
    assert not any("SIMULATED" in text for text in real)


@pytest.mark.parametrize(
    ("count", "told"), [(50, "all 50 points shown"), (700, "600 of 700 points shown, min/max per bin")]
)
def test_the_picture_says_how_many_points_it_shows(run_of, count, told):
    assert told in " ".join(texts_of(delivery_of(run_of, count)))


def test_labels_of_events_are_taken_as_they_are(run_of):
    texts = texts_of(delivery_of(run_of, name="cost <$_{$> more", events=EVENTS))
    assert "SIMULATED – cost <$_{$> more" in texts
    assert "costs $_{$ and <b>" in texts


def test_a_pump_without_pressure_sensor_has_no_pressure_panel(run_of):
    texts = texts_of(delivery_of(run_of, change=lambda number: {"pressure_kpa": None}))
    assert not any("pressure" in text for text in texts)


@pytest.mark.parametrize("count", [1, 2])
def test_an_infusion_that_hardly_began_still_gives_a_picture(run_of, count):
    root = ET.fromstring(delivery_of(run_of, count, events=EVENTS))
    assert root.get("width") == "756"
    assert float(root.get("height", "0")) > 300


def test_a_picture_carries_its_style_and_loads_nothing(run_of):
    svg = delivery_of(run_of)
    root = ET.fromstring(svg)
    style = root.findtext(f"{SVG}style") or ""
    assert ".weighed" in style
    assert "width:100%" not in style  # it has the size that it says, wherever it is shown
    assert root.find(f".//{SVG}pattern[@id='hatch']") is not None
    assert not [one for one in root.iter() if one.tag in (f"{SVG}script", f"{SVG}image")]
    assert svg.count(b"http") == 1  # the name of the language itself


def test_a_span_reaches_from_the_first_sample_that_shows_it_to_the_first_that_does_not(run_of):
    def change(number):
        return {"kink_percent": 100.0 if 3 <= number < 6 else 0.2, "alarms": ["occlusion"] if number >= 5 else []}

    found = {lane.name: lane for lane in lanes(run_with(run_of, 10, change).frame(), EVENTS)}
    assert found["kink"].spans_s == ((190.0, 280.0),)
    assert found["occlusion alarm"].spans_s == ((250.0, 370.0),)
    assert [label for _, label in found["injector"].moments] == ["kink 100 % confirmed", "kink released"]
    assert "leak" not in found


def test_a_curve_is_broken_where_samples_are_missing(run_of):
    run = run_of("a")
    run.start()
    for number in [*range(10), *range(20, 40)]:
        run.clock_s = 100.0 + 30.0 * number
        run.sample(weighed_ul=math.sin(number))
    root = ET.fromstring(svgs_of(chart_of(run.journal.path))["delivery"])
    (weighed,) = [one for one in root.iter(f"{SVG}path") if one.get("class") == "weighed" and len(one.get("d")) > 60]
    assert weighed.get("d").count("M") == 2


@pytest.mark.parametrize(("duration_s", "unit"), [(60, "s"), (3600, "min"), (86_400, "h"), (30 * 86_400, "d")])
def test_time_is_told_in_the_unit_that_reads_best(duration_s, unit):
    assert time_axis(duration_s).unit == unit
    assert not math.isnan(time_axis(duration_s).seconds)


def judged_window(start_s, end_s, volume_ul):
    value = MeasuredValue(
        name="after the kink: delivered volume",
        value=volume_ul,
        unit="µL",
        expanded_uncertainty=0.1,
        lower=2.0,
        upper=4.0,
        verdict=Verdict.PASS,
        reason="",
    )
    return JudgedWindow("after the kink", WeighedSpan(start_s, end_s, volume_ul, 0.1), (value,))


def test_a_figure_is_shown_only_of_what_was_judged(run_of):
    """During the kink nothing comes out; the error of the whole infusion must not stand in the picture of a PASS."""
    window = judged_window(1000.0, 1300.0, 3.3)
    svg = delivery_of(run_of, 50, lambda number: {"weighed_ul": max(0.0, (number - 25) / 3)}, judged=[window])
    texts = texts_of(svg)
    assert sum("volume not judged" in text for text in texts) >= 1
    assert "a: after the kink: 3.30 ± 0.10 µL, +30 ± 10 % of its limit" in texts
    assert [text for text in texts if " of its limit" in text] == [texts[-1]]
    assert any("In the hatched part (80 % of the time) the plan judged no window" in text for text in texts)


def test_an_infusion_of_which_nothing_was_judged_says_so_once(run_of):
    texts = texts_of(delivery_of(run_of))
    assert "no weighed volume was judged by itself here" in texts
    assert "volume not judged" not in texts  # it stood in the same place, and neither could be read


def test_a_steady_infusion_has_a_start_up_and_a_trumpet_with_what_is_promised(run_of):
    run = run_with(run_of, 12 * 30, steady, interval_s=300.0)
    svgs = svgs_of(chart_of(run.journal.path, "basal"))
    assert list(svgs) == ["delivery", "start-up", "trumpet"]
    start_up, trumpet = texts_of(svgs["start-up"]), texts_of(svgs["trumpet"])
    assert "SIMULATED – basal: start-up" in start_up
    assert {"rate in each 600 s", "set rate"} < set(start_up)
    assert {"Ep(max)", "Ep(min)", "promise for any window", "observation window / min"} < set(trumpet)
    assert any("nothing is judged from it" in text for text in trumpet)


def test_everything_of_a_plot_lies_inside_its_frame(run_of):
    run = run_with(run_of, 12 * 30, steady, interval_s=300.0)
    for name in ("start-up", "trumpet"):
        root = ET.fromstring(svgs_of(chart_of(run.journal.path))[name])
        (frame,) = [one for one in root.iter(f"{SVG}rect") if one.get("class") == "panel"]
        left, width = float(frame.get("x")), float(frame.get("width"))
        for point in (one for one in root.iter(f"{SVG}rect") if one.get("class", "").startswith("point")):
            x = float(point.get("x")) + 2.5
            y = float(point.get("y")) + 2.5
            above = y < float(frame.get("y"))  # a key
            assert above or (left <= x <= left + width and y <= float(frame.get("y")) + float(frame.get("height")))


def test_an_infusion_with_a_fault_has_neither(run_of):
    kinked = run_with(run_of, 60, lambda number: {**steady(number), "kink_percent": 100.0}, interval_s=300.0)
    assert list(svgs_of(chart_of(kinked.journal.path))) == ["delivery"]


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0.0, 24.0, 12, (0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24)),
        (-1.3, 1.2, 5, (-1.0, -0.5, 0.0, 0.5, 1.0)),
        (99.7, 100.4, 5, (99.8, 100.0, 100.2, 100.4)),
        (0.0, 0.7, 7, (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)),
        (3.0, 3.0, 5, ()),
        (-math.inf, 1.0, 5, ()),
        (-1.7e308, 1.7e308, 1, ()),
    ],
)
def test_ticks_are_round_and_few(low, high, most, expected):
    assert np.allclose(ticks(low, high, most), expected)
    assert len(ticks(low, high, most)) == len(expected)
