# SPDX-License-Identifier: Apache-2.0
"""The rig's sensor of the outlet pressure against the pump's of the catheter, while nothing flows.

At rest both show the same. Where they do not, one of them is wrong, and which one the air tells: while the disconnect
valve is tried the catheter is off, and the pump's sensor has to show nothing. If it does, its zero is right, and what
is left between the two is the outlet's sensor. If it does not, it is the pump's, which each infusion judges.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from bench.bench_file import CheckName
from bench.injectors import Injection
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from instruments.pump import Pump
from instruments.rig import Rig
from metrology.verdict import Limits

SHARE_OF_THE_RIG = 0.5
"""Of the error that the pump's sensor may have so much is left to the rig's (assumed)."""


class RestingPressureCheck:
    """Compares both sensors at rest, once the pump's was seen with the catheter off.

    Args:
        pump: is stopped.
        rig: has the sensor of the outlet.
        error_kpa: by how much the pump's sensor may be off, by its profile; None where no profile tells.

    Attributes:
        off_kpa: what the pump's sensor showed while the catheter was off; NaN before.
    """

    name = CheckName.RESTING_PRESSURE

    def __init__(self, pump: Pump, rig: Rig, error_kpa: float | None) -> None:
        self.limits: Limits | None = None
        if error_kpa is not None:
            most_kpa = SHARE_OF_THE_RIG * error_kpa
            self.limits = Limits(-most_kpa, most_kpa, "kPa", "profile, half of [catheter] pressure_error_max_kpa")
        self.off_kpa = math.nan
        self._pump = pump
        self._rig = rig
        self._error_kpa = error_kpa

    def watched(
        self, disconnected: Callable[[], AbstractContextManager[Injection]]
    ) -> Callable[[], AbstractContextManager[Injection]]:
        """Return the same disconnection, with a look at the pump's sensor while the catheter is off."""

        @contextmanager
        def looked_at() -> Iterator[Injection]:
            with disconnected() as injection:
                self.off_kpa = self._pump.read().catheter_pressure_kpa
                yield injection

        return looked_at

    def run(self) -> CheckFinding:
        """Return by how much the outlet's sensor is off; outside the limits it blocks.

        Raises:
            BenchFault: pump or rig do not answer.
        """
        at_rest_kpa, outlet_kpa = self._pump.read().catheter_pressure_kpa, self._rig.read().outlet_pressure_kpa
        operation = "compare the outlet's pressure with the pump's"
        seen = (
            f"it shows {outlet_kpa:.2f} kPa, the pump {at_rest_kpa:.2f} kPa, and {self.off_kpa:.2f} kPa of a catheter"
        )
        seen += " that is off"
        is_known = all(map(math.isfinite, (at_rest_kpa, outlet_kpa, self.off_kpa)))
        if self.limits is None or self._error_kpa is None or not is_known:
            told = f"{seen}: held against nothing"
            return CheckFinding(self.name, "rig", operation, CheckState.OK, told, self.limits)
        if abs(self.off_kpa) > self._error_kpa or at_rest_kpa < -self._error_kpa:
            told = f"{seen}: the pump's is judged"
            return CheckFinding(self.name, "rig", operation, CheckState.OK, told, self.limits)
        off_kpa = outlet_kpa - (at_rest_kpa - self.off_kpa)
        state, next_step = CheckState.judged(off_kpa, 0.0, self.limits), ""
        if state is not CheckState.OK:
            seen += f"; allowed is a difference of {self.limits}"
            next_step = "find out what the outlet's pressure is: measure its height, have its sensor calibrated"
        return CheckFinding(self.name, "rig", operation, state, seen, self.limits, off_kpa, next_step=next_step)
