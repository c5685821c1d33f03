# SPDX-License-Identifier: Apache-2.0
"""The outlet raised or lowered: a patient who lies down, stands up or coughs, and a tip that is out of its space.

Whatever the pressure at the outlet, a pump that displaces its volume gives it. On the way the catheter stores, or lets
out, C·ΔP: for so long nothing, or more, comes. What an account of the infusion makes of it follows from the outlet's
own sensor, sample by sample.
"""

from dataclasses import dataclass, replace

from bench.injectors.promised_effect import PromisedEffect
from groundfloor.errors import BenchFault
from instruments.catheter_line import OUTLET_LIFT, catheter_line_of, no_catheter_line
from instruments.rig import Rig, RigReading

KPA_PER_MMHG = 0.133322
"""ISO 80000-4: the conventional millimetre of mercury."""
WHOLE_PERCENT = 100.0
LEAST_ERROR_KPA = 0.5
"""So far two sensors of pressure may be apart (assumed)."""
SHARE_OF_ERROR = 0.1


@dataclass(frozen=True)
class MovedOutlet:
    """The outlet over or under its rest; `whole_kpa` is 100 %, and its sign says in which direction.

    The range is that of published tests of pumps: from -100 mmHg to +300 mmHg.
    """

    name: str
    whole_kpa: float

    @property
    def points(self) -> tuple[str, ...]:
        """Return the output that moves the lift."""
        return ("outlet_lift_kpa",)

    def promised(self, percent: float) -> PromisedEffect | None:  # noqa: ARG002  whatever it is
        """Return None: the flow goes on."""
        return None

    def kpa_of(self, percent: float) -> float:
        """Return by how much it raises the pressure at the outlet."""
        return self.whole_kpa * percent / WHOLE_PERCENT

    def percent_of(self, kpa: float) -> float:
        """Return how much of it a pressure is."""
        return WHOLE_PERCENT * kpa / self.whole_kpa

    def require(self, rig: Rig) -> None:
        """Refuse a rig without a lift.

        Raises:
            BenchFault: it has none.
        """
        if not rig.abilities().outlet_lift:
            raise no_catheter_line("rig", OUTLET_LIFT)

    def order(self, rig: Rig, percent: float) -> None:
        """Tell the rig to move there.

        Raises:
            BenchFault: this rig did not take the order.
        """
        line = catheter_line_of(rig)
        lifted_kpa = self.whole_kpa * percent / WHOLE_PERCENT
        line.order_catheter_line(replace(line.ordered_catheter_line(), outlet_lift_kpa=lifted_kpa))

    def observed_percent_of(self, rig: Rig) -> float:
        """Return where it is, by the sensor of the lift."""
        return self.percent_of(catheter_line_of(rig).observed_catheter_line().outlet_lift_kpa)

    def contradicted(self, before: RigReading, after: RigReading, moved_percent: float) -> str:
        """Return how the pressure at the outlet contradicts a move; empty where it does not."""
        moved_kpa = self.whole_kpa * moved_percent / WHOLE_PERCENT
        seen_kpa = after.outlet_pressure_kpa - before.outlet_pressure_kpa
        if abs(seen_kpa - moved_kpa) <= max(LEAST_ERROR_KPA, SHARE_OF_ERROR * abs(moved_kpa)):
            return ""
        return f"its sensor shows {moved_kpa:+.2f} kPa, the pressure at the outlet moved by {seen_kpa:+.2f} kPa"


OUTLET_RAISED = MovedOutlet("outlet raised", 300.0 * KPA_PER_MMHG)
OUTLET_LOWERED = MovedOutlet("outlet lowered", -100.0 * KPA_PER_MMHG)


def outlet_moved_by(kpa: float) -> tuple[MovedOutlet, float]:
    """Return which of the two moves the outlet by a pressure, and how many per cent of it.

    Raises:
        BenchFault: no lift need go so far.
    """
    fault = OUTLET_RAISED if kpa > 0 else OUTLET_LOWERED
    percent = fault.percent_of(kpa)
    if not 0 < percent <= WHOLE_PERCENT:
        seen = f"it goes from {OUTLET_LOWERED.whole_kpa:.1f} to {OUTLET_RAISED.whole_kpa:.1f} kPa"
        raise BenchFault("rig", f"move the outlet by {kpa:g} kPa", seen, "ask for a pressure in this range")
    return fault, percent
