# SPDX-License-Identifier: Apache-2.0
import math
import struct

import numpy as np
import pytest
from matplotlib.text import Text

from bench.journal import Entry
from bench.journal.lines import Deviation, Injection, Release
from bench.journal.lines.activity import InjectionTimes, ReleaseTime
from metrology.verdict import Verdict
from reports import infusion_plot
from reports.entry import MeasuredValue
from reports.infusion_plot import draw
from reports.judged_window import JudgedWindow
from reports.lanes import lanes
from reports.plot_panels import Sheet
from reports.time_axis import time_axis
from reports.weighed_span import WeighedSpan


def frame_of(run_of, count=50, change=lambda number: {}):
    run = run_of("a")
    run.start()
    for number in range(count):
        run.clock_s = 100.0 + 30.0 * number
        run.sample(**change(number))
    return run.frame("continuous")


EVENTS = [
    Entry(
        160.0, Injection(title="kink 100 % confirmed", percent=100.0, result=InjectionTimes(sent_s=1, confirmed_s=2))
    ),
    Entry(400.0, Release(title="kink released", percent=0.0, result=ReleaseTime(released_s=400.0))),
    Entry(300.0, Deviation(title="costs $_{$ and <b>")),
]


def drawn_texts(monkeypatch, *arguments, **keywords):
    """Return every text of the picture that `draw` makes."""
    figures = []

    class Kept(infusion_plot.Figure):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            figures.append(self)

    monkeypatch.setattr(infusion_plot, "Figure", Kept)
    draw(*arguments, **keywords)
    return [text.get_text() for text in figures[0].findobj(Text)]


def test_the_same_samples_give_the_same_bytes(run_of):
    frame = frame_of(run_of)
    first = draw(frame, "Infusion", EVENTS, simulated=True)
    again = draw(frame.copy(), "Infusion", list(EVENTS), simulated=True)
    assert first == again
    assert first[:8] == b"\x89PNG\r\n\x1a\n"


def test_one_changed_sample_changes_the_picture(run_of):
    frame = frame_of(run_of)
    changed = frame.copy()
    changed.loc[25, "weighed_ul"] += 5.0
    assert draw(frame, "x", [], simulated=True) != draw(changed, "x", [], simulated=True)


def test_the_title_says_simulated_only_when_it_was(run_of, monkeypatch):
    frame = frame_of(run_of)
    assert "SIMULATED – Infusion" in drawn_texts(monkeypatch, frame, "Infusion", [], simulated=True)
    real = drawn_texts(monkeypatch, frame, "Infusion", [], simulated=False)
    assert "Infusion" in real
    assert not any("SIMULATED" in text for text in real)


def test_the_picture_says_how_many_points_it_shows(run_of, monkeypatch):
    frame = frame_of(run_of, 50)
    assert any("all 50 points shown" in text for text in drawn_texts(monkeypatch, frame, "x", [], simulated=True))
    monkeypatch.setattr(infusion_plot, "POINTS", 20)
    texts = drawn_texts(monkeypatch, frame, "x", [], simulated=True)
    assert any("20 of 50 points shown, min/max per bin" in text for text in texts)


def test_labels_of_events_are_taken_as_they_are(run_of, monkeypatch):
    texts = drawn_texts(monkeypatch, frame_of(run_of), "cost $_{$ more", EVENTS, simulated=True)
    assert "SIMULATED – cost $_{$ more" in texts
    assert any("costs $_{$ and <b>" in text for text in texts)


def test_a_pump_without_pressure_sensor_has_no_pressure_panel(run_of, monkeypatch):
    frame = frame_of(run_of, change=lambda number: {"pressure_kpa": None})
    assert not any("pressure" in text for text in drawn_texts(monkeypatch, frame, "x", [], simulated=True))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_an_infusion_that_hardly_began_still_gives_a_picture(run_of, count):
    frame = frame_of(run_of, count)
    width, height = struct.unpack(">II", draw(frame, "x", EVENTS, simulated=True)[16:24])
    assert width == 960
    assert height > 50


def test_a_span_reaches_from_the_first_sample_that_shows_it_to_the_first_that_does_not(run_of):
    def change(number):
        return {"kink_percent": 100.0 if 3 <= number < 6 else 0.2, "alarms": ["occlusion"] if number >= 5 else []}

    found = {lane.name: lane for lane in lanes(frame_of(run_of, 10, change), EVENTS)}
    assert found["kink"].spans_s == ((190.0, 280.0),)
    assert found["occlusion alarm"].spans_s == ((250.0, 370.0),)
    assert [label for _, label in found["injector"].moments] == ["kink 100 % confirmed", "kink released"]
    assert "leak" not in found


def test_a_curve_is_broken_where_samples_are_missing(run_of):
    frame = frame_of(run_of, 40).drop(index=range(10, 20)).reset_index(drop=True)
    sheet = Sheet.of(frame)
    time, values = sheet.curve(sheet.series("weighed_ul"))
    assert np.flatnonzero(np.isnan(values)).tolist() == [10]
    assert np.isnan(time[10])
    assert len(time) == 31


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


def test_a_figure_is_shown_only_of_what_was_judged(run_of, monkeypatch):
    """During the kink nothing comes out; the error of the whole infusion must not stand in the picture of a PASS."""
    held = frame_of(run_of, 50, change=lambda number: {"weighed_ul": max(0.0, (number - 25) / 3)})
    window = judged_window(1000.0, 1300.0, 3.3)
    texts = drawn_texts(monkeypatch, held, "x", [], simulated=True, judged=[window])
    assert sum("volume not judged" in text for text in texts) >= 2
    (figure,) = [text for text in texts if "nearest to its limit" in text]
    assert figure == "within each judged window; nearest to its limit: after the kink, +30 % of it"
    assert not [text for text in texts if "at the end" in text]


def test_an_infusion_of_which_nothing_was_judged_says_so(run_of, monkeypatch):
    texts = drawn_texts(monkeypatch, frame_of(run_of), "x", [], simulated=True)
    assert "no weighed volume was judged" in texts
    assert "volume not judged" in texts
