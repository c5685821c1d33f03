# SPDX-License-Identifier: Apache-2.0
"""One sample: every device's snapshot at one planned instant."""

import math
from dataclasses import dataclass, replace
from typing import Any, Self

from bench.journal import lines
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
            "counter_ul": json_number(pump.counter_ul),
            "reservoir_ul": json_number(pump.reservoir_volume_ul),
            "battery_percent": json_number(pump.battery_percent),
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

    def as_recorded(self) -> Self:
        """Return it with the digits that the journal keeps.

        What is judged in the run is then what can be judged again from its journal, to the last digit: a sample and a
        command of one instant stay so.
        """
        pump, rig = self.pump, self.rig
        return replace(
            self,
            planned_s=round(self.planned_s, 6),
            actual_s=round(self.actual_s, 6),
            pump=replace(
                pump,
                active_rate_ul_per_h=round(pump.active_rate_ul_per_h, 5),
                catheter_pressure_kpa=round(pump.catheter_pressure_kpa, 4),
            ),
            rig=replace(
                rig,
                outlet_pressure_kpa=round(rig.outlet_pressure_kpa, 4),
                temperature_c=round(rig.temperature_c, 4),
                air_pressure_hpa=round(rig.air_pressure_hpa, 3),
                humidity_percent=round(rig.humidity_percent, 3),
            ),
            expected_ul=round(self.expected_ul, 4),
            weighed_ul=round(self.weighed_ul, 4),
        )

    @classmethod
    def of_line(cls, actual_s: float, line: lines.Sample) -> Self:
        """Return the sample that `as_dict` wrote down at `actual_s`; the heartbeat's age is not kept."""
        return cls(
            planned_s=line.planned_s,
            actual_s=actual_s,
            pump=PumpReading(
                device_clock_s=line.device_clock_s,
                state=PumpState(line.state),
                active_rate_ul_per_h=line.rate_ul_per_h,
                counter_ul=_number(line.counter_ul),
                reservoir_volume_ul=_number(line.reservoir_ul),
                battery_percent=_number(line.battery_percent),
                catheter_pressure_kpa=_number(line.pressure_kpa),
                alarms=frozenset(Alarm(one) for one in line.alarms),
                alarm_log_count=line.alarm_log_count,
                bolus_log_count=line.bolus_log_count,
            ),
            rig=RigReading(
                kink_clamp_position_percent=line.kink_percent,
                disconnect_valve_open=line.disconnected,
                leak_valve_position_percent=line.leak_percent,
                magnet_field_present=line.magnet,
                supply_voltage_measured_mv=round(line.supply_mv),
                outlet_pressure_kpa=line.outlet_kpa,
                temperature_c=_number(line.temperature_c),
                air_pressure_hpa=_number(line.air_pressure_hpa),
                humidity_percent=_number(line.humidity_percent),
                watchdog_tripped=line.watchdog_tripped,
                heartbeat_age_s=math.nan,
            ),
            mass=MassReading(_number(line.mass_g), line.stable),
            expected_ul=line.expected_ul,
            weighed_ul=_number(line.weighed_ul),
        )


def _number(recorded: float | None) -> float:
    return math.nan if recorded is None else recorded
