# SPDX-License-Identifier: Apache-2.0
"""The line from the catheter to the vessel: a lift of its outlet, a valve in its middle; and the pump's sensor line.

The lift raises or lowers the outlet, or the pressure there, as a patient does who lies down or stands up. The valve
lets out beside the vessel what the first half of the catheter carries. A relay opens the line of the sensor by which
the pump sees its rotor turn. Each has a sensor of its own, and one order moves them all. Not every rig has them; what
`RigAbilities` says is asked first.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault

OUTLET_LIFT, MID_VALVE, SENSOR_RELAY = "outlet lift", "mid-catheter valve", "sensor relay"
"""What they are called where they are missing."""


@dataclass(frozen=True)
class CatheterLineState:
    """Where the three are, or shall be; the defaults are the safe state.

    Attributes:
        outlet_lift_kpa: by how much the pressure at the outlet is raised; negative is lowered.
        mid_valve_open: whether the catheter is open in its middle.
        sensor_line_open: whether the line of the pump's sensor is open.
    """

    outlet_lift_kpa: float = 0.0
    mid_valve_open: bool = False
    sensor_line_open: bool = False


@runtime_checkable
class CatheterLine(Protocol):
    """A rig that has one of the three at least."""

    def order_catheter_line(self, wanted: CatheterLineState) -> None:
        """Tell all of them where to go, under the fencing token, and read back that it was taken.

        Raises:
            WriteRefused: the token is stale, or the rig is in its safe state.
            BenchFault: the rig lacks what is asked for, or nobody can tell whether the order was taken.
        """
        ...

    def ordered_catheter_line(self) -> CatheterLineState:
        """Read back what they were told.

        Raises:
            BenchFault: there is none, or the rig does not answer.
        """
        ...

    def observed_catheter_line(self) -> CatheterLineState:
        """Return where they are, by sensors of their own.

        Raises:
            BenchFault: there is none, or the rig does not answer.
        """
        ...


def catheter_line_of(rig: object, lacks: str = OUTLET_LIFT) -> CatheterLine:
    """Return the line of a rig.

    Raises:
        BenchFault: it has none.
    """
    if isinstance(rig, CatheterLine):
        return rig
    raise no_catheter_line("rig", lacks)


def no_catheter_line(asset: str, lacks: str) -> BenchFault:
    """Return the fault of a rig without it."""
    return BenchFault(asset, f"move the {lacks}", f"this rig has no {lacks}", f"run it on a bench with a {lacks}")
