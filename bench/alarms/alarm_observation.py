# SPDX-License-Identifier: Apache-2.0
"""An alarm, judged as a measurement: how long after the confirmed fault did it come?"""

from dataclasses import dataclass

from bench.alarms.alarm_watch import SeenAlarm
from bench.catheter import Injection
from metrology.latency.bracket import Bracket
from metrology.latency.latency import latency
from metrology.verdict import Limits, Measurement

LOG_RESOLUTION_S = 0.01
"""The alarm log counts hundredths of a second; see the register map."""


@dataclass(frozen=True)
class AlarmObservation:
    """An alarm that came after a confirmed fault.

    Attributes:
        infusion: during which infusion.
        seen: the alarm.
        injection: the fault that it answers.
        within_s: the time that the profile allows.
        clocks_half_width_s: how well the pump's clock is known against the bench's.
        doubts: what keeps the onset from being believed: a gap between the looks that bound it.
    """

    infusion: str
    seen: SeenAlarm
    injection: Injection
    within_s: float
    clocks_half_width_s: float = 0.0
    qualifiers: tuple[str, ...] = ()

    @property
    def latency(self) -> Measurement:
        """Return the time from the fault, between order and confirmation, to the onset in the pump's log."""
        fault = Bracket(self.injection.sent_s, self.injection.confirmed_s)
        quantity = latency(fault, Bracket.around(self.seen.onset_s, LOG_RESOLUTION_S), self.clocks_half_width_s)
        limits = Limits(None, self.within_s, "s", f"profile: time to the {self.seen.entry.alarm} alarm at this rate")
        declared = f"latency of the {self.seen.entry.alarm} alarm"
        return Measurement(f"{self.infusion}: {declared}", quantity, limits, self.qualifiers, declared=declared)
