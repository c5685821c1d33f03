# SPDX-License-Identifier: Apache-2.0
"""The columns of an account give back every figure of every sample, and keep little of what stays the same."""

import math
import tracemalloc
from dataclasses import fields, replace
from typing import Any

import numpy as np

from bench.account.sample_columns import CHANGING, HELD, SampleColumns
from bench.account.sample_table import ALARMS, STATES, SampleTable
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


def test_each_figure_stands_in_the_column_of_its_name() -> None:
    """The one thing that could be wrong with rows of figures is their order."""
    pump = {"active_rate_ul_per_h": 1.0, "battery_percent": 2.0, "alarm_log_count": 3, "bolus_log_count": 4,
            "device_clock_s": 5.0, "counter_ul": 6.0, "reservoir_volume_ul": 7.0, "catheter_pressure_kpa": 8.0,
            "alarms": frozenset({ALARMS[3]}), "state": STATES[2]}  # fmt: skip
    rig = {"kink_clamp_position_percent": 9.0, "leak_valve_position_percent": 10.0, "disconnect_valve_open": True,
           "magnet_field_present": False, "supply_voltage_measured_mv": 11, "outlet_pressure_kpa": 12.0,
           "temperature_c": 13.0, "air_pressure_hpa": 14.0, "humidity_percent": 15.0}  # fmt: skip
    columns = SampleColumns()
    columns.take(Sample(0.0, 16.0, pump_reading(**pump), rig_reading(**rig), MassReading(17.0, stable=True), 0.0, 0.0))
    table = columns.table()
    assert {field.name: getattr(table, field.name).tolist() for field in fields(SampleTable)} == {
        "rate_ul_per_h": [1.0], "battery_percent": [2.0], "alarm_log_count": [3.0], "bolus_log_count": [4.0],
        "device_clock_s": [5.0], "counter_ul": [6.0], "reservoir_ul": [7.0], "pressure_kpa": [8.0],
        "alarm_bits": [8.0], "state": [2.0], "kink_percent": [9.0], "leak_percent": [10.0], "disconnected": [1.0],
        "magnet": [0.0], "supply_mv": [11.0], "outlet_kpa": [12.0], "temperature_c": [13.0],
        "air_pressure_hpa": [14.0], "humidity_percent": [15.0], "at_s": [16.0], "mass_g": [17.0], "stable": [1.0],
    }  # fmt: skip


def test_a_sample_costs_no_more_than_its_figures_that_change() -> None:
    assert {*HELD, *CHANGING} == {field.name for field in fields(SampleTable)}
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
    assert grown / SAMPLES <= 8 * len(CHANGING) * 1.15  # what an array keeps in reserve included
