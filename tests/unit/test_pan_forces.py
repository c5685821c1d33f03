# SPDX-License-Identifier: Apache-2.0
"""Meniscus, drops, charges and warmth: what moves the display at a mark and was not delivered has its line."""

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from metrology.gravimetry import (
    Conditions,
    DeliveredVolume,
    Liquid,
    Vessel,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.gravimetry.vessel import MENISCUS_MG_PER_MM
from metrology.gravimetry.water_density import water_density_kg_m3
from tests.unit.test_delivered_volume import AIR, DIPPED_IN, SEMI_MICRO, a_day, mark

DIPS_IN = replace(DIPPED_IN, tube_mm=1.0, contact_cosine_half_width=0.05)
DRIPS = replace(Vessel(), drop_mg=12.0)
CHARGED = replace(Vessel(), static_mg=1.0, static_below_percent=40.0)
DRY = replace(AIR, humidity_percent=30.0)


def lines(volume: DeliveredVolume, name: str) -> list[float]:
    return [line.contribution for line in volume.quantity.budget if line.name.startswith(name)]


def test_a_millimetre_of_tube_is_pulled_by_23_milligrams() -> None:
    assert pytest.approx(23.3, abs=0.05) == MENISCUS_MG_PER_MM
    assert lines(a_day(vessel=DIPS_IN), "meniscus at ") == pytest.approx([23.3 * 0.05 / math.sqrt(3)] * 2, rel=0.01)
    assert lines(a_day(vessel=DIPPED_IN), "meniscus at ") == []


def test_a_whole_drop_may_hang_at_either_end() -> None:
    assert math.hypot(*lines(a_day(vessel=DRIPS), "pendant drop at ")) == pytest.approx(12.0 / math.sqrt(6), rel=0.01)
    drops = np.random.default_rng(1).uniform(0, 12.0, (2, 100_000))
    assert math.hypot(*lines(a_day(vessel=DRIPS), "pendant drop at ")) == pytest.approx(
        (drops[1] - drops[0]).std(), rel=0.02
    )


def test_charges_count_only_once_the_air_was_dry() -> None:
    assert lines(a_day(vessel=CHARGED), "static charge at ") == []
    assert lines(a_day(vessel=CHARGED, conditions=DRY), "static charge at ") == pytest.approx(
        [1 / math.sqrt(3)] * 2, rel=0.01
    )
    was_dry = replace(AIR, driest_percent=39.0)
    assert len(lines(a_day(vessel=CHARGED, conditions=was_dry), "static charge at ")) == 2


def test_forces_at_a_mark_that_two_windows_share_go_out_of_their_sum() -> None:
    setup = WeighingSetup(SEMI_MICRO, a_day().setup.evaporation, vessel=DIPS_IN)
    marks = [mark(3600.0 * hour, 50.0 + 0.002 * hour) for hour in (0, 10, 20)]
    one, two = (
        delivered_volume(setup, WeighedSpan(start, end, AIR, 0.25, 2.0)).quantity
        for start, end in ((marks[0], marks[1]), (marks[1], marks[2]))
    )
    assert [line.contribution for line in (one + two).budget if line.name == "meniscus at 36000 s"] == pytest.approx(
        [0.0], abs=1e-3
    )


def test_a_balance_that_grows_warmer_weighs_the_whole_load_otherwise() -> None:
    warm = replace(SEMI_MICRO, sensitivity_per_c=1.5e-6)
    rising = replace(AIR, temperature_rise_c=2.0)
    (by_warmth,) = lines(a_day(vessel=DIPPED_IN, balance=warm, conditions=rising), "sensitivity drift")
    assert by_warmth == pytest.approx(1.5e-6 * 80_000 * 2.0 / math.sqrt(3), rel=0.01)
    assert lines(a_day(vessel=DIPPED_IN, conditions=rising), "sensitivity drift") == []


def test_the_blank_was_weighed_by_the_same_balance_so_both_warmings_act_together() -> None:
    warm, blank = replace(SEMI_MICRO, sensitivity_per_c=1.5e-6), a_day().setup.evaporation
    steady = replace(blank, warming_c_per_h=0.1)
    rising = replace(AIR, temperature_rise_c=2.4)  # as much in 24 hours: it goes out
    (together,) = lines(
        a_day(vessel=DIPPED_IN, balance=warm, evaporation=steady, conditions=rising), "sensitivity drift"
    )
    assert together == pytest.approx(0.0, abs=1e-3)
    (apart,) = lines(
        a_day(vessel=DIPPED_IN, balance=warm, evaporation=replace(blank, warming_c_per_h=-0.1), conditions=rising),
        "sensitivity drift",
    )
    assert apart == pytest.approx(1.5e-6 * 80_000 * 4.8 / math.sqrt(3), rel=0.01)


def test_a_volume_is_stated_at_the_temperature_that_was_asked_for() -> None:
    weighed, stated = a_day().quantity, a_day(liquid=Liquid(volume_at_c=37.0)).quantity
    ratio = water_density_kg_m3(AIR.temperature_c) / water_density_kg_m3(37.0)
    assert stated.value == pytest.approx(weighed.value * ratio, rel=1e-9)
    assert stated.value / weighed.value == pytest.approx(1.0049, abs=2e-4)
    by_temperature = {name: lines_of(one) for name, one in (("weighed", weighed), ("stated", stated))}
    assert by_temperature["stated"] < by_temperature["weighed"] / 10


def lines_of(quantity: object) -> float:
    return next(line.contribution for line in quantity.budget if line.name == "temperature")  # type: ignore[attr-defined]


def records() -> Iterator[DeliveredVolume]:
    yield a_day(vessel=DIPS_IN, conditions=replace(DRY, mean_vapour_deficit_hpa=12.0, driest_percent=25.0))
    yield a_day(vessel=DRIPS, liquid=Liquid(volume_at_c=37.0), balance=replace(SEMI_MICRO, sensitivity_per_c=2e-6))


@pytest.mark.parametrize("made", records())
def test_a_volume_with_all_of_it_is_computed_anew_from_its_record(made: DeliveredVolume) -> None:
    assert DeliveredVolume.from_dict(made.as_dict()).quantity == made.quantity


def test_a_record_from_before_has_the_budget_that_it_had() -> None:
    told = a_day().as_dict()
    for part, names in {
        "conditions": ("mean_vapour_deficit_hpa", "driest_percent"),
        "evaporation": ("temperature_c", "humidity_percent", "warming_c_per_h"),
        "vessel": ("gross_g", "tube_mm", "contact_cosine_half_width", "drop_mg", "static_mg", "static_below_percent"),
        "balance": ("sensitivity_per_c",),
        "liquid": ("volume_at_c",),
    }.items():
        for name in names:
            del told[part][name]  # type: ignore[attr-defined]
    again = DeliveredVolume.from_dict(told).quantity
    assert len(again.budget) == 22
    assert again == a_day().quantity


def test_conditions_know_their_driest_air_without_samples_as_well() -> None:
    assert Conditions(21.0, 1013.0, 50.0, humidity_rise_percent=-20.0).least_humidity_percent == 40.0
