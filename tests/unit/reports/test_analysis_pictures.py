# SPDX-License-Identifier: Apache-2.0
"""The pictures show the curves they are named after, say where they come from, and come out the same each time."""

import struct

import numpy as np
import pytest
from matplotlib.text import Text

from metrology.delivery import DeliveryCurve, StartUpCurve, trumpet
from metrology.recording import VolumeBand
from metrology.uncertainty import BudgetLine
from metrology.verdict import Limits
from reports.any_window_promise import AnyWindowPromise
from reports.budget_plot import budget_plot
from reports.error_plot import error_plot
from reports.picture import Caption
from reports.start_up_plot import start_up_plot
from reports.steady_delivery import SteadyDelivery
from reports.trumpet_plot import trumpet_plot
from reports.volume_plot import volume_plot
from reports.weighed_span import WeighedSpan, outermost

CAPTION = Caption("day.csv: a picture with $_{$", simulated=True)
LIMITS = Limits(-5.0, 5.0, "%", "--limits")
TIMES_S = np.arange(0.0, 12 * 3600 + 1, 60.0)
CURVE = DeliveryCurve(TIMES_S, 510 * TIMES_S / 3600)
BAND = VolumeBand(np.array([3600.0, 43_200.0]), np.array([510.0, 6120.0]), np.array([2.0, 9.0]))


def line(name, contribution, kind="B"):
    return BudgetLine(name, 0.0, "mg", contribution, kind, float("inf"), 1.0, contribution)


BUDGET = [line("drift", 0.1), line("linearity", 0.4), line("mass at the start", 0.2, "A"), line("nothing", 0.0)]
PICTURES = {
    "start-up": lambda caption: start_up_plot(StartUpCurve(TIMES_S[1:121], np.full(120, 510.0)), 500.0, caption),
    "trumpet": lambda caption: trumpet_plot(trumpet(CURVE, 500.0, 60.0, (120.0, 300.0)), LIMITS, caption),
    "volume": lambda caption: volume_plot(CURVE, 500.0, BAND, caption),
    "error": lambda caption: error_plot(CURVE, 500.0, BAND, LIMITS, caption),
    "budget": lambda caption: budget_plot(BUDGET, "µL", 0.9, 1.96, caption),
}


def texts(picture):
    return " | ".join(text.get_text() for text in picture.figure.findobj(Text))


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_curve_gives_the_same_bytes_in_both_formats(name):
    first, again = PICTURES[name](CAPTION), PICTURES[name](CAPTION)
    assert first.png() == again.png()
    assert first.svg() == again.svg()
    width, height = struct.unpack(">II", first.png()[16:24])
    assert (width, height > 100, len(first.png()) < 60_000) == (960, True, True)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_stamped_simulated_only_when_it_was(name):
    assert "SIMULATED – day.csv: a picture with $_{$" in texts(PICTURES[name](CAPTION))
    assert "SIMULATED" not in texts(PICTURES[name](Caption("day.csv", simulated=False)))


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("start-up", ["rate / (µL/h)", "time since the start / min"]),
        ("trumpet", ["error of the mean rate / %", "observation window / min"]),
        ("volume", ["volume / µL", "time since the start / h", "± U (95 %), 9 µL at the end"]),
        ("error", ["error / µL", "+120 µL = +2.00 %", "limits -5 to 5 %"]),
        ("budget", ["contribution to the standard uncertainty / µL", "76.2% of u²", "U = 0.9 µL (k = 1.96, 95 %)"]),
    ],
)
def test_axes_and_legend_tell_figures_with_their_units(name, units):
    shown = texts(PICTURES[name](CAPTION))
    assert not [unit for unit in units if unit not in shown], shown


def test_an_error_without_limits_is_said_to_be_not_judged():
    assert "not judged: no limits were given" in texts(error_plot(CURVE, 500.0, BAND, None, CAPTION))
    assert "not judged" not in texts(error_plot(CURVE, 500.0, BAND, LIMITS, CAPTION))


def test_the_trumpet_shows_its_extremes_the_limits_and_that_it_is_borrowed_practice():
    picture = PICTURES["trumpet"](CAPTION)
    assert "Borrowed practice: IEC 60601-2-24" in texts(picture)
    heights = {round(float(y), 6) for drawn in picture.axes[0].get_lines() for y in np.atleast_1d(drawn.get_ydata())}
    assert {-5.0, 5.0, 2.0} <= heights


def test_a_promise_for_any_window_is_a_hyperbola_beside_the_limits():
    curve = trumpet(CURVE, 41.6667, 60.0, (120.0, 300.0, 3600.0))
    picture = trumpet_plot(curve, None, CAPTION, promise=AnyWindowPromise(14.5, 4.2222, 3.61))
    lines = {
        line.get_linestyle(): line.get_ydata() for line in picture.axes[0].get_lines() if len(line.get_xdata()) == 60
    }
    assert "promise for any window" in texts(picture)
    below = lines[":"]
    assert below[[0, -1]] == pytest.approx([-14.5 - 259.9, -14.5 - 8.66], abs=0.1)


def test_a_window_of_no_whole_strokes_is_marked():
    curve = trumpet(CURVE, 500.0, 60.0, (120.0, 300.0), stroke_period_s=120.0)
    assert "no whole number of strokes" in texts(trumpet_plot(curve, None, CAPTION))


def test_the_bars_of_a_budget_stand_in_the_order_of_what_they_add_and_leave_out_what_adds_nothing():
    (axes,) = PICTURES["budget"](CAPTION).axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["linearity", "mass at the start", "drift"]
    assert [round(bar.get_width(), 6) for bar in axes.patches] == [0.4, 0.2, 0.1]


def test_the_band_ends_at_the_corrected_volume():
    span = WeighedSpan(60.0, 3600.0, 520.0, 2.0)
    instants_s, middle_ul = span.band(TIMES_S, 510 * TIMES_S / 3600)
    assert (instants_s[0], instants_s[-1]) == (60.0, 3600.0)
    assert middle_ul[-1] - middle_ul[0] == pytest.approx(520.0)


def test_only_the_outermost_of_nested_spans_is_drawn():
    whole, part, later = (WeighedSpan(a, b, 1.0, 1.0) for a, b in ((0, 10), (0, 5), (8, 20)))
    assert outermost([part, whole, later, whole]) == (whole, later)


def frame_of(run_of, change=lambda number: {}):
    run = run_of("a")
    run.start()
    for number in range(500):
        run.clock_s = 100.0 + 30.0 * number
        volume_ul = 41.7 * number * 30 / 3600
        run.sample(
            **{"rate_ul_per_h": 41.7, "expected_ul": volume_ul, "weighed_ul": 1.01 * volume_ul, **change(number)}
        )
    return run.frame("continuous")


def test_an_infusion_at_one_rate_without_a_fault_has_a_trumpet(run_of):
    steady = SteadyDelivery.of(frame_of(run_of))
    assert steady is not None
    assert steady.set_rate_ul_per_h == pytest.approx(41.7)
    assert steady.curve.mean_rate_ul_per_h == pytest.approx(1.01 * 41.7)
    assert steady.windows_s(0.25) == pytest.approx((900, 3600), rel=0.02)


@pytest.mark.parametrize(
    "change",
    [
        lambda number: {"kink_percent": 100.0 if number == 250 else 0.0},
        lambda number: {"rate_ul_per_h": 41.7 if number % 100 else 0.0},
        lambda number: {"weighed_ul": None if number == 3 else 1.0 * number},
    ],
    ids=["a fault", "never an hour at one rate", "a missing mass"],
)
def test_an_infusion_that_was_disturbed_has_none(run_of, change):
    assert SteadyDelivery.of(frame_of(run_of, change)) is None
