# SPDX-License-Identifier: Apache-2.0
"""A recording made ready for its analysis: cut, freed of what a person takes out, looked through for disturbances."""

from dataclasses import dataclass, replace

import numpy as np

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import DeliveryCurve
from metrology.delivery.sampling_grid import grid_steps
from metrology.delivery.stroke_finder import Stroke, find_stroke
from metrology.recording.analysis_request import AnalysisRequest
from metrology.recording.clock_step import refuse_clock_step
from metrology.recording.display_digit import display_digit
from metrology.recording.disturbances import Disturbances
from metrology.recording.exclusion import Exclusion, exclude
from metrology.recording.increments import refuse_increments
from metrology.recording.interpolated import interpolated
from metrology.recording.own_scatter import own_scatter
from metrology.recording.recording import Floats, Recording
from metrology.recording.screening import USUAL_GAP_INTERVALS, cut, refuse_gaps, screen, usual_gap_s
from metrology.recording.shown_scatter import ShownScatter
from metrology.recording.uneven_flow import FlowStretch, uneven_flow
from metrology.recording.unit import Dimension

STROKE_READINGS = 200_000
"""More than the stroke finder looks at: to cut them out of millions saves time and memory."""
FEWEST_DIGITS = 3.0
"""A stroke is told only where it is so many digits of the display: a lesser one is the digit itself."""


@dataclass(frozen=True)
class PreparedRecord:
    """What an analysis computes with.

    Attributes:
        recording: what is left.
        curve: its cumulative volume, at its own readings.
        ul_per_unit: µL of one unit of its amounts.
        gap_s: readings further apart have a gap between them.
        digit: of the display, in the unit of the amounts; 0 where none is seen.
        exclusions: what was taken out.
        disturbances: what was found.
    """

    recording: Recording
    curve: DeliveryCurve
    ul_per_unit: float
    gap_s: float
    digit: float
    exclusions: tuple[Exclusion, ...]
    disturbances: Disturbances

    @classmethod
    def of(cls, recording: Recording, request: AnalysisRequest) -> "PreparedRecord":
        """Prepare a recording.

        Raises:
            PlanError: it holds what is no delivery.
        """
        recording = cut(recording, request.use_from_s, request.use_to_s)
        digit = display_digit(recording.amounts)
        recording, exclusions = exclude(recording, request.exclude)
        refuse_clock_step(recording)
        is_mass = recording.measured is Dimension.MASS
        ul_per_unit = request.liquid.ul_per_mg if is_mass else 1.0
        refuse_increments(recording, request.set_rate_ul_per_h, ul_per_unit)
        found = _disturbances(recording, request, digit, ul_per_unit)
        found.refuse_leaps()
        gap_s = request.longest_gap_s or usual_gap_s(recording)
        refuse_gaps(recording, gap_s)
        recording = found.recording
        # Where a dip was left out there is no gap: what came meanwhile is known from the readings at its ends.
        gap_s = max(gap_s, *(1.001 * (dip.to_s - dip.from_s) for dip in found.dips), 0.0)
        screen(recording, gap_s, found.level() if found.steps else None)
        volumes_ul = request.liquid.volumes_ul(recording) if is_mass else recording.amounts - recording.amounts[0]
        curve = DeliveryCurve(recording.times_s, volumes_ul)
        return cls(recording, curve, ul_per_unit, gap_s, digit, exclusions, found)

    @property
    def typical_interval_s(self) -> float:
        """Return the median time from one reading to the next."""
        return usual_gap_s(self.recording) / USUAL_GAP_INTERVALS

    def on_grid(self, sample_interval_s: float) -> DeliveryCurve:
        """Return the curve on a grid; gaps were looked for already, and millions of readings are not copied for it."""
        curve = self.curve
        if len(curve.times_s) <= STROKE_READINGS:
            return curve.on_grid(sample_interval_s, self.gap_s)
        steps = grid_steps(curve.duration_s, sample_interval_s)
        grid_s = curve.times_s[0] + sample_interval_s * np.arange(max(steps, 1) + 1)
        return DeliveryCurve(grid_s, interpolated(grid_s, curve.times_s, curve.volumes_ul))

    def stroke(self, from_s: float, to_s: float) -> tuple[Stroke | None, str]:
        """Return the stroke that shows in the readings between two instants, or why none does."""
        enough_s = STROKE_READINGS * self.typical_interval_s
        ends_s = [from_s, min(to_s, from_s + enough_s)]
        inside = slice(*np.searchsorted(self.curve.times_s, ends_s, side="right"))
        try:
            found = find_stroke(DeliveryCurve(self.curve.times_s[inside], self.curve.volumes_ul[inside]))
        except (Inconclusive, PlanError) as hidden:
            return None, hidden.seen
        digit_ul = self.digit * self.ul_per_unit
        if found.volume_ul < FEWEST_DIGITS * digit_ul:
            return None, f"steps of {found.volume_ul:.3g} µL are the display's own, whose digit is {digit_ul:.3g} µL"
        return found, ""

    def shown(self, from_s: float, to_s: float, stroke_ul: float) -> ShownScatter:
        """Return what the readings between two instants show of their own uncertainty."""
        times_s = self.recording.times_s
        inside = slice(int(np.searchsorted(times_s, from_s)), int(np.searchsorted(times_s, to_s, side="right")))
        scatter = own_scatter(times_s[inside], self._level()[inside], stroke_ul / self.ul_per_unit)
        sizes = (
            abs(step.size)
            for step in self.disturbances.steps
            if times_s[step.last] > from_s and times_s[step.first] < to_s
        )
        joined = sum(from_s <= one.at_s <= to_s for one in self.exclusions)
        steps = sum(sizes) + scatter.standard_deviation * (2 * joined) ** 0.5
        return ShownScatter(scatter.standard_deviation, scatter.dof, self.digit, steps)

    def flow(self, from_s: float, to_s: float) -> tuple[FlowStretch, ...]:
        """Return the stretches of different flow between two instants, rates in µL/s; empty where it is one flow."""
        times_s = self.recording.times_s
        inside = slice(int(np.searchsorted(times_s, from_s)), int(np.searchsorted(times_s, to_s, side="right")))
        found = uneven_flow(times_s[inside], self._level()[inside], self.digit)
        return tuple(replace(one, rate=one.rate * self.ul_per_unit) for one in found)

    def quiet(self, from_s: float, to_s: float) -> ShownScatter:
        """Return how readings between two instants scatter while nothing comes: that of their smaller steps."""
        times_s = self.recording.times_s
        inside = slice(int(np.searchsorted(times_s, from_s)), int(np.searchsorted(times_s, to_s, side="right")))
        steps = np.abs(np.diff(self._level()[inside], 1))
        scatter = float(np.median(steps)) / (0.6745 * 2**0.5) if len(steps) else 0.0
        return ShownScatter(scatter, max(len(steps) / 2, 1.0), self.digit)

    def _level(self) -> Floats:
        return self.disturbances.level() if self.disturbances.steps else self.recording.amounts


def _disturbances(recording: Recording, request: AnalysisRequest, digit: float, ul_per_unit: float) -> Disturbances:
    """Find disturbances; where steps are found and nobody named a stroke, see first whether they are strokes."""
    stroke_ul = request.stroke_volume_ul
    found = Disturbances.of(recording, digit, (stroke_ul or 0.0) / ul_per_unit, request.accept)
    if stroke_ul is not None or not (found.steps or found.dips):
        return found
    curve = DeliveryCurve(recording.times_s[:STROKE_READINGS], recording.amounts[:STROKE_READINGS])
    try:
        stroke = find_stroke(curve).volume_ul  # in the unit of the amounts
    except (Inconclusive, PlanError):
        return found
    return Disturbances.of(recording, digit, stroke, request.accept)
