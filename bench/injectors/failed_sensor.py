# SPDX-License-Identifier: Apache-2.0
"""The sensor by which the pump sees its rotor turn, with its line open: as when it, its plug or its wire has failed."""

from dataclasses import replace

from bench.injectors.injector import FULLY
from bench.injectors.promised_effect import PromisedEffect
from instruments.catheter_line import SENSOR_RELAY, catheter_line_of, no_catheter_line
from instruments.rig import Rig, RigReading


class FailedSensor:
    """The relay in the line of the pump's sensor; it knows only off and on."""

    name = "failed sensor of the pump"
    points = ("sensor_relay",)

    def promised(self, percent: float) -> PromisedEffect | None:  # noqa: ARG002  whatever it is
        """Return None: what the pump then does is the pump's own affair."""
        return None

    def require(self, rig: Rig) -> None:
        """Refuse a rig without such a relay.

        Raises:
            BenchFault: it has none.
        """
        if not rig.abilities().sensor_relay:
            raise no_catheter_line("rig", SENSOR_RELAY)

    def order(self, rig: Rig, percent: float) -> None:
        """Tell the rig to open or close the sensor's line.

        Raises:
            BenchFault: this rig did not take the order.
        """
        line = catheter_line_of(rig, SENSOR_RELAY)
        line.order_catheter_line(replace(line.ordered_catheter_line(), sensor_line_open=percent > 0))

    def observed_percent_of(self, rig: Rig) -> float:
        """Return 100 when the sensor's line is open, by its continuity on the pump's side of the relay; else 0."""
        return FULLY if catheter_line_of(rig, SENSOR_RELAY).observed_catheter_line().sensor_line_open else 0.0

    def contradicted(self, before: RigReading, after: RigReading, moved_percent: float) -> str:  # noqa: ARG002
        """Return that no other sensor tells."""
        return ""


FAILED_SENSOR = FailedSensor()
