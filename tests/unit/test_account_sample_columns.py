# SPDX-License-Identifier: Apache-2.0
"""The columns of an account give back every figure of every sample, and keep little of what stays the same."""

import math
import tracemalloc
from dataclasses import fields, replace
from typing import Any

import numpy as np

from bench.account.sample_columns import HELD, NAMES, SampleColumns
from bench.account.sample_table import SampleTable
from bench.sampling import Sample
from instruments.balance import MassReading
from instruments.pump import PumpState
from tests.readings import pump_reading, rig_reading

SAMPLES = 20_000
"""A week, every 30 s."""


def _sample(at_s: float, **pump: Any) -> Sample:
    return Sample(at_s, at_s, pump_reading(**pump), rig_reading(), MassReading(0.0, stable=True), 0.0, 0.0)


def test_every_figure_comes_back_in_its_place() -> None:
    states = [PumpState.STOPPED, PumpState.INFUSING, PumpState.INFUSING, PumpState.STOPPED]
    rates = [0.0, 20.0, 20.0, math.nan]
    columns = SampleColumns()
    assert len(columns.table()) == 0
    for number, (state, rate) in enumerate(zip(states, rates, strict=True)):
        columns.take(_sample(number, state=state, active_rate_ul_per_h=rate))
    columns.take(_sample(3, state=PumpState.INFUSING, active_rate_ul_per_h=7.0))  # not later than the one before
    table = columns.table()
    assert [list(PumpState)[int(one)] for one in table.state] == states
    np.testing.assert_array_equal(table.rate_ul_per_h, rates)
    np.testing.assert_array_equal(table.at_s, [0.0, 1.0, 2.0, 3.0])
    assert {len(getattr(table, field.name)) for field in fields(SampleTable)} == {4}


def test_what_is_not_measured_and_stays_so_is_kept_once() -> None:
    columns = SampleColumns()
    for number in range(3):
        columns.take(_sample(number, battery_percent=math.nan))
    assert np.isnan(columns.table().battery_percent).tolist() == [True] * 3


def test_a_sample_costs_no_more_than_its_figures_that_change() -> None:
    assert set(NAMES) > HELD
    one = _sample(0)
    columns = SampleColumns()
    columns.take(one)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(1, SAMPLES):
            columns.take(replace(one, actual_s=float(number)))
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown / SAMPLES <= 8 * (len(NAMES) - len(HELD)) * 1.15  # what an array keeps in reserve included
