# SPDX-License-Identifier: Apache-2.0
"""Gathers the samples of an infusion as columns of plain figures: a month at two samples a minute takes 15 MB."""

from array import array
from dataclasses import fields

import numpy as np

from bench.account.sample_table import ALARMS, STATES, SampleTable
from bench.sampling import Sample

NAMES = tuple(field.name for field in fields(SampleTable))


class SampleColumns:
    """Takes each sample, live or recalled from the journal, and makes one table of them all."""

    def __init__(self) -> None:
        self._columns = {name: array("d") for name in NAMES}

    def take(self, sample: Sample) -> None:
        """Add a sample; one that is not later than the one before is not new."""
        at_s = self._columns["at_s"]
        if at_s and sample.actual_s <= at_s[-1]:
            return
        for name, value in _row(sample).items():
            self._columns[name].append(value)

    def table(self) -> SampleTable:
        """Return all samples so far."""
        return SampleTable(**{name: np.array(column) for name, column in self._columns.items()})


def _row(sample: Sample) -> dict[str, float]:
    pump, rig, mass = sample.pump, sample.rig, sample.mass
    return {
        "at_s": sample.actual_s,
        "device_clock_s": pump.device_clock_s,
        "state": STATES.index(pump.state),
        "rate_ul_per_h": pump.active_rate_ul_per_h,
        "counter_ul": pump.counter_ul,
        "reservoir_ul": pump.reservoir_volume_ul,
        "battery_percent": pump.battery_percent,
        "pressure_kpa": pump.catheter_pressure_kpa,
        "alarm_bits": sum(1 << ALARMS.index(one) for one in pump.alarms),
        "alarm_log_count": pump.alarm_log_count,
        "bolus_log_count": pump.bolus_log_count,
        "kink_percent": rig.kink_clamp_position_percent,
        "leak_percent": rig.leak_valve_position_percent,
        "disconnected": rig.disconnect_valve_open,
        "magnet": rig.magnet_field_present,
        "supply_mv": rig.supply_voltage_measured_mv,
        "outlet_kpa": rig.outlet_pressure_kpa,
        "temperature_c": rig.temperature_c,
        "air_pressure_hpa": rig.air_pressure_hpa,
        "humidity_percent": rig.humidity_percent,
        "mass_g": mass.mass_g,
        "stable": mass.stable,
    }
