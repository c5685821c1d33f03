# SPDX-License-Identifier: Apache-2.0
"""What is known after fluid was pressed against the shut clamp: does the rig hold it?

The pump's own sensor tells, or the rig's if it stands before the clamp. Where neither does, the balance tells less
well: what was pressed in must come out again when the clamp opens. And the balance tells of the clamp itself: while
that is shut, nothing may arrive, and when it is open, all (`way_out.py`).
"""

from dataclasses import dataclass

from bench.preflight.arrived import Arrived
from bench.preflight.check_state import CheckState
from bench.preflight.held_pressure import HeldPressure
from bench.preflight.way_out import OPEN, WayOut
from metrology.verdict import Limits

TIGHTEN = "look for a leak between pump and clamp, tighten the joints"
CLAMP = "see whether the clamp moves when its sensor says so, and whether it shuts"
SENSOR = "the infusions judge the sensor by the pressure that it tells"
DUMB = "a leak under a tenth of the flow would show in no check of this bench; see preflight.md"


@dataclass(frozen=True)
class LeakEvidence:
    """What was seen.

    Attributes:
        primed_ul: what the pump was told to press in.
        refusal: why it would not; empty if it did.
        pressures: by each sensor, the pump's first.
        passed: what arrived on the balance while the clamp was shut.
        way_out: what was seen when it was open again; None where nothing was pressed in.
        hold_s: how long it was held.
    """

    primed_ul: float
    refusal: str
    pressures: tuple[HeldPressure, ...]
    passed: Arrived
    way_out: WayOut | None
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
        gauge, way_out = self.gauge, self.way_out
        state, seen, next_step = self._by_pressure(gauge, limits) if gauge is not None else self._by_balance()
        if state is CheckState.BLOCK or way_out is None:
            return state, seen, next_step
        if (trouble := way_out.trouble) is not None:
            return CheckState.BLOCK, *trouble
        if way_out.remark:
            return CheckState.WARN, seen + way_out.remark, next_step or SENSOR
        return state, seen, next_step

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
        if not self.primed_ul or self.way_out is None:
            return CheckState.WARN, f"{nobody}, {self._primed}", DUMB
        came_mg = self.way_out.late.mass_mg
        seen = f"{nobody}; {self._primed}, and {came_mg:.2f} mg came out again after {self.hold_s:g} s"
        if self.way_out.late.lacks_most_of(self.primed_ul):
            return CheckState.BLOCK, seen, f"{TIGHTEN}; or the pump gives less than it is told; {OPEN}"
        return CheckState.WARN, seen, DUMB

    @property
    def _primed(self) -> str:
        if self.primed_ul:
            return f"{self.primed_ul:g} µL were primed"
        return f"nothing could be primed ({self.refusal})"
