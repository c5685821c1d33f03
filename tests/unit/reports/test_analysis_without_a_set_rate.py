# SPDX-License-Identifier: Apache-2.0
"""Where nobody said what the pump was set to, nothing that is shown calls the mean rate a set rate."""

from rich.console import Console

from metrology.gravimetry import Conditions, Evaporation
from metrology.gravimetry.liquid import WATER
from metrology.recording import AnalysisRequest, WeighedLiquid, analyse
from reports.analysis_files import pictures
from reports.analysis_table import analysis_tables
from tests.unit.recording.test_analysis import constant

LIQUID = WeighedLiquid(Conditions(20.0, 1013.25, 50.0), WATER, buoyant=True, evaporation=Evaporation(0.0, 0.0))


def told(set_rate_ul_per_h: float | None) -> str:
    analysis = analyse(constant(0.02), AnalysisRequest(LIQUID, set_rate_ul_per_h=set_rate_ul_per_h))
    console = Console(width=200)
    with console.capture() as shown:
        console.print(analysis_tables(analysis))
    legends = []
    for name, picture in pictures(analysis):
        for axes in picture.axes:
            legends += [str(line.get_label()) for line in axes.get_lines()]
            if name == "start-up":
                bottom, top = axes.get_ylim()
                assert bottom <= 0 < 510 < top - 5  # the rate does not stand at the edge
    figures = shown.get().partition("Assumed,")[0]
    return "\n".join([figures, *legends])


def test_without_a_set_rate_the_mean_rate_is_called_that():
    words = told(None)
    assert "set rate" not in words
    assert "of the mean rate" in words
    assert "mean rate 510 µL/h" in words


def test_with_a_set_rate_it_is_called_that():
    words = told(500.0)
    assert "set rate" in words
    assert "+2.00 % of the set rate" in words
    assert "set rate 500 µL/h" in words


def test_a_window_that_gained_nothing_is_told_as_zero():
    assert "e-1" not in told(500.0)
