# SPDX-License-Identifier: Apache-2.0
"""Readings of a pump and a rig at rest, for tests that care about one or two of their values."""

from dataclasses import replace
from typing import Any

from instruments.pump import PumpReading, PumpState
from instruments.rig import RigReading

_PUMP = PumpReading(
    device_clock_s=0.0,
    state=PumpState.STOPPED,
    active_rate_ul_per_h=0.0,
    counter_ul=0.0,
    reservoir_volume_ul=0.0,
    battery_percent=100.0,
    catheter_pressure_kpa=0.0,
    alarms=frozenset(),
    alarm_log_count=0,
    bolus_log_count=0,
)
_RIG = RigReading(
    kink_clamp_position_percent=0.0,
    disconnect_valve_open=False,
    leak_valve_position_percent=0.0,
    magnet_field_present=False,
    supply_voltage_measured_mv=0,
    outlet_pressure_kpa=1.2,
    temperature_c=21.0,
    air_pressure_hpa=1013.0,
    humidity_percent=50.0,
    watchdog_tripped=False,
    heartbeat_age_s=0.0,
)


def pump_reading(**values: Any) -> PumpReading:
    """Return the reading of a stopped pump, but for `values`."""
    return replace(_PUMP, **values)


def rig_reading(**values: Any) -> RigReading:
    """Return the reading of a rig at rest, but for `values`."""
    return replace(_RIG, **values)
