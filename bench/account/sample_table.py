# SPDX-License-Identifier: Apache-2.0
"""All samples of one infusion as columns, one figure a sample, in the order in which they were taken."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from instruments.pump import Alarm, PumpState

Column: TypeAlias = NDArray[np.float64]
Truths: TypeAlias = NDArray[np.bool_]

STATES = tuple(PumpState)
"""A sample's state is a place in this list."""
ALARMS = tuple(Alarm)
"""A sample's standing alarms are a sum of 2 to the power of a place in this list."""


@dataclass(frozen=True)
class SampleTable:
    """Columns of equal length; what was not measured is NaN.

    Attributes:
        at_s: bench time at which the sample was begun.
        device_clock_s: the pump's clock.
        state: place in `STATES`; ask `in_state`.
        rate_ul_per_h: the rate that the pump says is active.
        counter_ul: the pump's own counter.
        reservoir_ul: what the pump believes to be left.
        battery_percent: the pump's battery.
        pressure_kpa: the pump's own catheter pressure.
        alarm_bits: standing alarms; ask `with_alarm`.
        alarm_log_count, bolus_log_count: lines in the pump's logs.
        kink_percent, leak_percent, disconnected, magnet, supply_mv: what the rig's own sensors show.
        outlet_kpa: pressure at the outlet.
        temperature_c, air_pressure_hpa, humidity_percent: the air.
        mass_g: the display of the balance, as it was.
        stable: 1 where the balance called it stable.
    """

    at_s: Column
    device_clock_s: Column
    state: Column
    rate_ul_per_h: Column
    counter_ul: Column
    reservoir_ul: Column
    battery_percent: Column
    pressure_kpa: Column
    alarm_bits: Column
    alarm_log_count: Column
    bolus_log_count: Column
    kink_percent: Column
    leak_percent: Column
    disconnected: Column
    magnet: Column
    supply_mv: Column
    outlet_kpa: Column
    temperature_c: Column
    air_pressure_hpa: Column
    humidity_percent: Column
    mass_g: Column
    stable: Column

    def __len__(self) -> int:
        return len(self.at_s)

    def in_state(self, *states: PumpState) -> Truths:
        """Tell of each sample whether the pump said that it is in one of `states`."""
        return np.isin(self.state, [STATES.index(one) for one in states])

    def with_alarm(self, alarm: Alarm) -> Truths:
        """Tell of each sample whether the pump's bit of `alarm` was set."""
        is_set: Truths = (self.alarm_bits.astype(np.int64) >> ALARMS.index(alarm)) & 1 == 1
        return is_set

    def between(self, from_s: float, to_s: float) -> Truths:
        """Tell of each sample whether it was taken between two instants of bench time, both included."""
        return (self.at_s >= from_s) & (self.at_s <= to_s)

    def device_s(self, bench_s: float) -> float:
        """Return the pump's clock at a bench time, by the pairs of clocks around it; outside by the nearest pair."""
        return self._other_clock(bench_s, self.at_s, self.device_clock_s)

    def bench_s(self, device_s: float) -> float:
        """Return the bench time of an instant of the pump's clock, as `device_s`."""
        return self._other_clock(device_s, self.device_clock_s, self.at_s)

    @staticmethod
    def _other_clock(instant_s: float, known: Column, wanted: Column) -> float:
        inside_s = float(np.clip(instant_s, known[0], known[-1]))
        return float(np.interp(inside_s, known, wanted)) + instant_s - inside_s
