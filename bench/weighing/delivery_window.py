# SPDX-License-Identifier: Apache-2.0
"""A delivery window: three volumes for the same time — programmed, counted by the pump, weighed.

The programmed volume follows from the therapy alone, the weighed one from the balance alone; the pump's counter is
compared with both, because a pump that believes something else than it does is broken even while it delivers well.
"""

from dataclasses import dataclass, replace
from functools import cached_property

from bench.profile import Profile
from bench.weighing.timed_mark import TimedMark
from metrology.gravimetry import DeliveredVolume
from metrology.uncertainty import Influence, Quantity, quantity_from
from metrology.verdict import Limits, Measurement, relative_error

LEAK_MAY_BE = 1.5
"""What a leak may really lose, per what its valve was set to (assumed)."""


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

    @cached_property
    def weighed(self) -> Quantity:
        """Return the weighed volume; what an interruption leaves open about the expected one is in its budget."""
        if self.interruption_half_width_ul == 0:
            return self.delivered.quantity
        stop = self._stop_at_an_interruption
        return quantity_from(self.delivered.quantity.number + stop.number, "µL", (self.delivered.quantity, stop))

    @property
    def duration_h(self) -> float:
        """Return the time between the marks in hours."""
        return (self.end.mass.time_s - self.start.mass.time_s) / 3600

    @property
    def counter_ul(self) -> float:
        """Return what the pump itself counted."""
        return self.end.counter_ul - self.start.counter_ul

    @property
    def mean_rate(self) -> Quantity:
        """Return the weighed volume over the time; the uncertainty of the time does not count beside the volume's."""
        return quantity_from(self.weighed.number / self.duration_h, "µL/h", (self.weighed,))

    @property
    def tolerance_ul(self) -> float:
        """Return how far the delivered volume may lie from the expected one."""
        return self.expected_ul * self.profile.accuracy_percent.value / 100

    @property
    def volume(self) -> Measurement:
        """Return the weighed volume, to be judged against the programmed one."""
        return self._measured(
            "delivered volume, balance against program", self.weighed, self._about_expected(), self.expected_ul
        )

    @property
    def rate_error(self) -> Measurement:
        """Return the relative error of the mean rate, in per cent."""
        percent = self.profile.accuracy_percent.value
        error = relative_error(self.weighed, self.expected_ul)
        return self._measured("rate error", error, Limits(-percent, percent, "%", self._source))

    @property
    def missing(self) -> Measurement:
        """Return what the pump counted and did not reach the balance; found means more than the tolerance.

        A pump that stopped counts nothing, so its stop is not mistaken for a loss that was found. And no more can be
        missing than was programmed: a pump that counts more while its catheter is off gives more.
        """
        return self._missing(self.expected_ul)

    def leaked(self, percent: float) -> Measurement:
        """Return what is missing behind a leak of so many per cent; `missing` says the rest.

        The rig's valve is no instrument, so up to half as much again may be missing as it was set to lose.
        """
        return self._missing(self.expected_ul * min(1.0, LEAK_MAY_BE * percent / 100))

    def _missing(self, most_ul: float) -> Measurement:
        limits = Limits(self.tolerance_ul, most_ul + self.tolerance_ul, "µL", self._source)
        return self._measured("volume missing from the balance", self._counter_less_weighed, limits, self.expected_ul)

    @property
    def counter_against_program(self) -> Measurement:
        """Return the pump's counter, to be judged against the programmed volume.

        It counts whole strokes, so that either reading of it may miss up to one.
        """
        counted, stop = self._counted, self._stop_at_an_interruption
        quantity = quantity_from(counted.number + stop.number, "µL", (counted, stop))
        return self._measured("pump's counter against program", quantity, self._about_expected())

    @property
    def counted(self) -> Measurement:
        """Return the pump's counter under a fault that does not touch the pump: it gives and counts as programmed."""
        return replace(self.counter_against_program, reference=self.expected_ul)

    def lost_beside(self, tight: "DeliveryWindow") -> Measurement:
        """Return the share of the counted volume that is lost, in per cent, beside what a tight catheter let through.

        The pump's own error is in both windows and does not count; what is left is as sharp as the balance.

        Args:
            tight: a window of the same infusion, before the leak.
        """
        here, there = self.weighed / self.counter_ul, tight.weighed / tight.counter_ul
        lost = 100 * (1 - here / there)
        most = Limits(None, self.profile.accuracy_percent.value, "%", self._source)
        quantity = quantity_from(lost.number, "%", (self.weighed, tight.weighed))
        return self._measured("share lost beside a tight catheter", quantity, most)

    def dead_time(self, most_s: float) -> Measurement:
        """Return for how long the flow seems to have stood; negative where more came than was due.

        Args:
            most_s: the limit, on either side.
        """
        s_per_ul = self.duration_h * 3600 / self.expected_ul
        missing = (self.expected_ul - self.weighed) * s_per_ul
        limits = Limits(-most_s, most_s, "s", f"profile {self.profile.name}: (C_max·ΔP + 2 v)/Q, accuracy")
        quantity = quantity_from(missing.number, "s", (self.weighed,))
        return self._measured("dead time after a step of the outlet", quantity, limits)

    @property
    def counter_against_balance(self) -> Measurement:
        """Return the pump's counter less the weighed volume: a pump that lies about its delivery shows here."""
        quantity = self._counter_less_weighed
        limits = Limits(-self.tolerance_ul, self.tolerance_ul, "µL", self._source)
        return self._measured("pump's counter against balance", quantity, limits)

    def _measured(
        self, measurand: str, quantity: Quantity, limits: Limits, reference: float | None = None
    ) -> Measurement:
        name = f"{self.name}: {measurand}"
        return Measurement(name, quantity, limits, self.qualifiers, self.id, measurand, reference)

    @property
    def _counter_less_weighed(self) -> Quantity:
        """Return what the counter has more than the balance.

        Both see the same strokes, the balance when the catheter lets them out. So an unfinished stroke counts once.
        """
        if self.delivered.allows_for_strokes:
            return self.counter_ul - self.weighed
        counted = self._counted
        return quantity_from(counted.number - self.weighed.number, "µL", (self.weighed, counted))

    @cached_property
    def _counted(self) -> Influence:
        stroke_ul = self.profile.stroke_volume_ul.value
        return Influence.triangular("strokes of the pump's counter", self.counter_ul, "µL", stroke_ul)

    @cached_property
    def _stop_at_an_interruption(self) -> Influence:
        return Influence.rectangular("stop at an interruption", 0.0, "µL", self.interruption_half_width_ul)

    def _about_expected(self) -> Limits:
        return Limits(*self.profile.accuracy_limits_ul(self.expected_ul), "µL", self._source)

    @property
    def _source(self) -> str:
        return f"profile {self.profile.name}: accuracy_percent"
