# SPDX-License-Identifier: Apache-2.0
"""What the bench can ask of the rig around the pump: injectors, their sensors, environment, watchdog."""

from dataclasses import dataclass
from typing import Protocol

from instruments.rig_abilities import RigAbilities
from instruments.rig_guard import RigGuard


@dataclass(frozen=True)
class RigIdentity:
    """Who the rig controller says it is; a twin's `firmware_version` ends in `-twin`."""

    model: str
    serial_number: str
    firmware_version: str


@dataclass(frozen=True)
class RigReading:
    """One consistent snapshot of the rig's sensors, read in one request.

    Positions come from sensors that are independent of the actuators, so a dead actuator shows.
    """

    kink_clamp_position_percent: float
    disconnect_valve_open: bool
    leak_valve_position_percent: float
    magnet_field_present: bool
    supply_voltage_measured_mv: int
    outlet_pressure_kpa: float
    temperature_c: float
    air_pressure_hpa: float
    humidity_percent: float
    watchdog_tripped: bool
    heartbeat_age_s: float


@dataclass(frozen=True)
class RigOutputs:
    """What the actuators shall do; the defaults are the safe state."""

    kink_clamp_percent: float = 0.0
    disconnect_valve: bool = False
    leak_valve_percent: float = 0.0
    supply_voltage_mv: int = 0
    magnet_field: bool = False


class Rig(RigGuard, Protocol):
    """The rig controller on the bench.

    Attributes:
        fencing_token: what every actuator write carries; the rig refuses one that is lower than the highest it saw.
    """

    fencing_token: int

    def identify(self) -> RigIdentity:
        """Ask the controller who it is."""
        ...

    def abilities(self) -> RigAbilities:
        """Return what it can do beyond what every rig must, as it said when it was opened."""
        ...

    def read(self) -> RigReading:
        """Return one snapshot of all sensors."""
        ...

    def outputs(self) -> RigOutputs:
        """Read back what the actuators were told."""
        ...

    def write(self, outputs: RigOutputs) -> None:
        """Tell all actuators at once, with the fencing token, and read back that it was taken.

        An order that was lost is sent again only to a rig that numbers them: there a late copy does nothing.

        Raises:
            BenchFault: the wire failed, the token is stale, or the read-back differs.
        """
        ...
