# SPDX-License-Identifier: Apache-2.0
"""Gathers the samples of an infusion as columns of plain figures: a month at two samples a minute takes 7 MB."""

from array import array
from dataclasses import fields

import numpy as np

from bench.account.sample_table import ALARMS, STATES, Column, SampleTable
from bench.sampling import Sample

NAMES = tuple(field.name for field in fields(SampleTable))
HELD = frozenset({
    "state", "rate_ul_per_h", "battery_percent", "alarm_bits", "alarm_log_count", "bolus_log_count", "kink_percent",
    "leak_percent", "disconnected", "magnet", "stable",
})  # fmt: skip
"""Figures that stay as they are for many samples; of the others nearly each is another one."""


class SampleColumns:
    """Takes each sample, live or recalled from the journal, and makes one table of them all."""

    def __init__(self) -> None:
        self._columns = {name: _Held() if name in HELD else array("d") for name in NAMES}
        self._newest_s = -np.inf

    def take(self, sample: Sample) -> None:
        """Add a sample; one that is not later than the one before is not new."""
        if sample.actual_s <= self._newest_s:
            return
        self._newest_s = sample.actual_s
        for name, value in _row(sample).items():
            self._columns[name].append(value)

    def table(self) -> SampleTable:
        """Return all samples so far."""
        return SampleTable(**{name: _figures(column) for name, column in self._columns.items()})


class _Held:
    """A column that keeps a figure once for as long as it stays as it is."""

    def __init__(self) -> None:
        self._figures = array("d")
        self._begins = array("Q")
        self._length = 0

    def append(self, figure: float) -> None:
        if not self._figures or not _same(figure, self._figures[-1]):
            self._figures.append(figure)
            self._begins.append(self._length)
        self._length += 1

    def figures(self) -> Column:
        ends = np.append(np.array(self._begins, dtype=np.int64)[1:], self._length)
        lengths = ends - np.array(self._begins, dtype=np.int64) if self._length else np.zeros(0, dtype=np.int64)
        return np.repeat(np.array(self._figures), lengths)


def _same(figure: float, before: float) -> bool:
    """Tell whether two figures are one; two that were not measured are, and only such a one differs from itself."""
    return figure == before or (figure != figure and before != before)


def _figures(column: "_Held | array[float]") -> Column:
    return column.figures() if isinstance(column, _Held) else np.array(column)


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
