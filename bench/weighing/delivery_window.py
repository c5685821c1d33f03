# SPDX-License-Identifier: Apache-2.0
"""A delivery window: three volumes for the same time — programmed, counted by the pump, weighed.

The programmed volume follows from the therapy alone, the weighed one from the balance alone; the pump's counter is
compared with both, because a pump that believes something else than it does is broken even while it delivers well.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from GTC.lib import UncertainReal

from bench.profile import Profile
from bench.weighing.weighing import TimedMark
from metrology.gravimetry import STROKES, DeliveredVolume
from metrology.gravimetry.evaporation import RATE
from metrology.uncertainty import Influence, Quantity, quantity_from
from metrology.verdict import Limits, Measurement, relative_error


@dataclass(frozen=True)
class DeliveryWindow:
    """What was delivered between two marks.

    Attributes:
        name: what a person calls it.
        start, end: its marks.
        expected_ul: the programmed volume.
        delivered: the weighed volume, with every correction and the budget.
        profile: what the pump promises.
        interruption_half_width_ul: how much the expected volume can be wrong because the instant at which the pump
            stopped is not known exactly: an interruption of the run.
        qualifiers: what spoils the evidence (missed samples, corrections switched off).
        id: of the line of the journal that holds the weighed volume.
    """

    name: str
    start: TimedMark
    end: TimedMark
    expected_ul: float
    delivered: DeliveredVolume
    profile: Profile
    interruption_half_width_ul: float = 0.0
    qualifiers: tuple[str, ...] = ()
    id: str = ""

    @property
    def weighed(self) -> Quantity:
        """Return the weighed volume; what an interruption leaves open about the expected one is in its budget."""
        if self.interruption_half_width_ul == 0:
            return self.delivered.quantity
        number, influences = self.delivered.quantity.reopened()
        stop = Influence.rectangular("stop at an interruption", 0.0, "µL", self.interruption_half_width_ul)
        return quantity_from(number + stop.number, "µL", (*influences, stop))

    @property
    def duration_h(self) -> float:
        """Return the time between the marks in hours."""
        return (self.end.mass.time_s - self.start.mass.time_s) / 3600

    @property
    def counter_ul(self) -> float:
        """Return what the pump itself counted."""
        return self.end.counter_ul - self.start.counter_ul

    @property
    def mean_rate_ul_per_h(self) -> float:
        """Return the weighed volume over the time."""
        return self.weighed.value / self.duration_h

    def correlated_mean_rate(self, name: str, others: Sequence[Influence]) -> tuple[UncertainReal, Influence]:
        """Return the mean rate as a number to calculate with, and what of its uncertainty is its own.

        All windows of a run are corrected with one blank. Where they are compared, its error is in each of them and
        goes out; so the number depends on the rate of evaporation among the influences that it is calculated with. The
        uncertainty of the time does not count beside the volume's.

        Args:
            name: of the own part, in a budget.
            others: influences of another window's volume.
        """
        of_blank = [line for line in self.weighed.budget if line.name == RATE]
        shared = [
            (line.sensitivity, one.number - line.value) for line in of_blank for one in others if one.name == RATE
        ]
        common_ul = math.fsum(line.contribution**2 for line in of_blank) if shared else 0.0
        own_ul = math.sqrt(max(0.0, self.weighed.standard_uncertainty**2 - common_ul))
        own = Influence.result(name, self.mean_rate_ul_per_h, "µL/h", own_ul / self.duration_h, self.weighed.dof)
        number = own.number
        for sensitivity, off in shared:
            number += sensitivity / self.duration_h * off
        return number, own

    @property
    def tolerance_ul(self) -> float:
        """Return how far the delivered volume may lie from the expected one."""
        return self.expected_ul * self.profile.accuracy_percent.value / 100

    @property
    def volume(self) -> Measurement:
        """Return the weighed volume, to be judged against the programmed one."""
        return self._measured("delivered volume, balance against program", self.weighed, self._about_expected())

    @property
    def rate_error(self) -> Measurement:
        """Return the relative error of the mean rate, in per cent."""
        percent = self.profile.accuracy_percent.value
        error = relative_error(self.weighed, self.expected_ul)
        return self._measured("rate error", error, Limits(-percent, percent, "%", self._source))

    @property
    def missing(self) -> Measurement:
        """Return what the pump counted and the balance did not see; found means more than the tolerance.

        A pump that stopped counts nothing, so its stop is not mistaken for a loss that was found.
        """
        quantity = self._counter_less_weighed
        limits = Limits(self.tolerance_ul, None, "µL", self._source)
        return self._measured("volume missing from the balance", quantity, limits)

    @property
    def counter_against_program(self) -> Measurement:
        """Return the pump's counter, to be judged against the programmed volume.

        It counts whole strokes, so that either look at it may miss up to one.
        """
        counted = self._strokes_of_the_counter(self.counter_ul)
        stop = Influence.rectangular("stop at an interruption", 0.0, "µL", self.interruption_half_width_ul)
        quantity = quantity_from(counted.number + stop.number, "µL", (counted, stop))
        return self._measured("pump's counter against program", quantity, self._about_expected())

    @property
    def counter_against_balance(self) -> Measurement:
        """Return the pump's counter less the weighed volume: a pump that lies about its delivery shows here."""
        quantity = self._counter_less_weighed
        limits = Limits(-self.tolerance_ul, self.tolerance_ul, "µL", self._source)
        return self._measured("pump's counter against balance", quantity, limits)

    def _measured(self, declared: str, quantity: Quantity, limits: Limits) -> Measurement:
        name = f"{self.name}: {declared}"
        return Measurement(name, quantity, limits, self.qualifiers, self.id, declared)

    @property
    def _counter_less_weighed(self) -> Quantity:
        """Return what the counter has more than the balance.

        Both see the same strokes, the balance when the catheter lets them out. So an unfinished stroke counts once.
        """
        if any(line.name == STROKES and line.standard_uncertainty > 0 for line in self.weighed.budget):
            return self.weighed.subtracted_from(self.counter_ul)
        number, influences = self.weighed.reopened()
        counted = self._strokes_of_the_counter(self.counter_ul)
        return quantity_from(counted.number - number, "µL", (*influences, counted))

    def _strokes_of_the_counter(self, counter_ul: float) -> Influence:
        stroke_ul = self.profile.stroke_volume_ul.value
        return Influence.triangular("strokes of the pump's counter", counter_ul, "µL", stroke_ul)

    def _about_expected(self) -> Limits:
        return Limits(*self.profile.accuracy_limits_ul(self.expected_ul), "µL", self._source)

    @property
    def _source(self) -> str:
        return f"profile {self.profile.name}: accuracy_percent"
