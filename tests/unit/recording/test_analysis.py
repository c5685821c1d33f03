# SPDX-License-Identifier: Apache-2.0
"""The figures of an analysis are those of a delivery that is known in closed form."""

import math
from dataclasses import replace

import numpy as np
import pytest

from groundfloor.errors import PlanError
from metrology.gravimetry import BalanceSpecification, Conditions, Evaporation
from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import buoyancy_factor
from metrology.gravimetry.liquid import WATER
from metrology.gravimetry.water_density import water_density_kg_m3
from metrology.recording import AnalysisRequest, Recording, WeighedLiquid, Windows, analyse
from metrology.recording.unit import Dimension
from metrology.recording.weighed_liquid import liquid_of_density
from metrology.verdict import Limits, Verdict

AIR = Conditions(20.0, 1013.25, 50.0)
LIQUID = WeighedLiquid(AIR, WATER, buoyant=True, evaporation=Evaporation(0.0, 0.0))
BALANCE = BalanceSpecification(0.01, 0.02, 0.05, 0.1, 0.05)
RATE_UL_PER_H = 500.0
HOURS = 12


def delivered(volume_of_s, interval_s=10.0, hours=HOURS):
    times_s = np.arange(0.0, hours * 3600 + 1, interval_s)
    return Recording("known.csv", times_s, volume_of_s(times_s), Dimension.VOLUME, ("t", "v"), 2)


def weighed(recording, liquid=LIQUID):
    """Return the recording of the balance that would give these volumes."""
    density = liquid.liquid.density_kg_m3(20.0)
    air = air_density_kg_m3(20.0, 1013.25, 50.0)
    factor = buoyancy_factor(air, density) if liquid.buoyant else 1.0
    lost_mg = liquid.evaporation.rate_mg_per_h * recording.times_s / 3600
    masses_mg = 12_000 + recording.amounts * density / 1000 / factor - lost_mg
    return replace(recording, amounts=masses_mg, measured=Dimension.MASS)


def constant(error=0.02):
    return delivered(lambda times_s: RATE_UL_PER_H * (1 + error) * times_s / 3600)


def request(**changes):
    return AnalysisRequest(**{"liquid": LIQUID, "set_rate_ul_per_h": RATE_UL_PER_H, **changes})


def test_a_constant_rate_has_one_error_in_every_window():
    analysis = analyse(constant(0.02), request())
    assert analysis.trumpet.overall_error_percent == pytest.approx(2.0, abs=1e-9)
    for window in analysis.trumpet.windows:
        assert (window.least_percent, window.greatest_percent) == pytest.approx((2.0, 2.0), abs=1e-6)
    assert analysis.start_up.rates_ul_per_h == pytest.approx(np.full(240, 510.0))
    assert analysis.mean_rate_ul_per_h == pytest.approx(510.0)
    assert analysis.stability.coefficient_of_variation_percent == pytest.approx(0.0, abs=1e-9)


def test_a_sine_upon_the_rate_gives_the_trumpet_of_its_closed_form():
    share, period_s = 0.1, 3600.0
    omega = 2 * math.pi / period_s

    def volume_ul(times_s):
        return RATE_UL_PER_H / 3600 * (times_s + share / omega * np.sin(omega * times_s))

    analysis = analyse(delivered(volume_ul), request())
    for window in analysis.trumpet.windows:
        half = omega * window.duration_s / 2
        extreme_percent = 100 * share * math.sin(half) / half
        assert window.greatest_percent == pytest.approx(extreme_percent, abs=2e-4)
        assert window.least_percent == pytest.approx(-extreme_percent, abs=2e-4)


def strokes(period_s=120.0, volume_ul=None):
    volume_ul = RATE_UL_PER_H * period_s / 3600 if volume_ul is None else volume_ul
    return delivered(lambda times_s: volume_ul * np.floor((times_s + 5.0) / period_s))


def test_strokes_are_found_and_windows_of_whole_strokes_are_exact():
    analysis = analyse(strokes(), request(windows=Windows(strokes=(1, 5))))
    assert analysis.stroke is not None
    assert analysis.stroke.period_s == pytest.approx(120.0, rel=1e-4)
    assert analysis.stroke.volume_ul == pytest.approx(16.667, rel=1e-3)
    one, five = analysis.trumpet.windows
    assert (one.least_percent, one.greatest_percent) == pytest.approx((0.0, 0.0), abs=1e-6)
    assert five.whole_strokes


def test_a_window_of_one_stroke_and_a_half_holds_one_or_two():
    analysis = analyse(strokes(), request(windows=Windows(durations_s=(180.0,))))
    (window,) = analysis.trumpet.windows
    assert (window.least_percent, window.greatest_percent) == pytest.approx((100 / 1.5 - 100, 200 / 1.5 - 100))
    assert window.whole_strokes is False


@pytest.mark.parametrize(
    "liquid",
    [
        LIQUID,
        replace(LIQUID, buoyant=False),
        replace(LIQUID, liquid=liquid_of_density(1.02)),
        replace(LIQUID, evaporation=Evaporation(0.5, 0.01)),
    ],
    ids=["water", "no buoyancy", "another liquid", "evaporation"],
)
def test_a_recorded_mass_gives_the_volume_that_was_delivered_with_the_same_value_in_its_budget(liquid):
    analysis = analyse(weighed(constant(0.02), liquid), request(liquid=liquid, balance=BALANCE))
    assert analysis.trumpet.overall_error_percent == pytest.approx(2.0, abs=1e-6)
    assert analysis.volume.value == pytest.approx(5100.0, rel=1e-8)
    assert 0 < analysis.volume.expanded_uncertainty() < 10
    assert analysis.band.volumes_ul[-1] == pytest.approx(510 * HOURS, rel=1e-8)


def test_water_that_is_taken_for_a_denser_liquid_is_short_of_volume_by_as_much():
    analysis = analyse(weighed(constant(0.0)), request(liquid=replace(LIQUID, liquid=liquid_of_density(1.02))))
    short = water_density_kg_m3(20.0) / 1020
    assert analysis.trumpet.overall_error_percent == pytest.approx(100 * (short - 1), abs=5e-3)


LIMITS = Limits(-5.0, 5.0, "%", "--limits")


@pytest.mark.parametrize(
    ("error", "verdict"),
    [(0.02, Verdict.PASS), (0.06, Verdict.FAIL), (-0.06, Verdict.FAIL), (0.05, Verdict.INCONCLUSIVE)],
)
def test_the_overall_error_is_judged_with_its_uncertainty(error, verdict):
    asked = request(balance=BALANCE, limits=LIMITS, stroke_volume_ul=0.0)
    assert analyse(weighed(constant(error)), asked).judgement.verdict is verdict


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"qualifiers": ("the liquid was not named",)}, "the liquid was not named"),
        ({"stroke_volume_ul": None}, "no stroke is known"),
        ({"balance": None}, "nothing is known of the uncertainty"),
    ],
)
def test_nothing_that_was_assumed_lets_a_pump_pass(changes, told):
    asked = request(**{"balance": BALANCE, "limits": LIMITS, "stroke_volume_ul": 0.0, **changes})
    judgement = analyse(weighed(constant(0.0)), asked).judgement
    assert judgement.verdict is Verdict.INCONCLUSIVE
    assert told in judgement.reason


def test_without_a_set_rate_the_mean_rate_counts_and_nothing_can_be_judged():
    analysis = analyse(constant(0.02), request(set_rate_ul_per_h=None))
    assert analysis.set_rate_ul_per_h == pytest.approx(510.0)
    assert not analysis.set_rate_given
    with pytest.raises(PlanError, match="--rate"):
        analyse(constant(), request(set_rate_ul_per_h=None, limits=LIMITS))


@pytest.mark.parametrize(
    ("interval_s", "expected_s", "first_window_s"), [(1.0, 30, 120), (45.0, 60, 120), (300.0, 300, 900)]
)
def test_the_sampling_interval_is_one_that_the_readings_are_close_enough_for(interval_s, expected_s, first_window_s):
    analysis = analyse(
        delivered(lambda times_s: RATE_UL_PER_H * times_s / 3600, interval_s), request(stroke_volume_ul=0.0)
    )
    assert analysis.period.sample_interval_s == expected_s
    assert analysis.trumpet.windows[0].duration_s == first_window_s
    assert any("sampling interval" in sentence for sentence in analysis.assumed)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"sample_interval_s": 5.0}, "a reading every 10 s only"),
        ({"sample_interval_s": 70.0, "windows": Windows(name="iec-general")}, "none of iec-general fits"),
        ({"windows": Windows(durations_s=(1.2e6,))}, "analysis period"),
        ({"windows": Windows(strokes=(1,))}, "no stroke was found"),
        ({"analyse_from_s": 13 * 3600.0}, "the record lasts 12 h"),
        ({"balance": BALANCE}, "the recording is of a volume"),
    ],
)
def test_what_cannot_be_computed_is_refused(changes, told):
    with pytest.raises(PlanError, match=told):
        analyse(constant(), request(**changes))


def test_windows_of_a_named_set_that_do_not_fit_are_left_out_and_told():
    analysis = analyse(constant(), request(analyse_from_s=0.0, analyse_to_s=900.0))
    assert [window.duration_s for window in analysis.trumpet.windows] == [120, 300, 660]
    assert any("windows of 19, 31 min do not fit" in sentence for sentence in analysis.assumed)
