# SPDX-License-Identifier: Apache-2.0
"""The stock for what is to come: drug in the reservoir, and room for the journal on its disk."""

from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.journal import SamplesToCome, predicted_bytes, refuse_if_no_room
from groundfloor.errors import BenchFault

MARKS_S = 60.0
"""Two marks and what is written between them; the pump infuses meanwhile."""


class Stock:
    """Looks at reservoir and disk before a window is begun."""

    def __init__(self, setting: Setting, session: SamplingSession) -> None:
        self._setting = setting
        self._sampling = session.sampling

    def refuse_if_too_little(self, device_clock_s: float, duration_s: float, *, keeps_reserve: bool = True) -> None:
        """Refuse a window that the reservoir, or the disk, does not last for.

        Where the alarm volume is kept back, what comes while the window is weighed counts as well, since the newest
        sample, and while the next rate settles: an alarm of a pump that is rightly low would be one without a fault.

        Args:
            device_clock_s: when it begins, by the pump's clock.
            duration_s: how long it is.
            keeps_reserve: whether the alarm volume has to be left at its end.

        Raises:
            BenchFault: it does not.
        """
        schedule, profile = self._setting.schedule, self._setting.profile
        beside_s = self._beside_s(schedule.rate_ul_per_h(device_clock_s)) if keeps_reserve else 0.0
        volume_ul = schedule.volume_ul(device_clock_s, device_clock_s + duration_s + beside_s)
        needed_ul = volume_ul + (profile.low_reservoir_alarm_ul.value if keeps_reserve else 0.0)
        left_ul = self._sampling.last.pump.reservoir_volume_ul
        if left_ul < needed_ul:  # a pump that does not tell is trusted to be full enough; its alarm would tell
            seen = f"{left_ul:.0f} µL are left, it needs {needed_ul:.0f} µL with the alarm volume kept back"
            raise BenchFault(
                "pump", f"infuse for {duration_s / 3600:.3g} h", seen, "refill the pump, then run it again"
            )
        self._refuse_if_no_room(SamplesToCome(duration_s, self._setting.interval_s, needed_ul))

    def _beside_s(self, rate_ul_per_h: float) -> float:
        settling_s = self._setting.profile.settling_time_s(rate_ul_per_h) if rate_ul_per_h > 0 else 0.0
        return self._setting.interval_s + MARKS_S + settling_s

    def _refuse_if_no_room(self, coming: SamplesToCome) -> None:
        if self._setting.activities.replaying:
            return  # what was done once had room then
        journal, newest = self._setting.run.journal, self._sampling.last
        sample = {"infusion": self._setting.name, **newest.as_dict()}
        needed_bytes = predicted_bytes(sample, newest.actual_s, journal.sequence, coming)
        refuse_if_no_room(journal.path, needed_bytes, f"infuse for {coming.duration_s / 3600:.3g} h")
