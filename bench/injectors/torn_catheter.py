# SPDX-License-Identifier: Apache-2.0
"""The catheter torn in its middle: what the pump gives goes into the tissue there."""

from dataclasses import replace

from bench.injectors.injector import FULLY
from bench.injectors.promised_effect import PromisedEffect
from instruments.catheter_line import MID_VALVE, catheter_line_of, no_catheter_line
from instruments.rig import Rig, RigReading


class TornCatheter:
    """The valve in the middle of the catheter; it knows only off and on."""

    name = "catheter torn in its middle"
    points = ("mid_catheter_valve",)

    def promised(self, percent: float) -> PromisedEffect | None:
        """Return no flow at the vessel; the pressure tells nothing, the first half of the catheter is there still."""
        return PromisedEffect(1.0, 0.8) if percent > 0 else None

    def require(self, rig: Rig) -> None:
        """Refuse a rig without such a valve.

        Raises:
            BenchFault: it has none.
        """
        if not rig.abilities().mid_catheter_valve:
            raise no_catheter_line("rig", MID_VALVE)

    def order(self, rig: Rig, percent: float) -> None:
        """Tell the rig to open or close the valve.

        Raises:
            BenchFault: this rig did not take the order.
        """
        line = catheter_line_of(rig, MID_VALVE)
        line.order_catheter_line(replace(line.ordered_catheter_line(), mid_valve_open=percent > 0))

    def observed_percent_of(self, rig: Rig) -> float:
        """Return 100 when the valve is open, else 0."""
        return FULLY if catheter_line_of(rig, MID_VALVE).observed_catheter_line().mid_valve_open else 0.0

    def contradicted(self, before: RigReading, after: RigReading, moved_percent: float) -> str:  # noqa: ARG002
        """Return that no other sensor tells; the flow does, sample by sample."""
        return ""


TORN_CATHETER = TornCatheter()
