# SPDX-License-Identifier: Apache-2.0
"""Gathers the samples of an infusion as columns of plain figures: a month at two samples a minute takes 8 MB."""

from array import array
from dataclasses import fields

import numpy as np

from bench.account.sample_table import ALARMS, STATES, SampleTable
from bench.sampling import Sample

HELD = (
    "state", "rate_ul_per_h", "battery_percent", "alarm_bits", "alarm_log_count", "bolus_log_count", "kink_percent",
    "leak_percent", "disconnected", "magnet", "stable",
)  # fmt: skip
"""Figures that mostly stay as they are from sample to sample: they are kept when one of them changes."""
CHANGING = tuple(field.name for field in fields(SampleTable) if field.name not in HELD)
"""Figures of which nearly each is another one than that before."""
_PLACES = {state: place for place, state in enumerate(STATES)}


class SampleColumns:
    """Takes each sample, live or recalled from the journal, and makes one table of them all."""

    def __init__(self) -> None:
        self._changing = {name: array("d") for name in CHANGING}
        self._appends = [column.append for column in self._changing.values()]
        self._at_s = self._changing["at_s"]
        self._held = array("d")  # a row of HELD after the other
        self._begins = array("Q")  # the sample from which on a row counts
        self._newest: tuple[float, ...] = ()

    def take(self, sample: Sample) -> None:
        """Add a sample; one that is not later than the one before is not new."""
        at_s = self._at_s
        if at_s and sample.actual_s <= at_s[-1]:
            return
        held = _held(sample)
        if held != self._newest:
            self._begins.append(len(at_s))
            self._held.extend(held)
            self._newest = held
        for append, figure in zip(self._appends, _changing(sample), strict=True):
            append(figure)

    def table(self) -> SampleTable:
        """Return all samples so far."""
        samples = len(self._at_s)
        lengths = np.diff(np.append(np.array(self._begins, dtype=np.int64), samples))
        held = np.repeat(np.array(self._held).reshape(-1, len(HELD)), lengths, axis=0)
        columns = {name: np.array(column) for name, column in self._changing.items()}
        return SampleTable(**columns, **{name: held[:, place].copy() for place, name in enumerate(HELD)})


def _held(sample: Sample) -> tuple[float, ...]:
    """Return the figures of `HELD`, in that order."""
    pump, rig = sample.pump, sample.rig
    return (
        _PLACES[pump.state],
        pump.active_rate_ul_per_h,
        pump.battery_percent,
        sum(1 << ALARMS.index(one) for one in pump.alarms) if pump.alarms else 0,
        pump.alarm_log_count,
        pump.bolus_log_count,
        rig.kink_clamp_position_percent,
        rig.leak_valve_position_percent,
        rig.disconnect_valve_open,
        rig.magnet_field_present,
        sample.mass.stable,
    )


def _changing(sample: Sample) -> tuple[float, ...]:
    """Return the figures of `CHANGING`, in that order."""
    pump, rig = sample.pump, sample.rig
    return (
        sample.actual_s,
        pump.device_clock_s,
        pump.counter_ul,
        pump.reservoir_volume_ul,
        pump.catheter_pressure_kpa,
        rig.supply_voltage_measured_mv,
        rig.outlet_pressure_kpa,
        rig.temperature_c,
        rig.air_pressure_hpa,
        rig.humidity_percent,
        sample.mass.mass_g,
    )
