# SPDX-License-Identifier: Apache-2.0
"""Boluses in a recording, one by one: volume, duration, and what of it came late.

Each is a rise between two levels. The straight line through a tenth and nine tenths of its volume says when it began
and ended (`metrology.delivery.BolusRamp`); what comes behind that end is its late part: a soft catheter gives it back.
A basal flow that goes on in between is none of a bolus, and is taken off.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from groundfloor.errors import PlanError
from metrology.delivery import BolusRamp, DeliveryCurve
from metrology.recording.analysis_request import AnalysisRequest
from metrology.recording.basal_flow import BasalFlow
from metrology.recording.clock_step import refuse_clock_step
from metrology.recording.dips_in_rest import dips_in_rest
from metrology.recording.display_digit import display_digit
from metrology.recording.exclusion import exclude
from metrology.recording.recording import Floats, Recording
from metrology.recording.screening import cut, refuse_falls, refuse_gaps, usual_gap_s
from metrology.recording.unit import Dimension
from metrology.uncertainty import Influence, Quantity, quantity_from

_LEAST_SHARE = 0.1
_QUIET_READINGS = 3
_MANY, _ALIKE = 2, 0.75
_FEWEST_TO_COMPARE, _LEAST_SHARE_OF_TIME = 5, 0.25


@dataclass(frozen=True)
class RecordedBolus:
    """One bolus.

    Attributes:
        begins_s: since the first reading.
        volume: what came until the next one, or until the wait was over, with what the record shows of its U.
        takes_s: its duration; None where readings are too rare to tell.
        late_ul: what of it came behind that; None as well.
        rises_s: the readings between which it begins.
    """

    begins_s: float
    volume: Quantity
    takes_s: float | None
    late_ul: float | None
    rises_s: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class Boluses:
    """All of a recording.

    Attributes:
        recording: what was used.
        nominal_ul: what each ought to be.
        boluses: in the order of time.
        basal_ul_per_h: the flow between them, which was taken off; 0 where they rest.
        assumed: what was taken for granted, a sentence each.
        doubts: why figures may not be taken as they stand; empty where nothing disturbed them.
    """

    recording: Recording
    nominal_ul: float
    boluses: tuple[RecordedBolus, ...]
    basal_ul_per_h: float = 0.0
    assumed: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def errors_percent(self) -> Floats:
        """Return the error of each."""
        errors: Floats = np.array([100 * (one.volume.value / self.nominal_ul - 1) for one in self.boluses])
        return errors


def find_boluses(recording: Recording, request: AnalysisRequest, nominal_ul: float, wait_s: float | None) -> Boluses:
    """Find the boluses of a recording.

    Args:
        recording: of boluses with rests between them.
        request: liquid, balance's repeatability, and the part to use.
        nominal_ul: what each ought to be.
        wait_s: what comes so long after its begin still belongs to a bolus; None for all until the next.

    Raises:
        PlanError: there is no bolus.
    """
    recording, _ = exclude(cut(recording, request.use_from_s, request.use_to_s), request.exclude)
    refuse_clock_step(recording)
    digit = display_digit(recording.amounts)
    refuse_gaps(recording, request.longest_gap_s or usual_gap_s(recording))
    recording, told = _without_dips(recording, digit)
    refuse_falls(recording)
    is_mass = recording.measured is Dimension.MASS
    each = request.liquid.ul_per_mg if is_mass else 1.0
    volumes_ul = request.liquid.volumes_ul(recording) if is_mass else recording.amounts - recording.amounts[0]
    curve = DeliveryCurve(recording.times_s, volumes_ul)
    usual = max(float(np.median(np.diff(volumes_ul) / np.diff(recording.times_s))), 0.0)
    begins, stroke_ul = _begins(_less(curve, usual), nominal_ul)
    basal = BasalFlow.between(curve, begins, _noise_ul(_less(curve, usual), begins) + each * digit, stroke_ul)
    rate = max(basal.rate_ul_per_s, 0.0)
    curve = _less(curve, rate)
    if not stroke_ul:  # strokes show as rises only while their flow is there
        begins, _ = _begins(curve, nominal_ul)
    if not begins:
        seen = f"no rise by a tenth of {nominal_ul:g} µL between rests"
        raise PlanError(f"recording {recording.source}", "find boluses", seen, "check --bolus, or leave it out")
    ends = [*begins[1:], len(curve.times_s) - 1]
    noise_ul = _noise_ul(curve, begins)
    if request.balance is not None and is_mass:
        noise_ul = max(noise_ul, each * request.balance.repeatability_mg)
    scatter = _Scatter(noise_ul, each * digit, basal.u_ul_per_s if rate else 0.0, stroke_ul)
    found = tuple(_bolus(curve, begin, end, wait_s, scatter) for begin, end in zip(begins, ends, strict=True))
    if rate:
        told = (*told, f"a basal flow of {3600 * rate:.4g} µL/h goes on between the boluses: taken off each")
    if stroke_ul:
        told = (*told, f"rises of about {stroke_ul:.3g} µL between the boluses are strokes of that flow, no boluses")
    doubts = (*_loss(basal, each, is_mass=is_mass), *_knocks(found, curve.typical_interval_s))
    return Boluses(recording, nominal_ul, found, 3600 * rate, (*recording.assumed, *told), doubts)


def _less(curve: DeliveryCurve, rate_ul_per_s: float) -> DeliveryCurve:
    return DeliveryCurve(curve.times_s, curve.volumes_ul - rate_ul_per_s * curve.times_s)


def _without_dips(recording: Recording, digit: float) -> tuple[Recording, tuple[str, ...]]:
    """Leave out readings that go off and come back: they are no bolus, and no loss."""
    dips = dips_in_rest(recording.amounts, digit)
    if not dips:
        return recording, ()
    kept = np.ones(len(recording.times_s), dtype=bool)
    for first, last in dips:
        kept[first + 1 : last] = False
    line = recording.line(dips[0][0] + 1)
    told = f"readings that go off and come back are left out, {len(dips)} times, first at line {line}"
    return recording.part(kept), (told,)


def _loss(basal: BasalFlow, each: float, *, is_mass: bool) -> tuple[str, ...]:
    if basal.rate_ul_per_s >= 0:
        return ()
    lost = f"{-3600 * basal.rate_ul_per_s / each:.3g}"
    if not is_mass:
        return (f"in doubt: {lost} µL an hour are lost between the boluses: each of them is more by that",)
    return (f"in doubt: the vessel loses {lost} mg/h between the boluses: where it dries, --evaporation '{lost} mg/h'",)


def _knocks(found: Sequence[RecordedBolus], interval_s: float) -> tuple[str, ...]:
    """Return a sentence for each rise that is far shorter than boluses usually are."""
    known = [one.takes_s for one in found if one.takes_s is not None]
    usual_s = float(np.median(known)) if len(known) >= _FEWEST_TO_COMPARE else 0.0
    return tuple(
        f"in doubt: bolus {number} takes {one.takes_s:.3g} s, the others {usual_s:.3g} s: a knock, or a drop? "
        f"--exclude '{begin_s:.9g} s..{end_s:.9g} s'"
        for number, one in enumerate(found, 1)
        if one.takes_s is not None and _LEAST_SHARE_OF_TIME * usual_s > max(one.takes_s, interval_s)
        for begin_s, end_s in (one.rises_s,)
    )


@dataclass(frozen=True)
class _Scatter:
    """Of one reading, of the display, and of the flow that was taken off."""

    noise_ul: float
    digit_ul: float
    basal_u_ul_per_s: float
    stroke_ul: float


def _begins(curve: DeliveryCurve, nominal_ul: float) -> tuple[list[int], float]:
    """Return the last reading before each bolus, and the stroke of a flow between them; 0 where none shows.

    Many small rises beside a few great ones, all alike, are strokes. One small rise may be a bolus that failed.
    """
    begins = _rises(curve, nominal_ul)
    if not begins:
        return [], 0.0
    ends = [*begins[1:], len(curve.times_s) - 1]
    rises = np.array([curve.volumes_ul[end] - curve.volumes_ul[first] for first, end in zip(begins, ends, strict=True)])
    small = rises < nominal_ul / 2
    great, strokes = int(np.count_nonzero(~small)), rises[small]
    if not great or len(strokes) < _MANY * great or np.std(strokes) > _ALIKE * np.mean(strokes):
        return begins, 0.0
    first_step = np.array([curve.volumes_ul[one + 1] - curve.volumes_ul[one] for one in begins])[small]
    return [one for one, is_small in zip(begins, small.tolist(), strict=True) if not is_small], float(
        np.median(first_step)
    )


def _rises(curve: DeliveryCurve, nominal_ul: float) -> list[int]:
    """Return the last reading before each rise of a tenth of the nominal volume behind a rest."""
    gained_ul = np.diff(curve.volumes_ul)
    rising = gained_ul > _LEAST_SHARE * nominal_ul / 2
    found: list[int] = []
    quiet = _QUIET_READINGS
    for place, rises in enumerate(rising.tolist()):
        if rises and quiet >= _QUIET_READINGS:
            found.append(place)
        quiet = 0 if rises else quiet + 1
    return found


def _noise_ul(curve: DeliveryCurve, begins: list[int]) -> float:
    """Return the scatter of readings in the rests: the quarter of the readings in front of each bolus."""
    rests = []
    for before, begin in zip([0, *begins], [*begins, len(curve.times_s) - 1], strict=True):
        rest = curve.volumes_ul[begin - (begin - before) // 4 : begin + 1]
        if len(rest) >= _QUIET_READINGS:
            rests.append(np.diff(rest))
    if not rests:
        return 0.0
    return float(np.std(np.concatenate(rests)) / np.sqrt(2))


def _bolus(curve: DeliveryCurve, begin: int, end: int, wait_s: float | None, scatter: _Scatter) -> RecordedBolus:
    noise_ul, digit_ul = scatter.noise_ul, scatter.digit_ul
    times_s, volumes_ul = curve.times_s, curve.volumes_ul
    if wait_s is not None:
        end = min(end, int(np.searchsorted(times_s, times_s[begin] + wait_s, side="right")) - 1)
    end = max(end, begin + 1)
    rises_s = float(times_s[begin]), float(times_s[begin + 1])
    added_ul = volumes_ul[begin : end + 1] - volumes_ul[begin]
    volume_ul = float(added_ul[-1])
    influences = [Influence.type_b(f"scatter at the {where}", 0.0, "µL", noise_ul) for where in ("begin", "end")]
    influences += [Influence.rectangular(f"digit at the {at}", 0.0, "µL", digit_ul / 2) for at in ("begin", "end")]
    if scatter.basal_u_ul_per_s:
        took_s = float(times_s[end] - times_s[begin])
        influences.append(Influence.type_b("basal flow taken off", 0.0, "µL", scatter.basal_u_ul_per_s * took_s))
    if scatter.stroke_ul:
        influences += [
            Influence.rectangular(f"stroke of the basal flow at the {at}", 0.0, "µL", scatter.stroke_ul / 2)
            for at in ("begin", "end")
        ]
    volume = quantity_from(volume_ul + sum(one.number for one in influences), "µL", influences)
    ramp = BolusRamp.of(times_s[begin : end + 1], added_ul, volume_ul, 0.0, noise_ul) if volume_ul > 0 else None
    if ramp is None:
        return RecordedBolus(float(times_s[begin]), volume, None, None, rises_s)
    over_s = ramp.begins_s.value + ramp.takes_s.value
    late_ul = volume_ul - float(np.interp(over_s, times_s[begin : end + 1], added_ul))
    return RecordedBolus(float(ramp.begins_s.value), volume, float(ramp.takes_s.value), late_ul, rises_s)
