# SPDX-License-Identifier: Apache-2.0
"""Boluses in a recording, one by one: volume, duration, and what of it came late.

Each is a rise between two levels. The straight line through a tenth and nine tenths of its volume says when it began
and ended (`metrology.delivery.BolusRamp`); what comes behind that end is its late part: a soft catheter gives it back.
A basal flow that goes on in between is none of a bolus, and is taken off.
"""

from dataclasses import dataclass

import numpy as np

from groundfloor.errors import PlanError
from metrology.delivery import BolusRamp, DeliveryCurve
from metrology.recording.analysis_request import AnalysisRequest
from metrology.recording.clock_step import refuse_clock_step
from metrology.recording.display_digit import display_digit
from metrology.recording.exclusion import exclude
from metrology.recording.recording import Floats, Recording
from metrology.recording.screening import cut, refuse_falls, refuse_gaps, usual_gap_s
from metrology.recording.unit import Dimension
from metrology.uncertainty import Influence, Quantity, quantity_from

_LEAST_SHARE = 0.1
_QUIET_READINGS = 3
_SIGMAS_OF_BASAL = 5.0


@dataclass(frozen=True)
class RecordedBolus:
    """One bolus.

    Attributes:
        begins_s: since the first reading.
        volume: what came until the next one, or until the wait was over, with what the record shows of its U.
        takes_s: its duration; None where readings are too rare to tell.
        late_ul: what of it came behind that; None as well.
    """

    begins_s: float
    volume: Quantity
    takes_s: float | None
    late_ul: float | None


@dataclass(frozen=True)
class Boluses:
    """All of a recording.

    Attributes:
        recording: what was used.
        nominal_ul: what each ought to be.
        boluses: in the order of time.
        basal_ul_per_h: the flow between them, which was taken off; 0 where they rest.
        assumed: what was taken for granted, a sentence each.
    """

    recording: Recording
    nominal_ul: float
    boluses: tuple[RecordedBolus, ...]
    basal_ul_per_h: float = 0.0
    assumed: tuple[str, ...] = ()

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
    refuse_falls(recording)
    refuse_gaps(recording, request.longest_gap_s or usual_gap_s(recording))
    is_mass = recording.measured is Dimension.MASS
    each = request.liquid.ul_per_mg if is_mass else 1.0
    volumes_ul = request.liquid.volumes_ul(recording) if is_mass else recording.amounts - recording.amounts[0]
    curve = DeliveryCurve(recording.times_s, volumes_ul)
    digit_ul = each * display_digit(recording.amounts)
    basal = _basal(curve, nominal_ul, digit_ul)
    curve = DeliveryCurve(curve.times_s, curve.volumes_ul - basal.rate_ul_per_s * curve.times_s)
    begins = _begins(curve, nominal_ul)
    if not begins:
        seen = f"no rise by a tenth of {nominal_ul:g} µL between rests"
        raise PlanError(f"recording {recording.source}", "find boluses", seen, "check --bolus, or leave it out")
    ends = [*begins[1:], len(curve.times_s) - 1]
    noise_ul = _noise_ul(curve, begins)
    if request.balance is not None and is_mass:
        noise_ul = max(noise_ul, each * request.balance.repeatability_mg)
    found = tuple(
        _bolus(curve, begin, end, wait_s, _Scatter(noise_ul, digit_ul, basal.u_ul_per_s))
        for begin, end in zip(begins, ends, strict=True)
    )
    rate = 3600 * basal.rate_ul_per_s
    told = (f"a basal flow of {rate:.4g} µL/h goes on between the boluses: taken off each",) if rate else ()
    return Boluses(recording, nominal_ul, found, rate, (*recording.assumed, *told))


@dataclass(frozen=True)
class _Basal:
    """A flow that goes on between boluses, and its standard uncertainty; 0 for none."""

    rate_ul_per_s: float = 0.0
    u_ul_per_s: float = 0.0


@dataclass(frozen=True)
class _Scatter:
    """Of one reading, of the display, and of the flow that was taken off."""

    noise_ul: float
    digit_ul: float
    basal_u_ul_per_s: float


def _basal(curve: DeliveryCurve, nominal_ul: float, digit_ul: float) -> _Basal:
    """Return the flow of the usual interval, where it is told from none beyond doubt; boluses are no usual ones.

    It is the slope between boluses, by the intervals that gain no more than the usual one and a share of a bolus.
    """
    took_s, gained_ul = np.diff(curve.times_s), np.diff(curve.volumes_ul)
    usual = float(np.median(gained_ul / took_s))
    quiet = gained_ul - usual * took_s < _LEAST_SHARE * nominal_ul / 2
    quiet_s = float(took_s[quiet].sum())
    if usual <= 0 or not quiet_s:
        return _Basal()
    rate = float(gained_ul[quiet].sum()) / quiet_s
    # Of intervals that follow each other only the ends count: a reading's scatter, once for each rest.
    rests = 1 + np.count_nonzero(np.diff(quiet.astype(int)) > 0)
    scatter_ul = float(np.std(gained_ul[quiet] - rate * took_s[quiet])) + digit_ul
    u = scatter_ul * (2 * rests) ** 0.5 / quiet_s
    return _Basal(rate, u) if rate > _SIGMAS_OF_BASAL * u and usual > rate / 2 else _Basal()


def _begins(curve: DeliveryCurve, nominal_ul: float) -> list[int]:
    """Return the last reading before each bolus: a rise of a tenth of the nominal volume behind a rest."""
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
    added_ul = volumes_ul[begin : end + 1] - volumes_ul[begin]
    volume_ul = float(added_ul[-1])
    influences = [Influence.type_b(f"scatter at the {where}", 0.0, "µL", noise_ul) for where in ("begin", "end")]
    influences += [Influence.rectangular(f"digit at the {at}", 0.0, "µL", digit_ul / 2) for at in ("begin", "end")]
    if scatter.basal_u_ul_per_s:
        took_s = float(times_s[end] - times_s[begin])
        influences.append(Influence.type_b("basal flow taken off", 0.0, "µL", scatter.basal_u_ul_per_s * took_s))
    volume = quantity_from(volume_ul + sum(one.number for one in influences), "µL", influences)
    ramp = BolusRamp.of(times_s[begin : end + 1], added_ul, volume_ul, 0.0, noise_ul) if volume_ul > 0 else None
    if ramp is None:
        return RecordedBolus(float(times_s[begin]), volume, None, None)
    over_s = ramp.begins_s.value + ramp.takes_s.value
    late_ul = volume_ul - float(np.interp(over_s, times_s[begin : end + 1], added_ul))
    return RecordedBolus(float(ramp.begins_s.value), volume, float(ramp.takes_s.value), late_ul)
