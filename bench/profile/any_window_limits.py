# SPDX-License-Identifier: Apache-2.0
"""What a profile allows in any window, at a start and after a stop, as limits with their source.

Strokes are delivery: of a perfect pump up to one stroke shows as excess, by chance of where a window begins. So the
limits made of a time hold one and a half of them. A limit in µL that a maker states counts as it stands.
"""

from dataclasses import dataclass

from bench.profile.catheter_specification import SECONDS_PER_HOUR
from bench.profile.profile import Profile
from bench.profile.sourced import Sourced
from metrology.verdict import Limits

STROKES_IN_A_LIMIT = 1.5
"""Of a good pump's 40,000 infusions none used more (docs/detection/any_window.json)."""
STROKES_AFTER_A_STOP = 2.0
"""With one and a half of them 5 of 90,930 good infusions had none to spare (by simulation)."""
STOP_TAKES_S = 5.0
"""From the command to the rotor's standstill (assumed)."""
TIME_CONSTANTS_AFTER_A_STOP = 4.0


@dataclass(frozen=True)
class AnyWindowLimits:
    """The limits that follow from a profile at a rate."""

    profile: Profile

    def excess_ul(self, rate_ul_per_h: float) -> Limits:
        """Return the greatest excess over accuracy in any window at a programmed rate."""
        profile = self.profile
        if profile.excess_max_ul is not None:
            return self._at_most("excess_max_ul", profile.excess_max_ul, profile.excess_max_ul.value)
        most_ul = self._strokes_ul + profile.excess_max_s.value * rate_ul_per_h / SECONDS_PER_HOUR
        return self._at_most("excess_max_s", profile.excess_max_s, most_ul)

    def shortfall_ul(self, rate_ul_per_h: float) -> Limits:
        """Return the greatest shortfall under accuracy in any window at a programmed rate."""
        promised = self.profile.interruption_max_s
        most_ul = self._strokes_ul + promised.value * rate_ul_per_h / SECONDS_PER_HOUR
        return self._at_most("interruption_max_s", promised, (1 - self.accuracy) * most_ul)

    def quiet_time_s(self, rate_ul_per_h: float) -> Limits:
        """Return the longest time without a stroke where strokes stand apart."""
        promised = self.profile.interruption_max_s
        most_s = self._slow_period_s(rate_ul_per_h) + promised.value
        return self._at_most("interruption_max_s", promised, most_s, "s")

    def first_arrival_s(self, rate_ul_per_h: float, more_ul: float = 0.0) -> Limits:
        """Return the greatest time from a start to the first arrival.

        Args:
            rate_ul_per_h: programmed.
            more_ul: what has to come beyond a stroke before it shows.
        """
        promised, profile = self.profile.start_up_s, self.profile
        most_s = promised.value + profile.catheter.time_constant_s + self._slow_period_s(rate_ul_per_h, more_ul)
        return self._at_most("start_up_s", promised, most_s, "s")

    def run_down_ul(self, rate_ul_per_h: float) -> Limits:
        """Return the greatest volume after a stop from a rate."""
        profile = self.profile
        if profile.run_down_ul is not None:
            return self._at_most("run_down_ul", profile.run_down_ul, profile.run_down_ul.value)
        from_catheter_ul = (profile.catheter.time_constant_s + STOP_TAKES_S) * rate_ul_per_h / SECONDS_PER_HOUR
        most_ul = from_catheter_ul + STROKES_AFTER_A_STOP * profile.stroke_volume_ul.value
        return Limits(None, most_ul, "µL", f"profile {profile.name}: R_max·C_max, two strokes (assumed)")

    @property
    def run_down_s(self) -> float:
        """Return the time after a stop from which on nothing may come."""
        promised, catheter = self.profile.run_down_s, self.profile.catheter
        if promised is not None:
            return promised.value
        return STOP_TAKES_S + TIME_CONSTANTS_AFTER_A_STOP * catheter.time_constant_s

    @property
    def accuracy(self) -> float:
        """Return the accuracy as a share."""
        return self.profile.accuracy_percent.value / 100

    @property
    def _strokes_ul(self) -> float:
        return STROKES_IN_A_LIMIT * self.profile.stroke_volume_ul.value

    def _slow_period_s(self, rate_ul_per_h: float, more_ul: float = 0.0) -> float:
        """Return the time from stroke to stroke of a pump that is as slow as its accuracy allows."""
        volume_ul = self.profile.stroke_volume_ul.value + more_ul
        return volume_ul / (rate_ul_per_h * (1 - self.accuracy)) * SECONDS_PER_HOUR

    def _at_most(self, key: str, promised: Sourced, most: float, unit: str = "µL") -> Limits:
        return Limits(None, most, unit, f"profile {self.profile.name}: {key} = {promised.value:g} ({promised.source})")
