# SPDX-License-Identifier: Apache-2.0
"""The course of each bolus: volume in its time, begin, duration, rate, late part, and the hours after it.

That the volume is right says little: the same volume in half the time is another dose, and a bolus that comes once more
after forty minutes is in no window that a plan lays around it. A refused request is an occasion as well: nothing may
come of it, then or later.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.acceptance import Standing
from bench.account.added_volume import AddedVolume
from bench.account.bolus_occasion import BolusOccasion, bolus_occasions
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.phase_parts import tolerance_of
from bench.therapy import AcceptedBolus
from groundfloor.inconclusive import Inconclusive
from metrology.any_window import worst_window
from metrology.delivery import BolusRamp
from metrology.uncertainty import Quantity, quantity_from
from metrology.verdict import Limits, Measurement, undecided

_SECONDS_PER_HOUR = 3600.0
LATE_BY_CATHETER = 4.0
"""Time constants of the catheter after which nothing of a bolus is left in it."""
LEAST_READINGS = 4
SLOW_BOLUS = 1.25
"""So much of its programmed duration longer it is looked at for what comes too slowly."""


def examine_boluses(record: InfusionRecord) -> Iterator[Finding]:
    """Yield what the course of every bolus, and of every refused request, shows; nothing where there was none."""
    occasions = bolus_occasions(record) if len(record.samples) else ()
    if not occasions:
        return
    try:
        added = AddedVolume(record)
        found = [one for occasion in occasions for one in _Course(record, added, occasion).measurements()]
    except Inconclusive as doubt:
        found = []
        reason = doubt.seen
    else:
        reason = "something else began before a single reading could be taken after it"
    for one in found:
        yield Finding(Standing.BOLUS_COURSE, one)
    if not found:
        name = f"{record.name}: course of the boluses"
        yield Finding(Standing.BOLUS_COURSE, undecided(name, reason, Standing.BOLUS_COURSE.words))


@dataclass(frozen=True)
class _Course:
    """The course of one occasion."""

    record: InfusionRecord
    added: AddedVolume
    occasion: BolusOccasion

    def measurements(self) -> Iterator[Measurement]:
        """Yield what is to be judged."""
        bolus, last = self.occasion.bolus, self._place_before(self.occasion.until_s)
        if bolus is None:
            if last - self._base >= LEAST_READINGS:
                yield self._afterwards(self._base, last, 0.0)
            return
        late = min(self._place_from(self._over_s(bolus)), last)
        if late <= self._base:
            return
        yield self._volume(bolus, late)
        if self.added.readings[late].at_s >= self._over_s(bolus):
            yield from self._in_time(bolus, late, last)
            if last - late >= LEAST_READINGS:
                yield self._afterwards(late, last, bolus.volume_ul)

    @property
    def _base(self) -> int:
        """Return the place of the last reading before it."""
        return max(0, self._place_before(self.occasion.at_s))

    def _place_before(self, at_s: float) -> int:
        return int(np.searchsorted(self.added.times_s, at_s, side="right")) - 1

    def _place_from(self, at_s: float) -> int:
        return min(int(np.searchsorted(self.added.times_s, at_s)), len(self.added.times_s) - 1)

    def _over_s(self, bolus: AcceptedBolus) -> float:
        """Return when the last of a bolus must have arrived."""
        return self._ends_s(bolus) + self._tolerance_s(bolus) + LATE_BY_CATHETER * self._lag_s

    def _ends_s(self, bolus: AcceptedBolus) -> float:
        return self.occasion.at_s + bolus.duration_s

    def _tolerance_s(self, bolus: AcceptedBolus) -> float:
        """Return how much later than programmed it may end."""
        promised = self.record.profile.patient_bolus
        return promised.start_max_s.value + promised.longer_max_s(bolus.duration_s)

    @property
    def _lag_s(self) -> float:
        return self.record.profile.catheter.time_constant_s

    def _volume(self, bolus: AcceptedBolus, late: int) -> Measurement:
        """Measure what came in its time; where the time was cut short, what must have come by then."""
        off_ul = bolus.volume_ul * self._accuracy + self._stroke_ul
        missing_s = max(0.0, self._over_s(bolus) - self.added.readings[late].at_s)
        still_to_come_ul = min(bolus.volume_ul, bolus.rate_ul_per_h * missing_s / _SECONDS_PER_HOUR)
        limits = self._limits(bolus.volume_ul - off_ul - still_to_come_ul, bolus.volume_ul + off_ul, "µL")
        return self._measured("volume in its time", self.added.between(self._base, late), limits)

    def _in_time(self, bolus: AcceptedBolus, late: int, last: int) -> Iterator[Measurement]:
        yield self._late_part(bolus, late)
        # one that takes too long is still on its way when it should be over
        end = min(self._place_from(self._over_s(bolus) + SLOW_BOLUS * bolus.duration_s), last)
        volume = self.added.between(self._base, end)
        ramp = self._ramp(volume, end)
        if ramp is None:
            return
        promised = self.record.profile.patient_bolus
        stroke_s = self._stroke_ul / bolus.rate_ul_per_h * _SECONDS_PER_HOUR
        latest_s = promised.start_max_s.value + stroke_s + self._lag_s
        begins = ramp.begins_s - self.occasion.at_s
        yield self._measured("begin after its request", begins, self._limits(None, latest_s, "s"))
        tolerance_s = self._tolerance_s(bolus)
        shortest_s, longest_s = max(0.0, bolus.duration_s - tolerance_s), bolus.duration_s + tolerance_s
        yield self._measured("duration", ramp.takes_s, self._limits(shortest_s, longest_s, "s"))
        yield self._rate(bolus, volume, ramp)

    def _rate(self, bolus: AcceptedBolus, volume: Quantity, ramp: BolusRamp) -> Measurement:
        tolerance_s = self._tolerance_s(bolus)
        least_ul = bolus.volume_ul * (1 - self._accuracy) - self._stroke_ul
        most_ul = bolus.volume_ul * (1 + self._accuracy) + self._stroke_ul
        slowest = _SECONDS_PER_HOUR * max(0.0, least_ul) / (bolus.duration_s + tolerance_s)
        shortest_s = bolus.duration_s - tolerance_s
        fastest = _SECONDS_PER_HOUR * most_ul / shortest_s if shortest_s > 0 else None
        rate = quantity_from(volume.number / ramp.takes_s.number * _SECONDS_PER_HOUR, "µL/h", (volume, ramp.takes_s))
        return self._measured("rate", rate, self._limits(slowest, fastest, "µL/h"))

    def _ramp(self, volume: Quantity, late: int) -> BolusRamp | None:
        if volume.value < LEAST_READINGS * self._stroke_ul:
            return None
        part = slice(self._base, late + 1)
        added_ul = self.added.added_ul[part] - self.added.added_ul[self._base]
        noise_ul = volume.standard_uncertainty
        return BolusRamp.of(self.added.times_s[part], added_ul, volume.value, self._stroke_ul, noise_ul)

    def _late_part(self, bolus: AcceptedBolus, late: int) -> Measurement:
        """Measure what came between its programmed end and the time at which it must be over."""
        tolerance_ul = bolus.rate_ul_per_h * (self._tolerance_s(bolus) + self._lag_s) / _SECONDS_PER_HOUR
        most_ul = tolerance_ul + 2 * self._stroke_ul
        end = self._place_from(self._ends_s(bolus))
        return self._measured("late part", self.added.between(end, late), self._limits(None, most_ul, "µL"))

    def _afterwards(self, first: int, last: int, volume_ul: float) -> Measurement:
        """Measure the most that came on top of the basal delivery in any window of the time after."""
        part = slice(first, last + 1)
        worst = worst_window(self.added.times_s[part], self.added.added_ul[part])
        begin, end = first, last
        if worst is not None and worst.rise_ul > 0:
            begin, end = (self._place_from(at_s) for at_s in (worst.span.from_s, worst.span.to_s))
        hours = (self.added.readings[last].at_s - self.added.readings[first].at_s) / _SECONDS_PER_HOUR
        tolerance = tolerance_of(self.record)
        _, most_ul = tolerance.limits_of_sums_ul(
            programmed_ul=0.0,
            tolerated_ul=0.0,
            rate_ul_per_h=self.added.basal_ul_per_h(first, last),
            more_ul=volume_ul * self._accuracy,
            less_ul=0.0,
        )
        what = f"most on top of the basal rate in any window of the {hours:.2g} h after it"
        return self._measured(what, self.added.between(begin, end), self._limits(None, most_ul, "µL"))

    def _measured(self, measurand: str, quantity: Quantity, limits: Limits) -> Measurement:
        name = f"{self.record.name}, {self.occasion.name}: {measurand}"
        return Measurement(name, quantity, limits, self.record.qualifiers, measurand=measurand)

    def _limits(self, lower: float | None, upper: float | None, unit: str) -> Limits:
        return Limits(lower, upper, unit, f"profile {self.record.profile.name}: patient_bolus")

    @property
    def _accuracy(self) -> float:
        return self.record.profile.patient_bolus.accuracy_percent.value / 100

    @property
    def _stroke_ul(self) -> float:
        return self.record.profile.stroke_volume_ul.value
