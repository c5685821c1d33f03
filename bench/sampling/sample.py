# SPDX-License-Identifier: Apache-2.0
"""One sample: every device's snapshot at one planned instant."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from groundfloor.json_number import json_number
from instruments.balance import MassReading
from instruments.pump import Alarm, PumpReading, PumpState
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
    weighed_ul: float

    def as_dict(self) -> dict[str, Any]:
        """Return the flat form that the journal keeps; what is not measured, or came as no number, is null."""
        pump, rig = self.pump, self.rig
        pressure_kpa = pump.catheter_pressure_kpa
        return {
            "planned_s": round(self.planned_s, 6),
            "device_clock_s": pump.device_clock_s,
            "state": pump.state,
            "rate_ul_per_h": round(pump.active_rate_ul_per_h, 5),
            "counter_ul": pump.counter_ul,
            "reservoir_ul": pump.reservoir_volume_ul,
            "battery_percent": pump.battery_percent,
            "pressure_kpa": json_number(round(pressure_kpa, 4)),
            "alarms": sorted(pump.alarms),
            "alarm_log_count": pump.alarm_log_count,
            "bolus_log_count": pump.bolus_log_count,
            "kink_percent": rig.kink_clamp_position_percent,
            "disconnected": rig.disconnect_valve_open,
            "leak_percent": rig.leak_valve_position_percent,
            "magnet": rig.magnet_field_present,
            "supply_mv": rig.supply_voltage_measured_mv,
            "outlet_kpa": round(rig.outlet_pressure_kpa, 4),
            "temperature_c": json_number(round(rig.temperature_c, 4)),
            "air_pressure_hpa": json_number(round(rig.air_pressure_hpa, 3)),
            "humidity_percent": json_number(round(rig.humidity_percent, 3)),
            "watchdog_tripped": rig.watchdog_tripped,
            "mass_g": json_number(self.mass.mass_g),
            "stable": self.mass.stable,
            "expected_ul": round(self.expected_ul, 4),
            "weighed_ul": json_number(round(self.weighed_ul, 4)),
        }

    @classmethod
    def from_dict(cls, actual_s: float, data: Mapping[str, Any]) -> Self:
        """Return the sample that `as_dict` wrote down at `actual_s`; the heartbeat's age is not kept."""
        return cls(
            planned_s=data["planned_s"],
            actual_s=actual_s,
            pump=PumpReading(
                device_clock_s=data["device_clock_s"],
                state=PumpState(data["state"]),
                active_rate_ul_per_h=data["rate_ul_per_h"],
                counter_ul=data["counter_ul"],
                reservoir_volume_ul=data["reservoir_ul"],
                battery_percent=data["battery_percent"],
                catheter_pressure_kpa=_number(data["pressure_kpa"]),
                alarms=frozenset(Alarm(one) for one in data["alarms"]),
                alarm_log_count=data["alarm_log_count"],
                bolus_log_count=data["bolus_log_count"],
            ),
            rig=RigReading(
                kink_clamp_position_percent=data["kink_percent"],
                disconnect_valve_open=data["disconnected"],
                leak_valve_position_percent=data["leak_percent"],
                magnet_field_present=data["magnet"],
                supply_voltage_measured_mv=data["supply_mv"],
                outlet_pressure_kpa=data["outlet_kpa"],
                temperature_c=_number(data["temperature_c"]),
                air_pressure_hpa=_number(data["air_pressure_hpa"]),
                humidity_percent=_number(data["humidity_percent"]),
                watchdog_tripped=data["watchdog_tripped"],
                heartbeat_age_s=math.nan,
            ),
            mass=MassReading(_number(data["mass_g"]), data["stable"]),
            expected_ul=data["expected_ul"],
            weighed_ul=_number(data["weighed_ul"]),
        )


def _number(told: float | None) -> float:
    return math.nan if told is None else told
