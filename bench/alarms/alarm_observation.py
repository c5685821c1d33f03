# SPDX-License-Identifier: Apache-2.0
"""An alarm, judged as a measurement: how long after its cause did it come?"""

from dataclasses import dataclass

from bench.alarms.cause import Cause
from bench.alarms.logged_alarm import LoggedAlarm
from metrology.latency.latency import latency
from metrology.uncertainty import Influence, quantity_from
from metrology.verdict import Limits, Measurement


@dataclass(frozen=True)
class AlarmObservation:
    """An alarm that was waited for after its cause.

    Attributes:
        infusion: during which infusion.
        alarm: the alarm.
        cause: what it answers.
        within_s: the time that the profile allows.
        clocks_half_width_s: how well the pump's clock is known against the bench's.
        qualifiers: what keeps the onset from being believed: a gap between the snapshots that bound it.
    """

    infusion: str
    alarm: LoggedAlarm
    cause: Cause
    within_s: float
    clocks_half_width_s: float = 0.0
    qualifiers: tuple[str, ...] = ()

    @property
    def latency(self) -> Measurement:
        """Return the time from the cause to the onset, each within its bracket."""
        quantity = latency(self.cause.began, self.alarm.onset, self.clocks_half_width_s)
        limits = Limits(None, self.within_s, "s", f"profile: time to the {self.alarm.entry.alarm} alarm at this rate")
        measurand = f"latency of the {self.alarm.entry.alarm} alarm"
        return Measurement(f"{self.infusion}: {measurand}", quantity, limits, self.qualifiers, measurand=measurand)

    def later_than(self, first: "AlarmObservation", most_s: float, source: str) -> Measurement:
        """Return by how much longer this one took than another of the same kind, in s.

        Args:
            first: of the same alarm, after the same cause.
            most_s: what two of them may differ by.
            source: where that figure comes from.
        """
        took = [
            Influence.type_b(name, one.value, "s", one.standard_uncertainty)
            for name, one in (
                ("latency of this one", self.latency.quantity),
                ("latency of the first", first.latency.quantity),
            )
        ]
        quantity = quantity_from(took[0].number - took[1].number, "s", took)
        measurand = f"latency of the {self.alarm.entry.alarm} alarm against the first"
        title = f"{self.infusion}: {measurand}"
        qualifiers = self.qualifiers + first.qualifiers
        return Measurement(title, quantity, Limits(None, most_s, "s", source), qualifiers, measurand=measurand)
