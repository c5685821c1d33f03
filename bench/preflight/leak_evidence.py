# SPDX-License-Identifier: Apache-2.0
"""What is known after fluid was pressed against the shut clamp: does the rig hold it?

The pump's own sensor tells, or the rig's if it stands before the clamp. Where neither does, the balance tells less
well: what was pressed in must come out again when the clamp opens. And the balance tells of the clamp itself: while
that is shut, nothing may arrive.
"""

from dataclasses import dataclass

from bench.preflight.check_state import CheckState
from bench.preflight.held_pressure import HeldPressure
from metrology.verdict import Limits

TIGHTEN = "look for a leak between pump and clamp, tighten the joints"
CLAMP = "see whether the clamp moves when its sensor says so, and whether it shuts"
DUMB = "a leak under a tenth of the flow would show in no check of this bench; see preflight.md"


@dataclass(frozen=True)
class Arrived:
    """What arrived on the balance, and how well that is known; a balance that scatters a lot tells nothing of it."""

    mass_mg: float
    half_width_mg: float

    def is_most_of(self, primed_ul: float) -> bool:
        """Tell whether beyond doubt more than half of it arrived."""
        return self.mass_mg - self.half_width_mg >= primed_ul / 2

    def lacks_most_of(self, primed_ul: float) -> bool:
        """Tell whether beyond doubt less than half of it arrived."""
        return self.mass_mg + self.half_width_mg < primed_ul / 2


@dataclass(frozen=True)
class LeakEvidence:
    """What was seen.

    Attributes:
        primed_ul: what the pump was told to press in.
        refusal: why it would not; empty if it did.
        pressures: by each sensor, the pump's first.
        passed: what arrived on the balance while the clamp was shut.
        came_out: what had arrived when it was open again; None where nobody waited for it.
        hold_s: how long it was held.
    """

    primed_ul: float
    refusal: str
    pressures: tuple[HeldPressure, ...]
    passed: Arrived
    came_out: Arrived | None
    hold_s: float

    @property
    def gauge(self) -> HeldPressure | None:
        """Return the sensor that tells; None where none does."""
        if self.primed_ul:
            return next((one for one in self.pressures if one.responded), None)
        return next((one for one in self.pressures[:1] if one.there), None)

    def judged(self, limits: Limits) -> tuple[CheckState, str, str]:
        """Return the state, what was seen, and what to do next."""
        if self.primed_ul and self.passed.is_most_of(self.primed_ul):
            seen = f"{self._primed} against the shut clamp, {self.passed.mass_mg:.2f} mg passed it"
            return CheckState.BLOCK, seen, CLAMP
        if (gauge := self.gauge) is not None:
            return self._by_pressure(gauge, limits)
        return self._by_balance()

    def _by_pressure(self, gauge: HeldPressure, limits: Limits) -> tuple[CheckState, str, str]:
        seen = f"{gauge.held_kpa:.2f} kPa by the {gauge.of} moved by {gauge.moved_kpa:+.3f} kPa in {self.hold_s:g} s"
        seen += f", {self._primed}"
        state = CheckState.judged(gauge.moved_kpa, gauge.standard_uncertainty_kpa, limits)
        if gauge.fell_at_once:
            seen += f"; it had been {gauge.peak_kpa:.2f} kPa just before"
            state = CheckState.BLOCK
        if state is not CheckState.OK:
            return state, seen, TIGHTEN
        if not self.primed_ul and abs(gauge.held_kpa) <= (limits.upper or 0.0):
            return CheckState.WARN, f"{seen}: too little pressure to show a leak", DUMB
        return state, seen, ""

    def _by_balance(self) -> tuple[CheckState, str, str]:
        nobody = "neither the pump nor the rig has a sensor that shows the pressure behind the clamp"
        if not self.primed_ul or self.came_out is None:
            return CheckState.WARN, f"{nobody}, {self._primed}", DUMB
        came_mg = self.came_out.mass_mg
        seen = f"{nobody}; {self._primed}, and {came_mg:.2f} mg came out again after {self.hold_s:g} s"
        if self.came_out.lacks_most_of(self.primed_ul):
            return CheckState.BLOCK, seen, f"{TIGHTEN}; or the pump gives less than it is told"
        return CheckState.WARN, seen, DUMB

    @property
    def _primed(self) -> str:
        if self.primed_ul:
            return f"{self.primed_ul:g} µL were primed"
        return f"nothing could be primed ({self.refusal})"
