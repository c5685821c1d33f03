# SPDX-License-Identifier: Apache-2.0
"""Three volumes between any two readings of an infusion: weighed, counted, and what the two differ by, each with its U.

The weighed volume goes through the same chain as that of a plan's window; what the catheter stores, the strokes that
its ends cut, and an interruption of the run are lines of its budget.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

from bench.account.attributed_steps import unattributed_mg
from bench.account.catheter_store import CatheterStore
from bench.account.infusion_record import InfusionRecord
from bench.account.reading import Reading
from bench.weighing import span_between
from metrology.gravimetry import AirCourse, delivered_volume
from metrology.uncertainty import Influence, Quantity, quantity_from


@dataclass(frozen=True, eq=False)
class PhaseVolumes:
    """The volumes of one infusion.

    Attributes:
        record: the infusion.
        store: its catheter, the same in all volumes.
    """

    record: InfusionRecord
    store: CatheterStore
    _weighed: dict[tuple[float, float], Quantity] = field(default_factory=dict, init=False)

    def weighed(self, start: Reading, end: Reading, rate_ul_per_h: float) -> Quantity:
        """Return what the pump gave by the balance: what arrived, and by how much the catheter's store grew.

        Args:
            start: the earlier reading.
            end: the later one.
            rate_ul_per_h: the greatest flow at either; none where the pump stood all the time.

        Raises:
            Inconclusive: the density of the liquid is not known at this temperature.
        """
        key = start.at_s, end.at_s
        if key not in self._weighed:
            self._weighed[key] = self._weigh(start, end, rate_ul_per_h)
        return self._weighed[key]

    def _weigh(self, start: Reading, end: Reading, rate_ul_per_h: float) -> Quantity:
        stroke_ul = self.record.profile.stroke_volume_ul.value if rate_ul_per_h > 0 else 0.0
        steps_mg = unattributed_mg(self.record, start.at_s, end.at_s)
        span = span_between(start.mark, end.mark, stroke_ul, steps_mg)
        air = self._air.over(start.at_s, start.mark.conditions, end.at_s, end.mark.conditions)
        span = replace(span, conditions=air, rate_ul_per_h=max(span.rate_ul_per_h, rate_ul_per_h))
        arrived = delivered_volume(self.record.weighing, span).quantity
        stored, behind = self.store.gained_ul(start, end)
        stop = self._interruption(start, end)
        return quantity_from(arrived.number + stored + stop.number, "µL", (arrived, *behind, stop))

    def counted(self, start: Reading, end: Reading) -> Quantity:
        """Return what the pump counted, which it does in whole strokes."""
        strokes, stop = self._strokes(start, end), self._interruption(start, end)
        return quantity_from(strokes.number + stop.number, "µL", (strokes, stop))

    def counted_less_weighed(self, start: Reading, end: Reading, rate_ul_per_h: float) -> Quantity:
        """Return what the counter has more than the balance; an unfinished stroke counts once, both see the same."""
        weighed, strokes = self.weighed(start, end, rate_ul_per_h), self._strokes(start, end)
        if rate_ul_per_h > 0:
            return float(strokes.number.x) - weighed
        return quantity_from(strokes.number - weighed.number, "µL", (weighed, strokes))

    @cached_property
    def _air(self) -> AirCourse:
        course, samples = AirCourse(), self.record.samples
        columns = (samples.at_s, samples.temperature_c, samples.air_pressure_hpa, samples.humidity_percent)
        for at_s, celsius, hpa, percent in zip(*(column.tolist() for column in columns), strict=True):
            course.see(at_s, celsius, hpa, percent)
        return course

    def _strokes(self, start: Reading, end: Reading) -> Influence:
        stroke_ul = self.record.profile.stroke_volume_ul.value
        gained_ul = end.mark.counter_ul - start.mark.counter_ul
        return Influence.triangular("strokes of the pump's counter", gained_ul, "µL", stroke_ul)

    def _interruption(self, start: Reading, end: Reading) -> Influence:
        """Return what an interruption leaves open; the reading before it belongs to the time before it."""
        open_ul = sum(ul for at_s, ul in self.record.interruptions if start.at_s <= at_s < end.at_s)
        return Influence.rectangular("stop at an interruption", 0.0, "µL", open_ul)
