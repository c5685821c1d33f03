# SPDX-License-Identifier: Apache-2.0
"""The time of an infusion that is only gone through: the pump's clock, which begins at midnight, and the rate."""

from bench.profile import Profile
from bench.therapy import RunningSchedule
from bench.weighing import HALF_SPAN_S

MARK_S = 2 * HALF_SPAN_S


class RehearsedTime:
    """Lets time pass for all parts of one infusion.

    Attributes:
        taken_s: how much time has passed, from programming on.
    """

    def __init__(self, profile: Profile, schedule: RunningSchedule) -> None:
        self.taken_s = 0.0
        self._profile = profile
        self._schedule = schedule

    def wait(self, duration_s: float) -> None:
        """Let time pass."""
        self.taken_s += duration_s

    def wait_until(self, device_clock_s: float) -> None:
        """Let time pass until the pump's clock shows it."""
        self.taken_s = max(self.taken_s, device_clock_s)

    def settle(self) -> None:
        """Let the flow settle."""
        self.wait(self._profile.settling_time_s(self.weighed_rate_ul_per_h))

    def run_empty(self) -> None:
        """Let the catheter run empty."""
        self.wait(self._profile.settling_time_s(self._profile.rates.tested("high")))

    @property
    def rate_ul_per_h(self) -> float:
        """Return the programmed rate of this moment."""
        return self._schedule.rate_ul_per_h(self.taken_s) if self._schedule.running else 0.0

    @property
    def weighed_rate_ul_per_h(self) -> float:
        """Return the rate that counts for a window: of a pump that stands, that of its therapy."""
        return self.rate_ul_per_h or self._schedule.rate_if_running_ul_per_h(self.taken_s)
