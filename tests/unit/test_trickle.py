# SPDX-License-Identifier: Apache-2.0
"""What arrives while the counter stands: a catheter that is narrowed is told from a pump and from a sensor that lie."""

import math

import pytest

from bench.infusion.trickle import Trickle
from bench.injectors import EffectTolerance

TOLERANCE = EffectTolerance(
    reading_mg=0.1,
    stroke_ul=0.5,
    stored_ul=0.0,
    loss_mg_per_h=0.05,
    loss_half_width_mg_per_h=0.05,
    compliance_ul_per_kpa=0.25,
)
SETTLES_S, EVERY_S = 108.0, 30.0


def seen(
    strokes: int,
    *,
    constant_s: float,
    kpa_per_ul: float = 5.0,
    weighed: bool = True,
    offset_kpa: float = 0.0,
    uncounted_at_s: float = math.inf,
) -> str:
    """Return what was told of strokes of 0.5 µL, 900 s apart, through a catheter of this time constant."""
    trickle, told = Trickle(SETTLES_S, 1.0), ""
    for place in range(int(strokes * 900 / EVERY_S)):
        at_s = place * EVERY_S
        given = [n * 900.0 for n in range(strokes) if n * 900.0 <= at_s]
        moved = [*given, uncounted_at_s] if at_s >= uncounted_at_s else given
        held_ul = sum(0.5 * math.exp((gave_s - at_s) / constant_s) for gave_s in moved)
        mass_mg = 0.5 * len(moved) - held_ul if weighed else 0.0
        over_kpa = kpa_per_ul * held_ul + offset_kpa
        told = told or trickle.see(at_s, 0.5 * len(given), mass_mg, over_kpa, 0.0, TOLERANCE)
    return told


STOPPED_S = 900.0
"""When the last stroke is counted before the pump stops."""


def seen_after_a_stop(
    every_s: float,
    first_s: float,
    *,
    kpa_per_ul: float = 5.0,
    held_ul: float = 0.0,
    strokes_s: tuple[float, ...] = (),
    constant_s: float = 7.2,
) -> str:
    """Return what was told of uncounted strokes after the last counted one, by samples from an instant on."""
    trickle, told = Trickle(SETTLES_S, 1.0), ""
    for place in range(int(1200 / every_s)):
        at_s = STOPPED_S + first_s + place * every_s
        moved_s = [STOPPED_S, *(one for one in strokes_s if one <= at_s)]
        stored_ul = sum(0.5 * math.exp((one - at_s) / constant_s) for one in moved_s)
        mass_mg = 0.5 * len(moved_s) - stored_ul
        told = told or trickle.see(at_s, 1.0, mass_mg, kpa_per_ul * stored_ul, held_ul, TOLERANCE)
    return told


@pytest.mark.parametrize("kpa_per_ul", [5.0, 20.0, math.nan], ids=["", "a stiff catheter", "no sensor"])
@pytest.mark.parametrize("apart_s", [2.0, 20.0, 60.0, 300.0])
def test_a_pump_that_trickles_after_a_stop_is_no_narrow_catheter(apart_s: float, kpa_per_ul: float) -> None:
    strokes_s = tuple(STOPPED_S + apart_s * n for n in range(1, int(1200 / apart_s)))
    told = {
        seen_after_a_stop(every_s, first_s, kpa_per_ul=kpa_per_ul, strokes_s=strokes_s)
        for every_s in (1.0, 10.0, 30.0)
        for first_s in range(0, 30, 3)
    }
    assert told == {""}


def test_what_surely_lacked_before_a_stop_and_comes_after_it_was_held_back_where_no_sensor_tells() -> None:
    """A pump of 41.7 µL/h through 889 s leaves 10.3 µL behind, of which 5.9 µL surely lacked."""
    strokes_s = tuple(STOPPED_S + 0.01 * n for n in range(1, 21))
    told = seen_after_a_stop(10.0, 0.0, kpa_per_ul=math.nan, held_ul=5.9, strokes_s=strokes_s, constant_s=889.0)
    assert told.endswith("the catheter should have been empty")


def test_a_narrowed_catheter_is_told_after_a_few_strokes() -> None:
    """A clamp that stays 70 % shut makes 889 s of 7.2 s."""
    assert "µL arrived while the counter stood and the catheter should have been empty" in seen(3, constant_s=889.0)


def test_without_a_sensor_it_takes_more_than_a_stroke() -> None:
    told = [seen(strokes, constant_s=889.0, kpa_per_ul=math.nan) for strokes in (2, 6)]
    assert told[0] == ""
    assert told[1].endswith("the catheter should have been empty")


@pytest.mark.parametrize("offset_kpa", [0.0, 10.0], ids=["", "a sensor that shows too much"])
def test_a_free_catheter_is_never_told(offset_kpa: float) -> None:
    assert seen(50, constant_s=7.2, offset_kpa=offset_kpa) == ""


def test_a_sensor_that_is_slow_by_itself_is_the_pumps() -> None:
    """The pressure falls as in a narrowed catheter, and nothing arrives meanwhile."""
    assert seen(20, constant_s=889.0, weighed=False) == ""


@pytest.mark.parametrize("kpa_per_ul", [5.0, math.nan])
def test_a_stroke_that_is_not_counted_is_the_pumps(kpa_per_ul: float) -> None:
    assert seen(3, constant_s=7.2, offset_kpa=10.0, kpa_per_ul=kpa_per_ul, uncounted_at_s=1500.0) == ""
