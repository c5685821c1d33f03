# SPDX-License-Identifier: Apache-2.0
"""The analysis of a recording: start-up, trumpet, overall error, stability, strokes, and the volume with its budget.

The mathematics is that of `metrology.delivery`; here the choices are made that a person left open, and each is told.
"""

from dataclasses import dataclass, replace

import numpy as np

from groundfloor.errors import PlanError
from groundfloor.inconclusive import Inconclusive
from metrology.delivery import DeliveryCurve, StartUpCurve, Trumpet, start_up_curve, trumpet, whole_stroke_windows_s
from metrology.delivery.rate_stability import RateStability, rate_stability
from metrology.delivery.stroke_finder import Stroke
from metrology.recording.analysis_request import AnalysisRequest
from metrology.recording.any_window import AnyWindow, any_window
from metrology.recording.disturbance import Disturbance
from metrology.recording.exclusion import Exclusion
from metrology.recording.own_volume import own_volume
from metrology.recording.period import Period, period_of, rough_period_s, sample_interval_s
from metrology.recording.prepared_record import PreparedRecord
from metrology.recording.recording import Recording
from metrology.recording.shown_scatter import ShownScatter
from metrology.recording.single_strokes import SingleStrokes, single_strokes
from metrology.recording.uneven_flow import FlowStretch
from metrology.recording.unit import Dimension
from metrology.recording.unit_doubt import unit_doubt
from metrology.recording.volume_band import VolumeBand
from metrology.recording.window_choice import windows_s
from metrology.uncertainty import Quantity
from metrology.verdict import Judgement, Limits, Measurement, Verdict, judge, relative_error

STABILITY_WINDOWS = 10
MOST_FOR_ANY_WINDOW = 1_000_000
"""Of more readings, those of the sampling interval count: windows between single readings are no shorter then."""
NO_BUDGET = "nothing is known of the uncertainty: a recorded mass and the balance's figures are needed for a verdict"

NO_STROKE = "no stroke is known, so none is in the budget: --stroke-volume, 0 for a pump that does not pulse"


@dataclass(frozen=True)
class Analysis:
    """What a recording tells.

    Attributes:
        recording: the part that was used.
        curve: cumulative volume on the grid of the sampling interval.
        period: what A, trumpet, stability and volume are about.
        set_rate_ul_per_h: what errors refer to.
        set_rate_given: False where that is the mean rate itself, so that A says nothing.
        start_up: the rate in each sampling interval from the start.
        trumpet: with A.
        limits: of A, in %.
        stability: None where the period is too short.
        stroke: found in the readings, or None.
        no_stroke: why none was found.
        volume: delivered in the period, with its budget; None without the balance's figures.
        band: the same from the first reading on.
        judgement: of A against `limits`; None without limits.
        assumed: every choice that nobody made, a sentence each.
        error: A with its uncertainty: that of `volume`, or at least what the record itself shows where that is None.
        window_expanded_percent: of each window of the trumpet, U of its error, had it been named beforehand.
        exclusions: what a person took out.
        steps, dips: what disturbed the record.
        digit_ul: the last digit of the display; 0 where none is seen.
        scatter_ul: standard deviation of one reading about the flow.
        single_strokes: the strokes one by one; None where they cannot be told apart.
        no_single_strokes: why.
        any_window: excess and shortfall over windows of any length in the period.
        flow: the stretches of different flow in the period, rates in µL/s; empty where it is one flow.
        doubts: why no figure of the period may be taken as it stands; empty for a record that nothing disturbed.
    """

    recording: Recording
    curve: DeliveryCurve
    period: Period
    set_rate_ul_per_h: float
    set_rate_given: bool
    start_up: StartUpCurve
    trumpet: Trumpet
    limits: Limits | None
    stability: RateStability | None
    stroke: Stroke | None
    no_stroke: str
    volume: Quantity | None
    band: VolumeBand | None
    judgement: Judgement | None
    assumed: tuple[str, ...]
    error: Quantity
    window_expanded_percent: tuple[float, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    steps: tuple[Disturbance, ...] = ()
    dips: tuple[Disturbance, ...] = ()
    digit_ul: float = 0.0
    scatter_ul: float = 0.0
    doubts: tuple[str, ...] = ()
    single_strokes: SingleStrokes | None = None
    no_single_strokes: str = ""
    any_window: AnyWindow | None = None
    flow: tuple[FlowStretch, ...] = ()

    @property
    def rate_words(self) -> str:
        """Return what `set_rate_ul_per_h` is: the mean rate itself, where nobody said what the pump was set to."""
        return "set rate" if self.set_rate_given else "mean rate"

    @property
    def mean_rate_ul_per_h(self) -> float:
        """Return the mean rate over the period."""
        return self.set_rate_ul_per_h * (1 + self.trumpet.overall_error_percent / 100)


def analyse(recording: Recording, request: AnalysisRequest) -> Analysis:
    """Analyse a recording of one delivery at one set rate.

    Raises:
        PlanError: the recording holds what is no delivery, or what is asked for cannot be computed from it.
    """
    try:
        return _Analyst(recording, request).analysis()
    except Inconclusive as wrong:
        raise PlanError(f"recording {recording.source}", "analyse", wrong.finding, wrong.next_step) from wrong


class _Analyst:
    """Makes the choices, in the order in which they depend on each other."""

    def __init__(self, recording: Recording, request: AnalysisRequest) -> None:
        self._request = request
        self._record = PreparedRecord.of(recording, request)
        self._recording, self._raw, self._gap_s = self._record.recording, self._record.curve, self._record.gap_s
        self._assumed: list[str] = list(recording.assumed)
        is_mass = recording.measured is Dimension.MASS
        if request.balance is not None and not is_mass:
            seen = "the recording is of a volume"
            raise PlanError("balance's figures", "use", seen, "analyse a recorded mass, or leave them out")
        self._assume(*self._record.disturbances.told())
        self._assume(f"the longest gap allowed is {self._gap_s:.4g} s" if request.longest_gap_s is None else "")
        self._assume(
            "the air at the end was that of the start: no change of buoyancy is in the budget" if is_mass else ""
        )

    def analysis(self) -> Analysis:
        """Compute everything."""
        from_s, to_s, assumed = rough_period_s(self._request, self._raw.duration_s, self._record.typical_interval_s)
        self._assume(assumed)
        stroke, no_stroke = self._record.stroke(from_s, to_s)
        stroke_period_s = self._stroke_period_s(stroke, from_s, to_s)
        period = self._period(from_s, to_s, stroke_period_s)
        grid = self._record.on_grid(period.sample_interval_s)
        part = grid.between(period.from_s, period.to_s)
        curves = self._trumpet(part, period, stroke_period_s)
        shown = self._record.shown(period.from_s, period.to_s, self._stroke_volume_ul(stroke))
        volume = self._between(period.from_s, period.to_s, stroke, shown)
        is_complete = self._request.balance is not None
        doubts = self._doubts(period, curves)
        strokes, no_strokes = self._single_strokes(period, stroke)
        return Analysis(
            recording=self._recording,
            curve=grid,
            period=period,
            set_rate_ul_per_h=curves.set_rate_ul_per_h,
            set_rate_given=self._request.set_rate_ul_per_h is not None,
            start_up=self._start_up(grid, period.sample_interval_s),
            trumpet=curves,
            limits=self._request.limits,
            stability=self._stability(part, period, stroke_period_s),
            stroke=stroke,
            no_stroke=no_stroke,
            volume=volume if is_complete else None,
            band=self._band(stroke, shown),
            judgement=self._judgement(curves, volume if is_complete else None, stroke, doubts),
            assumed=tuple(self._assumed),
            error=relative_error(volume, curves.set_rate_ul_per_h * curves.analysis_s / 3600),
            window_expanded_percent=self._window_expanded_percent(curves, period, stroke, shown),
            exclusions=self._record.exclusions,
            steps=self._record.disturbances.steps,
            dips=self._record.disturbances.dips,
            digit_ul=self._record.digit * self._record.ul_per_unit,
            scatter_ul=shown.scatter_mg * self._record.ul_per_unit,
            doubts=doubts,
            flow=self._record.flow(period.from_s, period.to_s) if not doubts else (),
            single_strokes=strokes,
            no_single_strokes=no_strokes,
            any_window=any_window(
                part
                if len(self._raw.times_s) > MOST_FOR_ANY_WINDOW
                else self._raw.between(period.from_s, period.to_s, self._gap_s),
                curves.set_rate_ul_per_h,
                shown,
                self._record.ul_per_unit,
            ),
        )

    def _doubts(self, period: Period, curves: Trumpet) -> tuple[str, ...]:
        found = self._record.disturbances.doubts(period.from_s, period.to_s)
        set_rate, error = self._request.set_rate_ul_per_h, curves.overall_error_percent
        # Units of a run of ours are none that anybody wrote into a heading.
        is_read = bool(self._recording.read_as)
        wrong = unit_doubt(self._recording, set_rate * (1 + error / 100), set_rate) if set_rate and is_read else ""
        return (*found, wrong) if wrong else found

    def _assume(self, *sentences: str) -> None:
        self._assumed += [sentence for sentence in sentences if sentence]

    def _stroke_period_s(self, stroke: Stroke | None, from_s: float, to_s: float) -> float | None:
        if self._request.stroke_volume_ul is None:
            return stroke.period_s if stroke is not None else None
        if self._request.stroke_volume_ul == 0:
            return None
        # The measured rate, not the set one: it is what spaced the strokes that are in the readings.
        start_ul, end_ul = self._raw.volumes_at(np.array([from_s, to_s]), self._gap_s)
        return self._request.stroke_volume_ul * (to_s - from_s) / float(end_ul - start_ul)

    def _period(self, from_s: float, to_s: float, stroke_period_s: float | None) -> Period:
        by_strokes = self._request.windows is not None and bool(self._request.windows.strokes)
        dividing_s = stroke_period_s if by_strokes else None
        interval_s, assumed = sample_interval_s(self._request, self._record.typical_interval_s, dividing_s)
        self._assume(assumed)
        return period_of(from_s, to_s, interval_s)

    def _trumpet(self, part: DeliveryCurve, period: Period, stroke_period_s: float | None) -> Trumpet:
        rate_ul_per_h = self._set_rate_ul_per_h(part)
        windows, assumed = windows_s(self._request.windows, period, stroke_period_s)
        self._assume(*assumed)
        return trumpet(part, rate_ul_per_h, period.sample_interval_s, windows, stroke_period_s=stroke_period_s)

    def _set_rate_ul_per_h(self, part: DeliveryCurve) -> float:
        if self._request.set_rate_ul_per_h is not None:
            return self._request.set_rate_ul_per_h
        rate_ul_per_h = part.mean_rate_ul_per_h
        self._assume(f"no set rate was given: errors refer to the mean rate of the period, {rate_ul_per_h:.5g} µL/h")
        return rate_ul_per_h

    def _start_up(self, grid: DeliveryCurve, interval_s: float) -> StartUpCurve:
        wanted_s = min(self._request.start_up_s, grid.duration_s)
        steps = max(round(wanted_s / interval_s - 0.5 + 1e-6), 1)
        if grid.duration_s < self._request.start_up_s * (1 - 1e-9):
            self._assume(
                f"the record is shorter than a start-up of {self._request.start_up_s / 60:g} min: all is shown"
            )
        return start_up_curve(grid, interval_s, steps * interval_s)

    def _stability(self, part: DeliveryCurve, period: Period, stroke_period_s: float | None) -> RateStability | None:
        steps = int(period.duration_s / STABILITY_WINDOWS / period.sample_interval_s)
        window_s = max(steps, 1) * period.sample_interval_s
        if stroke_period_s is not None and window_s >= stroke_period_s:
            strokes = int(window_s / stroke_period_s)
            try:
                (window_s,) = whole_stroke_windows_s(stroke_period_s, period.sample_interval_s, (strokes,))
            except PlanError:
                self._assume("the windows of the stability are no whole number of strokes: S does not fit them")
        try:
            return rate_stability(part, period.sample_interval_s, window_s)
        except PlanError:
            return None

    def _stroke_volume_ul(self, stroke: Stroke | None) -> float:
        if self._request.stroke_volume_ul is not None:
            return self._request.stroke_volume_ul
        return stroke.volume_ul if stroke is not None else 0.0

    def _between(self, from_s: float, to_s: float, stroke: Stroke | None, shown: ShownScatter) -> Quantity:
        """Return the volume between two instants; without the balance's figures its U is what the record shows."""
        stroke_ul, request = self._stroke_volume_ul(stroke), self._request
        if request.balance is not None:
            return request.liquid.volume(self._recording, from_s, to_s, request.balance, stroke_ul, shown)
        late_s = self._recording.stamp_half_width_s
        return own_volume(self._raw, from_s, to_s, stroke_ul, shown, self._record.ul_per_unit, late_s)

    def _window_expanded_percent(
        self, curves: Trumpet, period: Period, stroke: Stroke | None, shown: ShownScatter
    ) -> tuple[float, ...]:
        """Return U of the error of one window of each length, had somebody named it beforehand."""
        shown = replace(shown, steps_mg=0.0)
        rate = curves.set_rate_ul_per_h / 3600
        return tuple(
            100
            * self._between(period.from_s, period.from_s + window.duration_s, stroke, shown).expanded_uncertainty()
            / (rate * window.duration_s)
            for window in curves.windows
        )

    def _single_strokes(self, period: Period, stroke: Stroke | None) -> tuple[SingleStrokes | None, str]:
        stroke_ul = self._stroke_volume_ul(stroke)
        if stroke_ul <= 0:
            return None, "no stroke is known"
        part = self._raw.between(period.from_s, period.to_s, self._gap_s)
        return single_strokes(part, stroke_ul, self._record.quiet(period.from_s, period.to_s), self._record.ul_per_unit)

    def _band(self, stroke: Stroke | None, shown: ShownScatter) -> VolumeBand | None:
        if self._request.balance is None:
            return None
        instants_s = VolumeBand.instants_s(self._recording.times_s)
        return VolumeBand.of((float(end_s), self._between(0.0, float(end_s), stroke, shown)) for end_s in instants_s)

    def _judgement(
        self, curves: Trumpet, volume: Quantity | None, stroke: Stroke | None, doubts: tuple[str, ...]
    ) -> Judgement | None:
        limits, rate_ul_per_h = self._request.limits, self._request.set_rate_ul_per_h
        if limits is None:
            return None
        if rate_ul_per_h is None:
            raise PlanError("--limits", "use", "no set rate is known that an error could refer to", "give --rate")
        if volume is None:
            unknown = Quantity(curves.overall_error_percent, "%", np.inf)
            judgement = judge(Measurement("overall error A", unknown, limits))
            return replace(judgement, reason=f"overall error A is {curves.overall_error_percent:+.3g} %: {NO_BUDGET}")
        expected_ul = rate_ul_per_h * curves.analysis_s / 3600
        error = relative_error(volume, expected_ul)
        unknown_stroke = self._request.stroke_volume_ul is None and stroke is None
        qualifiers = (
            *doubts,
            *self._recording.qualifiers,
            *self._request.qualifiers,
            *((NO_STROKE,) if unknown_stroke else ()),
        )
        judgement = judge(Measurement("overall error A", error, limits, qualifiers))
        if not doubts or judgement.verdict is Verdict.INCONCLUSIVE:
            return judgement
        return replace(judgement, verdict=Verdict.INCONCLUSIVE, reason=f"overall error A is {error}: {doubts[0]}")
