# SPDX-License-Identifier: Apache-2.0
"""One sample: every device's snapshot at one planned instant."""

import math
from dataclasses import dataclass
from typing import Any

from instruments.balance import MassReading
from instruments.pump import PumpReading
from instruments.rig import RigReading


@dataclass(frozen=True)
class Sample:
    """What all devices said at one instant.

    Attributes:
        planned_s, actual_s: bench time at which it was due, and at which it was begun.
        expected_ul: scheduled volume since the infusion began.
        delivered_ul: the balance's live figure since the infusion began: tared mass as water at 1 g/mL, nothing
            corrected; for people to look at, never for a verdict.
    """

    planned_s: float
    actual_s: float
    pump: PumpReading
    rig: RigReading
    mass: MassReading
    expected_ul: float
    delivered_ul: float

    def as_dict(self) -> dict[str, Any]:
        """Return the flat form that the journal keeps; a pressure that the pump does not measure is null."""
        pump, rig = self.pump, self.rig
        pressure_kpa = pump.catheter_pressure_kpa
        return {
            "planned_s": round(self.planned_s, 6),
            "device_clock_s": pump.device_clock_s,
            "state": pump.state,
            "rate_ul_per_h": round(pump.active_rate_ul_per_h, 5),
            "counter_ul": pump.delivered_volume_ul,
            "reservoir_ul": pump.reservoir_volume_ul,
            "battery_percent": pump.battery_percent,
            "pressure_kpa": None if math.isnan(pressure_kpa) else round(pressure_kpa, 4),
            "alarms": sorted(pump.alarms),
            "alarm_log_count": pump.alarm_log_count,
            "bolus_log_count": pump.bolus_log_count,
            "kink_percent": rig.kink_clamp_position_percent,
            "disconnected": rig.disconnect_valve_open,
            "leak_percent": rig.leak_valve_position_percent,
            "magnet": rig.magnet_field_present,
            "supply_mv": rig.supply_voltage_measured_mv,
            "outlet_kpa": round(rig.outlet_pressure_kpa, 4),
            "temperature_c": round(rig.temperature_c, 4),
            "air_pressure_hpa": round(rig.air_pressure_hpa, 3),
            "humidity_percent": round(rig.humidity_percent, 3),
            "watchdog_tripped": rig.watchdog_tripped,
            "mass_g": self.mass.mass_g,
            "stable": self.mass.stable,
            "expected_ul": round(self.expected_ul, 4),
            "delivered_ul": round(self.delivered_ul, 4),
        }
