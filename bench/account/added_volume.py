# SPDX-License-Identifier: Apache-2.0
"""What boluses add to the basal delivery: weighed volume less the basal rate, at the pace that this pump keeps.

A pump may be off by its accuracy, and in three hours that is as much as a bolus. So its own pace is taken, from the
steady time before the first bolus: what the basal delivery makes of the programmed rate.
"""

import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bench.account.bolus_occasion import bolus_occasions
from bench.account.catheter_store import CatheterStore
from bench.account.infusion_record import InfusionRecord
from bench.account.phase import PhaseKind
from bench.account.phase_volumes import PhaseVolumes
from bench.account.phases import phases_of
from bench.account.reading import Reading, readings_of
from bench.therapy import SingleBolus
from metrology.any_window import VolumeCurve
from metrology.delivery import FloatArray
from metrology.gravimetry import CorrectedCourse
from metrology.uncertainty import Influence, Quantity, quantity_from

BLOCK_H = 0.5
BLOCK_STROKES = 8
LEAST_BLOCKS = 2
WANDER = 0.02
"""So far the pace of a good pump moves within hours (assumed)."""


@dataclass(frozen=True, eq=False)
class AddedVolume:
    """Readings of an infusion with the basal delivery taken off."""

    record: InfusionRecord

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Return the readings, n of them."""
        return readings_of(self.record)

    @cached_property
    def times_s(self) -> FloatArray:
        """Return their instants; shape (n,)."""
        return np.array([one.at_s for one in self.readings])

    @cached_property
    def added_ul(self) -> FloatArray:
        """Return what was weighed on top of the basal delivery since the first; shape (n,)."""
        return self._weighed_ul - self._pace_and_spread[0] * self._basal_ul

    def between(self, first: int, last: int) -> Quantity:
        """Return what came on top of the basal delivery between two readings, by their places.

        Raises:
            Inconclusive: the density of the liquid is not known at this temperature.
        """
        rate_ul_per_h = float(np.max(self._rates_ul_per_h, initial=0.0))
        weighed = self._volumes.weighed(self.readings[first], self.readings[last], rate_ul_per_h)
        basal_ul = float(self._basal_ul[last] - self._basal_ul[first])
        return quantity_from(weighed.number - basal_ul * self.pace.number, "µL", (weighed, self.pace))

    def basal_ul_per_h(self, first: int, last: int) -> float:
        """Return the mean basal rate that was programmed between two readings."""
        hours = float(self.times_s[last] - self.times_s[first]) / 3600
        return float(self._basal_ul[last] - self._basal_ul[first]) / hours

    @cached_property
    def pace(self) -> Influence:
        """Return what the pump gives of a programmed basal volume, as a share of it."""
        pace, half_width = self._pace_and_spread
        return Influence.rectangular("pace of the basal delivery", pace, "", half_width)

    @cached_property
    def _pace_and_spread(self) -> tuple[float, float]:
        blocks = list(self._blocks())
        first_s = min((one.at_s for one in bolus_occasions(self.record)), default=math.inf)
        before = [pace for end_s, pace in blocks if end_s <= first_s]
        used = before if len(before) >= LEAST_BLOCKS else [pace for _, pace in blocks]
        if len(used) < LEAST_BLOCKS:
            return 1.0, self.record.profile.accuracy_percent.value / 100
        middle = statistics.median(used)
        return middle, max(WANDER, statistics.median(abs(one - middle) for one in used))

    def _blocks(self) -> Iterator[tuple[float, float]]:
        """Yield the end and the pace of each block of half an hour or more within the steady parts."""
        for phase in phases_of(self.record):
            if phase.kind is not PhaseKind.STEADY:
                continue
            first, last = (int(np.searchsorted(self.times_s, one.at_s)) for one in (phase.start, phase.end))
            rate_ul_per_h = float(self._basal_ul[last] - self._basal_ul[first]) / phase.hours
            stroke_ul = self.record.profile.stroke_volume_ul.value
            block_ul = max(BLOCK_H * rate_ul_per_h, BLOCK_STROKES * stroke_ul)
            while (next_place := int(np.searchsorted(self._basal_ul, self._basal_ul[first] + block_ul))) <= last:
                came_ul = float(self._weighed_ul[next_place] - self._weighed_ul[first])
                yield (
                    float(self.times_s[next_place]),
                    came_ul / float(self._basal_ul[next_place] - self._basal_ul[first]),
                )
                first = next_place

    @cached_property
    def _volumes(self) -> PhaseVolumes:
        return PhaseVolumes(self.record, CatheterStore(self.record))

    @cached_property
    def _rates_ul_per_h(self) -> FloatArray:
        samples = self.record.samples
        ends_s = float(samples.device_clock_s[0]), float(samples.device_clock_s[-1])
        return np.array([rate for _, rate in self.record.schedule.rate_steps(*ends_s)])

    @cached_property
    def _basal_ul(self) -> FloatArray:
        clocks_s = np.array([one.mark.device_clock_s for one in self.readings])
        steps = self.record.schedule.rate_steps(float(clocks_s[0]), float(clocks_s[-1]), boluses=False)
        if isinstance(self.record.schedule.therapy, SingleBolus):
            return np.zeros(len(clocks_s))
        edges_s, rates = (np.array(column, dtype=np.float64) for column in zip(*steps, strict=True))
        return VolumeCurve(edges_s, rates).at(clocks_s)

    @cached_property
    def _weighed_ul(self) -> FloatArray:
        first, *later = self.readings
        mass, air = first.mark.mass, first.mark.conditions
        course = CorrectedCourse(self.record.weighing, mass.time_s, 1000 * mass.mass_g, air)
        return np.array(
            [0.0] + [course.volume_ul(one.at_s, 1000 * one.mark.mass.mass_g, one.mark.conditions) for one in later]
        )
