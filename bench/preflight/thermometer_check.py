# SPDX-License-Identifier: Apache-2.0
"""The rig's thermometer against one inside the balance: two sensors that know nothing of each other.

A balance warms itself, so its own sensor may show more than the air beside it; much less it cannot.
"""

import math

from bench.bench_file import CheckName, PreflightLimits
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from instruments.balance import Balance
from instruments.rig import Rig
from instruments.thermometer import Thermometer
from metrology.verdict import Limits

BALANCE_WARMS_ITSELF_C = 3.0
"""Inside a semi-micro balance that is warmed up (assumed)."""


class ThermometerCheck:
    """Takes the balance's temperature from the rig's; of several sensors in the balance the one that is nearest."""

    name = CheckName.THERMOMETER

    def __init__(self, settings: PreflightLimits, rig: Rig, balance: Balance) -> None:
        most_c = settings.thermometer_c
        self.limits = Limits(-most_c - BALANCE_WARMS_ITSELF_C, most_c, "°C", "bench file, [preflight] thermometer_c")
        self._rig = rig
        self._balance = balance

    def run(self) -> CheckFinding:
        """Return how much more the rig's shows; it blocks outside the limits, and tells where nobody can compare.

        Raises:
            BenchFault: rig or balance do not answer.
        """
        operation = "compare its thermometer with the balance's"
        rig_c = self._rig.read().temperature_c
        inside_c = self._balance.read_temperatures_c() if isinstance(self._balance, Thermometer) else ()
        if not inside_c or not math.isfinite(rig_c):
            seen = f"{rig_c:.2f} °C, held against nothing: the balance tells no temperature"
            return CheckFinding(self.name, "rig", operation, CheckState.OK, seen, self.limits)
        nearest_c = min(inside_c, key=lambda one: abs(rig_c - one))
        difference_c = rig_c - nearest_c
        state = CheckState.judged(difference_c, 0.0, self.limits)
        seen = f"it shows {rig_c:.2f} °C, the balance {nearest_c:.2f} °C"
        next_step = ""
        if state is not CheckState.OK:
            seen += f"; allowed is a difference of {self.limits}"
            next_step = "find out which of the two is wrong; see where the rig's sensor lies"
        return CheckFinding(self.name, "rig", operation, state, seen, self.limits, difference_c, next_step=next_step)
