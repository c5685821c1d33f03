# SPDX-License-Identifier: Apache-2.0
"""The account of phases: three volumes, three pairs, in every phase, over the whole infusion, and over any span.

    weighed against programmed      what the pump gave is what it was told to give
    counted against programmed      what it says it gave is what it was told to give
    counted less weighed            what it says it gave is what it gave

Of a pump that counts nothing there is the first pair alone. No part of the infusion is outside of it.
What is too little to be seen in one phase is seen in a span of them.
"""

import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bench.acceptance import Standing
from bench.account.catheter_store import CatheterStore
from bench.account.finding import Finding
from bench.account.infusion_record import InfusionRecord
from bench.account.noise_seen import as_noisy_as_seen
from bench.account.phase import Phase
from bench.account.phase_parts import PhaseParts, phase_parts
from bench.account.phase_volumes import PhaseVolumes
from bench.account.phases import phases_of
from bench.account.weighed_course import weighed_course
from groundfloor.inconclusive import Inconclusive
from instruments.pump_feature import PumpFeature
from metrology.phases import Part, Tolerance, worst_spans
from metrology.uncertainty import Quantity
from metrology.verdict import Limits, Measurement, undecided

WEIGHED = "weighed against programmed volume"
COUNTED = "counted against programmed volume"
LIED = "counted less weighed volume"


def examine_phases(record: InfusionRecord) -> Iterator[Finding]:
    """Yield what every phase, the whole infusion and the worst spans of phases show, three pairs of volumes each."""
    record = as_noisy_as_seen(record)
    try:
        phases = phases_of(record)
        _refuse_clock_that_went_back(phases)
        found = list(_PhasesAccount.of(record, phases).measurements()) if phases else []
    except Inconclusive as doubt:
        yield Finding(Standing.PHASES, undecided(_name(record, "phases"), doubt.seen, Standing.PHASES.words))
        return
    for one in found:
        yield Finding(Standing.PHASES, one)
    if not found:
        reason = "there are not two readings between which a volume could be taken"
        yield Finding(Standing.PHASES, undecided(_name(record, "phases"), reason, Standing.PHASES.words))


def _refuse_clock_that_went_back(phases: Sequence[Phase]) -> None:
    """Raise `Inconclusive` where the schedule, which runs by the pump's clock, tells nothing of a phase."""
    for one in phases:
        from_s, to_s = one.start.mark.device_clock_s, one.end.mark.device_clock_s
        if from_s > to_s:
            seen = f"the pump's clock went back from {from_s:.0f} s to {to_s:.0f} s: what was due since is not known"
            raise Inconclusive("pump", "follow its schedule", seen, "see why its clock went back")


@dataclass(frozen=True)
class _Pair:
    """Two volumes that are compared.

    Attributes:
        measurand: what people read.
        parts: what the one may be, phase by phase.
        tolerance: what any span of them may be.
        between: the figure from one phase to another, both included.
        qualifiers: what spoils it as evidence.
    """

    measurand: str
    parts: tuple[Part, ...]
    tolerance: Tolerance
    between: Callable[[int, int], Quantity]
    qualifiers: tuple[str, ...]


@dataclass(frozen=True)
class _PhasesAccount:
    record: InfusionRecord
    phases: Sequence[Phase]
    parts: PhaseParts
    volumes: PhaseVolumes

    @classmethod
    def of(cls, record: InfusionRecord, phases: Sequence[Phase]) -> "_PhasesAccount":
        store = CatheterStore(record)
        return cls(record, phases, phase_parts(record, phases, store), PhaseVolumes(record, store))

    def measurements(self) -> Iterator[Measurement]:
        """Yield what is to be judged."""
        for pair in self._pairs:
            last = len(self.phases) - 1
            single = [pair.between(place, place) for place in range(last + 1)]
            whole = pair.between(0, last)
            yield from (self._measured(pair, place, place, single[place]) for place in range(last + 1))
            if last > 0:
                yield self._measured(pair, 0, last, whole)
                yield from self._worst(pair, single, whole)

    def _worst(self, pair: _Pair, single: Sequence[Quantity], whole: Quantity) -> Iterator[Measurement]:
        came_ul = [one.value for one in single]
        band = self._band(single, whole)
        most, least = worst_spans(pair.parts, came_ul, pair.tolerance, band)
        for title, span in (("highest", most), ("lowest", least)):
            quantity = pair.between(span.first, span.last)
            measured = self._measured(pair, span.first, span.last, quantity)
            yield replace(measured, name=f"{measured.name}, {title} of all spans")

    def _band(self, single: Sequence[Quantity], whole: Quantity) -> Callable[[int, int], float]:
        """Return an estimate of U of a span: that of a short one, and what grew with time in the whole."""
        short_ul = statistics.median(one.expanded_uncertainty() for one in single)
        hours = sum(phase.hours for phase in self.phases)
        growth_ul_per_h = math.sqrt(max(0.0, whole.expanded_uncertainty() ** 2 - short_ul**2)) / hours
        own_ul = [one.expanded_uncertainty() for one in single]
        ends_s = [self.phases[0].start.at_s, *(phase.end.at_s for phase in self.phases)]

        def band(first: int, last: int) -> float:
            if first == last:
                return own_ul[first]
            return math.hypot(short_ul, growth_ul_per_h * (ends_s[last + 1] - ends_s[first]) / 3600)

        return band

    @property
    def _pairs(self) -> tuple[_Pair, ...]:
        parts, spoilt = self.parts, self._spoilt
        weighed = _Pair(WEIGHED, parts.weighed, parts.tolerance, self._weighed, spoilt)
        if not self.record.profile.has(PumpFeature.COUNTER):
            return (weighed,)
        return (
            weighed,
            _Pair(COUNTED, parts.counted, parts.tolerance, self._counted, ()),
            _Pair(LIED, parts.differing, parts.difference, self._counted_less_weighed, spoilt),
        )

    @property
    def _spoilt(self) -> tuple[str, ...]:
        try:
            return weighed_course(self.record).qualifiers
        except Inconclusive:
            return self.record.qualifiers

    def _weighed(self, first: int, last: int) -> Quantity:
        start, end = self.phases[first].start, self.phases[last].end
        return self.volumes.weighed(start, end, self._rate_ul_per_h(first, last))

    def _counted(self, first: int, last: int) -> Quantity:
        return self.volumes.counted(self.phases[first].start, self.phases[last].end)

    def _counted_less_weighed(self, first: int, last: int) -> Quantity:
        start, end = self.phases[first].start, self.phases[last].end
        return self.volumes.counted_less_weighed(start, end, self._rate_ul_per_h(first, last))

    def _rate_ul_per_h(self, first: int, last: int) -> float:
        return max(part.rate_ul_per_h for part in self.parts.weighed[first : last + 1])

    def _measured(self, pair: _Pair, first: int, last: int, quantity: Quantity) -> Measurement:
        low_ul, high_ul = pair.tolerance.limits_ul(pair.parts[first : last + 1])
        source = f"profile {self.record.profile.name}: accuracy, excess, interruption, strokes, catheter"
        return Measurement(
            name=f"{_name(self.record, self._title(first, last))}: {pair.measurand}",
            quantity=quantity,
            limits=Limits(low_ul, high_ul, "µL", source),
            qualifiers=pair.qualifiers,
            measurand=pair.measurand,
        )

    def _title(self, first: int, last: int) -> str:
        begin, end = self.phases[first], self.phases[last]
        span = f"{begin.start.at_s:.0f} s to {end.end.at_s:.0f} s"
        if first == last:
            return f"{begin} ({span})"
        if (first, last) == (0, len(self.phases) - 1):
            return f"from tare to end ({span})"
        return f"phases {begin.number} to {end.number} ({span})"


def _name(record: InfusionRecord, what: str) -> str:
    return f"{record.name}, {what}"
