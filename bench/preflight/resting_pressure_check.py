# SPDX-License-Identifier: Apache-2.0
"""The rig's sensor of the outlet pressure against the pump's of the catheter, while nothing flows.

At rest both show the same. Where they do not, one of them is wrong, and which one the air tells: while the disconnect
valve is tried the catheter is off, and the pump's sensor has to show nothing. If it does, its zero is right, and what
is left between the two is the outlet's sensor. If it does not, it is the pump's, which each infusion judges.

A catheter is at rest just before it is taken off. Where both differ then, what flowed before may still show: it is put
on again and left alone until any catheter is full.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from bench.bench_file import CheckName
from bench.injectors import Injection
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.scheduler import Scheduler
from instruments.pump import Pump
from instruments.rig import Rig
from metrology.verdict import Limits

CONSTANTS_TO_REST = 5.0
"""After so many time constants less than a hundredth is left of what an outlet presses back."""
SHARE_OF_THE_RIG = 0.5
"""Of the error that the pump's sensor may have so much is left to the rig's (assumed)."""


class RestingPressureCheck:
    """Compares both sensors at rest, once the pump's was seen with the catheter off.

    Args:
        pump: is stopped.
        rig: has the sensor of the outlet.
        error_kpa: by how much the pump's sensor may be off, by its profile; None where no profile tells.
        scheduler: passes the time in which the catheter comes to rest.
        time_constant_s: the greatest of the catheter.

    Attributes:
        off_kpa: what the pump's sensor showed while the catheter was off; NaN before.
    """

    name = CheckName.RESTING_PRESSURE

    def __init__(
        self, pump: Pump, rig: Rig, error_kpa: float | None, scheduler: Scheduler, time_constant_s: float
    ) -> None:
        self.limits: Limits | None = None
        if error_kpa is not None:
            most_kpa = SHARE_OF_THE_RIG * error_kpa
            self.limits = Limits(-most_kpa, most_kpa, "kPa", "profile, half of [catheter] pressure_error_max_kpa")
        self.off_kpa = math.nan
        self._pump = pump
        self._rig = rig
        self._error_kpa = error_kpa
        self._scheduler = scheduler
        self._rests_s = CONSTANTS_TO_REST * time_constant_s
        self._at_rest = math.nan, math.nan

    def watched(
        self, disconnected: Callable[[], AbstractContextManager[Injection]]
    ) -> Callable[[], AbstractContextManager[Injection]]:
        """Return the same disconnection, with a look at the pump's sensor while the catheter is off."""

        @contextmanager
        def looked_at() -> Iterator[Injection]:
            self._at_rest = self._look()
            with disconnected() as injection:
                self.off_kpa = self._pump.read().catheter_pressure_kpa
                yield injection

        return looked_at

    def run(self) -> CheckFinding:
        """Return by how much the outlet's sensor is off; outside the limits it blocks.

        Raises:
            BenchFault: pump or rig do not answer.
        """
        at_rest_kpa, outlet_kpa = self._at_rest
        limits, error_kpa = self.limits, self._error_kpa
        if limits is None or error_kpa is None or not all(map(math.isfinite, (at_rest_kpa, outlet_kpa, self.off_kpa))):
            return self._finding(CheckState.OK, f"{self._seen}: held against nothing")
        if abs(self.off_kpa) > error_kpa or at_rest_kpa < -error_kpa:
            return self._finding(CheckState.OK, f"{self._seen}: the pump's is judged")
        self._wait_for_rest(limits)
        state = CheckState.judged(self._outlet_off_kpa, 0.0, limits)
        if state is CheckState.OK:
            return self._finding(state, self._seen, self._outlet_off_kpa)
        told = f"{self._seen}; allowed is a difference of {limits}"
        next_step = "find out what the outlet's pressure is: measure its height, have its sensor calibrated"
        return self._finding(state, told, self._outlet_off_kpa, next_step)

    def _wait_for_rest(self, limits: Limits) -> None:
        """Where both differ, look anew when any catheter is full again: one that fills passes by every value."""
        if CheckState.judged(self._outlet_off_kpa, 0.0, limits) is not CheckState.OK:
            self._scheduler.pass_for(self._rests_s)
            self._at_rest = self._look()

    def _look(self) -> tuple[float, float]:
        return self._pump.read().catheter_pressure_kpa, self._rig.read().outlet_pressure_kpa

    @property
    def _outlet_off_kpa(self) -> float:
        at_rest_kpa, outlet_kpa = self._at_rest
        return outlet_kpa - (at_rest_kpa - self.off_kpa)

    @property
    def _seen(self) -> str:
        at_rest_kpa, outlet_kpa = self._at_rest
        both = f"it shows {outlet_kpa:.2f} kPa, the pump {at_rest_kpa:.2f} kPa"
        return f"{both}, and {self.off_kpa:.2f} kPa of a catheter that is off"

    def _finding(
        self, state: CheckState, seen: str, value_kpa: float | None = None, next_step: str = ""
    ) -> CheckFinding:
        return CheckFinding(
            self.name,
            "rig",
            "compare the outlet's pressure with the pump's",
            state,
            seen,
            self.limits,
            value_kpa,
            next_step=next_step,
        )
