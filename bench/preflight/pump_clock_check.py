# SPDX-License-Identifier: Apache-2.0
"""The pump's clock must run like the bench's: what a schedule delivers is told by the pump's own clock.

A pump whose clock is a tenth too fast delivers a tenth too much each day, and calls it a day. Only a clock that is not
the pump's can tell. What is found here warns; the pump is judged by it with each infusion.
"""

from collections.abc import Callable

from bench.bench_file import CheckName, PreflightLimits
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.weighing import Blank
from metrology.verdict import Limits


class PumpClockCheck:
    """Compares both clocks over the blank."""

    name = CheckName.PUMP_CLOCK

    def __init__(self, settings: PreflightLimits, blank: Callable[[], Blank]) -> None:
        self.limits = Limits(-settings.clock_ppm, settings.clock_ppm, "ppm", "bench file, [preflight] clock_ppm")
        self._blank = blank

    def run(self) -> CheckFinding:
        """Return how much faster the pump's clock runs."""
        clocks = self._blank().clocks
        value, uncertainty = clocks.error_ppm, clocks.standard_uncertainty_ppm
        # a clock that is wrong is the pump's failure, which each infusion judges: it keeps nobody from testing
        state = (
            CheckState.OK if CheckState.judged(value, uncertainty, self.limits) is CheckState.OK else CheckState.WARN
        )
        seen = f"it is {abs(value):.0f} ± {2 * uncertainty:.0f} ppm (U, k = 2) {'fast' if value > 0 else 'slow'}"
        next_step = ""
        if state is not CheckState.OK:
            seen += f"; allowed is {self.limits}"
            next_step = "the infusions judge it"
        return CheckFinding(
            self.name, "pump", "compare its clock with the bench's", state, seen, self.limits, value, uncertainty,
            next_step,
        )  # fmt: skip
