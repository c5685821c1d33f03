# SPDX-License-Identifier: Apache-2.0
"""What a run knew of an infusion is taken from its journal: rate, balance, blank, liquid, air."""

import pytest

from bench.run.run_weighing import run_weighing
from metrology.gravimetry import (
    BalanceMark,
    BalanceSpecification,
    Conditions,
    Evaporation,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)

BALANCE = BalanceSpecification(0.01, 0.02, 0.05, 0.1, 0.05)
BLANK = Evaporation(0.04, 0.002, blank_h=1.0)


def weighed(hours, celsius):
    marks = [BalanceMark(3600.0 * hour, 0.04 * hour, 0.0, 0.01, 9.0, 11) for hour in (1.0, 1.0 + hours)]
    span = WeighedSpan(*marks, Conditions(celsius, 1000.0, 40.0), 0.5, 40.0)
    return delivered_volume(WeighingSetup(BALANCE, BLANK), span).as_dict()


@pytest.mark.parametrize(
    ("therapy", "rate"),
    [
        ({"mode": "continuous", "steady_rate_ul_per_h": 40.0}, 40.0),
        ({"mode": "flex", "steady_rate_ul_per_h": 9.0}, None),
    ],
)
def test_the_longest_weighing_of_the_infusion_tells(run_of, therapy, rate):
    run = run_of("a")
    run.start()
    run.start_test("a")
    run.journal.write("infusion-started", infusion="basal", therapy=therapy)
    for hours, celsius in ((2.0, 21.0), (8.0, 23.0), (1.0, 25.0)):
        run.journal.write("volume", name="part", **weighed(hours, celsius))
    known = run_weighing(run.folder, "a::basal")
    assert known is not None
    assert (known.set_rate_ul_per_h, known.stroke_volume_ul) == (rate, 0.5)
    assert (known.conditions.temperature_c, known.conditions.air_pressure_hpa) == (23.0, 1000.0)
    assert known.evaporation.rate_mg_per_h == 0.04
    assert known.balance == BALANCE
    assert run_weighing(run.folder, "a::bolus") is None


def test_a_folder_without_a_journal_tells_nothing(tmp_path):
    assert run_weighing(tmp_path, "a::basal") is None
