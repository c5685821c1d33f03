# SPDX-License-Identifier: Apache-2.0
"""What the catheter stores between pump and vessel: what was pumped and has not arrived, and no more than C·ΔP.

A flow r through the resistance R holds the pressure R·r, and under it the compliance C stores C·R·r. A change of rate
reaches the outlet with the time constant R·C. Only the worst catheter is known; the real one stores any share of that,
and the same share always. So while the rate stays what it is, the store goes out of a volume by itself.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from GTC.lib import UncertainReal

from bench.account.infusion_record import InfusionRecord
from bench.account.outlet_moves import outlet_moves
from bench.account.reading import Reading
from bench.injectors import FULLY, Injection
from instruments.pump import Alarm
from metrology.uncertainty import Influence

KINK = "kink"
_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class CatheterStore:
    """The catheter of one infusion."""

    record: InfusionRecord

    @cached_property
    def lag(self) -> Influence:
        """Return the share of the worst lag that the real catheter has, 0 to 1."""
        return Influence.rectangular("what the catheter stores: share of R_max·C_max", 0.5, "", 0.5)

    @cached_property
    def compliance(self) -> Influence:
        """Return the share of the greatest compliance that the real catheter has, 0 to 1."""
        return Influence.rectangular("pressure at the outlet: share of C_max", 0.5, "", 0.5)

    def gained_ul(self, start: Reading, end: Reading) -> tuple[UncertainReal, tuple[Influence, ...]]:
        """Return by how much the store grew between two readings, as a number and its influences."""
        by_flow_ul = self._behind_flow_ul(end) - self._behind_flow_ul(start)
        raised_kpa = end.outlet_kpa - start.outlet_kpa - self._moved_kpa(start.at_s, end.at_s)
        by_outlet_ul = self.most_ul_per_kpa * raised_kpa if math.isfinite(raised_kpa) else 0.0
        number = self.lag.number * by_flow_ul + self.compliance.number * by_outlet_ul
        return number, (self.lag, self.compliance)

    def _moved_kpa(self, from_s: float, to_s: float) -> float:
        """Return by how much the rig raised the outlet in between; what that stores is told apart, as what may come."""
        return sum(one.kpa for one in outlet_moves(self.record) if from_s <= one.span.from_s and one.moved_by_s <= to_s)

    @property
    def most_ul_per_kpa(self) -> float:
        """Return C_max."""
        return self.record.profile.catheter.compliance_max_ul_per_kpa.value

    def behind_a_kink_ul(self, injection: Injection, from_s: float, to_s: float) -> float:
        """Return the greatest volume that a kink may have stored between two instants of bench time.

        That is what was programmed, no more than C_max·ΔP_max and what is added until the alarm stops the pump.
        """
        samples, profile = self.record.samples, self.record.profile
        begin_s, end_s = samples.device_s(max(from_s, injection.stood_since_s)), samples.device_s(to_s)
        pushed_ul = self.record.schedule.volume_ul(begin_s, end_s) if begin_s < end_s else 0.0
        most_ul = pushed_ul * (1 + profile.accuracy_percent.value / 100) + profile.stroke_volume_ul.value
        if not profile.promises(Alarm.OCCLUSION):
            return most_ul
        steps = self.record.schedule.rate_steps(begin_s, max(end_s, begin_s))
        return min(most_ul, profile.unintended_bolus_limit_ul(max(rate for _, rate in steps)))

    def _behind_flow_ul(self, reading: Reading) -> float:
        """Return what the worst catheter stores at a reading because of the flow through it."""
        constant_s = self.record.profile.catheter.time_constant_s / self._open_share(reading.at_s) ** 4
        smoothed_ul_per_h, before_ul_per_h = 0.0, 0.0
        at_s = reading.mark.device_clock_s
        for change_s, rate_ul_per_h in self._rate_steps_until(at_s):
            arrived = 1 - math.exp(-(at_s - change_s) / constant_s) if constant_s > 0 else 1.0
            smoothed_ul_per_h += (rate_ul_per_h - before_ul_per_h) * arrived
            before_ul_per_h = rate_ul_per_h
        stored_ul = constant_s * smoothed_ul_per_h / _SECONDS_PER_HOUR
        threshold = self.record.profile.catheter.occlusion_threshold_max_kpa
        return stored_ul if threshold is None else min(stored_ul, self.most_ul_per_kpa * threshold.value)

    def _rate_steps_until(self, at_s: float) -> tuple[tuple[float, float], ...]:
        """Return the scheduled rates from the first sample to an instant of the pump's clock."""
        clock_s = self.record.samples.device_clock_s
        first_s, last_s = float(clock_s[0]), float(clock_s[-1])
        if not first_s < at_s <= last_s:
            return self.record.schedule.rate_steps(min(first_s, at_s), at_s)
        return self._all_rate_steps[: bisect_left(self._all_rate_steps, (at_s, -math.inf))]

    @cached_property
    def _all_rate_steps(self) -> tuple[tuple[float, float], ...]:
        clock_s = self.record.samples.device_clock_s
        return self.record.schedule.rate_steps(float(clock_s[0]), float(clock_s[-1]))

    def _open_share(self, at_s: float) -> float:
        """Return how far the catheter is open while it is pinched; resistance goes with the fourth power (Poiseuille).

        One that is shut, or pinched more than the profile's partial kink, stores by the pump and not by the flow:
        `behind_a_kink_ul`.
        """
        most_percent = self.record.profile.catheter.partial_kink_percent.value
        pinched = [one.percent for one in self.record.injections if one.what == KINK and one.overlaps(at_s, at_s)]
        closed = max((percent for percent in pinched if percent <= most_percent), default=0.0)
        return 1 - closed / FULLY
