# SPDX-License-Identifier: Apache-2.0
"""The end of the flow lies between the last full flow and the first that is none, whatever the stroke."""

import random

import pytest

from bench.infusion.run_dry import SecondSight, look_again, ran_dry

RATE_UL_PER_H, STROKE_UL, INTERVAL_S = 60.0, 0.5, 30.0


def masses(dry_at_s: float, to_s: float = 3600.0, after_mg_per_s: float = 0.0) -> list[tuple[float, float]]:
    instants = [INTERVAL_S * place for place in range(int(to_s / INTERVAL_S) + 1)]
    given = (min(at_s, dry_at_s) / 60.0 for at_s in instants)
    return [
        (at_s, STROKE_UL * int(ul / STROKE_UL) + after_mg_per_s * max(0.0, at_s - dry_at_s))
        for at_s, ul in zip(instants, given, strict=True)
    ]


@pytest.mark.parametrize("dry_at_s", [900.0, 915.0, 1777.0])
def test_the_bracket_holds_the_instant_at_which_the_flow_ended(dry_at_s: float) -> None:
    found = ran_dry(masses(dry_at_s), RATE_UL_PER_H, STROKE_UL, INTERVAL_S)
    assert found is not None
    assert found.after_s <= dry_at_s <= found.before_s
    assert found.before_s - found.after_s <= 8 * INTERVAL_S


def test_a_flow_that_goes_on_or_only_slows_down_to_a_half_has_not_ended() -> None:
    assert ran_dry(masses(1e9), RATE_UL_PER_H, STROKE_UL, INTERVAL_S) is None
    assert ran_dry(masses(900.0, after_mg_per_s=0.5 / 60.0), RATE_UL_PER_H, STROKE_UL, INTERVAL_S) is None


def test_a_vessel_that_dries_out_meanwhile_changes_nothing() -> None:
    found = ran_dry(masses(900.0, after_mg_per_s=-0.05 / 3600.0), RATE_UL_PER_H, STROKE_UL, INTERVAL_S)
    assert found is not None
    assert found.after_s <= 900.0 <= found.before_s


def scattering(seed: int, rate_ul_per_h: float, scatter_mg: float, count: int) -> list[tuple[float, float]]:
    scatter = random.Random(seed)
    instants = [INTERVAL_S * place for place in range(count)]
    strokes = [int(rate_ul_per_h * at_s / 3600 / STROKE_UL) for at_s in instants]
    return [(at_s, STROKE_UL * n + scatter.gauss(0.0, scatter_mg)) for at_s, n in zip(instants, strokes, strict=True)]


def looked_until_told(readings: list[tuple[float, float]], rate_ul_per_h: float) -> SecondSight:
    for count in range(5, len(readings) + 1, 5):
        if (found := look_again(readings[:count], rate_ul_per_h)).flows is not None:
            return found
    return SecondSight(None, 0.0)


@pytest.mark.parametrize("rate_ul_per_h", [41.667, 200.0, 1000.0])
@pytest.mark.parametrize("scatter_mg", [0.02, 0.5, 4.0])
def test_a_second_look_tells_a_flow_from_none_however_the_balance_scatters(
    rate_ul_per_h: float, scatter_mg: float
) -> None:
    for seed in range(40):
        flow = scattering(seed, rate_ul_per_h, scatter_mg, 700)
        none = scattering(seed, 1e-9, scatter_mg, 700)
        assert looked_until_told(flow, rate_ul_per_h).flows is True
        assert looked_until_told(none, rate_ul_per_h).flows is False


def test_a_good_balance_shows_when_the_flow_ended_and_one_that_scatters_by_strokes_does_not() -> None:
    for scatter_mg, shows in ((0.02, True), (0.5, False), (4.0, False)):
        found = looked_until_told(scattering(1, 1e-9, scatter_mg, 700), 200.0)
        assert found.scatter_mg == pytest.approx(scatter_mg, rel=0.5)
        assert found.shows_when(STROKE_UL) is shows


def test_few_readings_tell_nothing() -> None:
    assert look_again(scattering(1, 1000.0, 0.02, 9), 1000.0).flows is None
