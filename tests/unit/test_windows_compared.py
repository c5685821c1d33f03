# SPDX-License-Identifier: Apache-2.0
"""Windows that are compared share one blank: its error is in each of them, and goes out."""

from collections.abc import Callable

import pytest

from bench.infusion.rate_change import change_of_rate
from bench.weighing import BolusRequest, DeliveryWindow, TimedMark, Weighing
from instruments.pump import CommandResult
from metrology.gravimetry import BalanceMark, Conditions, Evaporation
from metrology.gravimetry.evaporation import RATE
from metrology.uncertainty import Quantity
from tests.unit.imagined_weighing import PROFILE, weighing

HOUR_S = 3600.0
AIR = Conditions(20.0, 1013.25, 50.0)
G_PER_UL = 1e-3 / 1.002851
"""Of water at 20 °C, as a balance in this air displays it."""
LOST_MG_PER_H = 0.03
CHANGE_S, LATE_S = 4.25 * HOUR_S, 30.0
BOLUS_UL = 12.5
BLANKS_MG_PER_H = (0.03, 0.08)
"""The true one, and one that is off by as much as a blank may change."""


def blanked(blank_mg_per_h: float) -> Weighing:
    """Weigh with one blank throughout."""
    return weighing(blank=Evaporation(blank_mg_per_h, 0.01, 59, 1.0, 0.0))


def window(
    bench: Weighing, name: str, from_s: float, to_s: float, weighed_ul: Callable[[float], float]
) -> DeliveryWindow:
    """Weigh on an ideal balance, in a vessel that loses 0.03 mg/h."""

    def mark(time_s: float) -> TimedMark:
        mass_g = weighed_ul(time_s) * G_PER_UL - LOST_MG_PER_H * time_s / HOUR_S / 1000
        return TimedMark(BalanceMark(time_s, mass_g, 0.0, 0.0, 9, 11), time_s, weighed_ul(time_s), AIR)

    start, end = mark(from_s), mark(to_s)
    volume = bench.volume(start, end, PROFILE.stroke_volume_ul.value)
    return DeliveryWindow(name, start, end, end.counter_ul - start.counter_ul, volume, PROFILE)


def lateness(blank_mg_per_h: float) -> Quantity:
    def weighed_ul(time_s: float) -> float:
        changed_s = CHANGE_S + LATE_S
        return (40.0 * min(time_s, changed_s) + 10.0 * max(0.0, time_s - changed_s)) / HOUR_S

    bench = blanked(blank_mg_per_h)
    before = window(bench, "before", 0.0, 4 * HOUR_S, weighed_ul)
    after = window(bench, "after", 4.5 * HOUR_S, 8.5 * HOUR_S, weighed_ul)
    return change_of_rate(before, after, CHANGE_S).quantity


def bolus(blank_mg_per_h: float) -> Quantity:
    def weighed_ul(time_s: float) -> float:
        return 10.0 * time_s / HOUR_S + (BOLUS_UL if time_s > 5 * HOUR_S else 0.0)

    bench = blanked(blank_mg_per_h)
    basal = window(bench, "basal", 0.0, 4 * HOUR_S, weighed_ul)
    around = window(bench, "around", 4.5 * HOUR_S, 6.0 * HOUR_S, weighed_ul)
    request = BolusRequest("bolus", 5 * HOUR_S, CommandResult.ACCEPTED, ())
    return request.volume(around, basal, CommandResult.ACCEPTED, BOLUS_UL).quantity


def sensitivity(quantity: Quantity) -> float:
    (line,) = [line for line in quantity.budget if line.name == RATE]
    return line.sensitivity


@pytest.mark.parametrize("blank_mg_per_h", BLANKS_MG_PER_H)
def test_the_lateness_of_a_change_does_not_hang_on_the_blank(blank_mg_per_h: float) -> None:
    found = lateness(blank_mg_per_h)
    assert found.value == pytest.approx(LATE_S, abs=0.05)
    assert sensitivity(found) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("blank_mg_per_h", BLANKS_MG_PER_H)
def test_the_volume_of_a_bolus_does_not_hang_on_the_blank(blank_mg_per_h: float) -> None:
    found = bolus(blank_mg_per_h)
    assert found.value == pytest.approx(BOLUS_UL, rel=1e-4)
    assert sensitivity(found) == pytest.approx(0.0, abs=1e-9)


def test_a_single_window_does_hang_on_it() -> None:
    true, off = (
        window(blanked(blank), "alone", 0.0, 4 * HOUR_S, lambda time_s: 10.0 * time_s / HOUR_S).weighed
        for blank in BLANKS_MG_PER_H
    )
    assert off.value - true.value == pytest.approx(4 * 0.05 * 1.002851, rel=1e-4)
    assert sensitivity(true) == pytest.approx(4 * 1.002851, rel=1e-4)


def test_what_does_not_go_out_stays_in_the_budget() -> None:
    for found in (lateness(0.03), bolus(0.03)):
        own = [line.contribution for line in found.budget if line.name.startswith(("mass at ", "drift"))]
        assert own
        assert min(own) > 0
        assert found.standard_uncertainty > max(own)
