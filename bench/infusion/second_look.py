# SPDX-License-Identifier: Apache-2.0
"""The second look: where a sample's registers are not what is expected, the next sample is taken a second later.

It judges nothing, and costs nothing while the pump is good. It is there so that a mismatch between two regular samples,
minutes apart perhaps, is seen twice, or seen to be gone: twice is the pump's FAIL, once decides nothing.
"""

import math

from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.sampling import Sample
from instruments.pump import PumpReading, PumpState

RELATIVE = 1e-3
ABSOLUTE_UL_PER_H = 1e-3


class SecondLook:
    """Looks at the samples of one infusion; subscribe its `on_sample` to them."""

    def __init__(self, setting: Setting, session: SamplingSession) -> None:
        self._schedule = setting.schedule
        self._stopping = {alarm for alarm, promised in setting.profile.alarms.items() if promised.then_does == "stops"}
        self._session = session
        self._was_odd = False
        self._counter_ul = -math.inf

    def on_sample(self, sample: Sample) -> None:
        """Ask for one more sample if this is the first that is not as expected."""
        odd = self._is_odd(sample.pump)
        if odd and not self._was_odd:
            self._session.sampling.look_again()
        self._was_odd = odd
        self._counter_ul = max(self._counter_ul, sample.pump.counter_ul)

    def _is_odd(self, pump: PumpReading) -> bool:
        stopped_by_alarm = pump.state is PumpState.ALARM_STOPPED
        expected = 0.0 if stopped_by_alarm else self._expected_ul_per_h(pump.device_clock_s)
        other_rate = not math.isclose(pump.active_rate_ul_per_h, expected, rel_tol=RELATIVE, abs_tol=ABSOLUTE_UL_PER_H)
        says_it_runs = pump.state in (PumpState.INFUSING, PumpState.BOLUS)
        known = {one.entry.alarm for one in self._session.alarms.alarms}
        return (
            other_rate
            or says_it_runs is not (expected > 0)
            or pump.counter_ul < self._counter_ul
            or not pump.alarms <= known
            or stopped_by_alarm is not bool(pump.alarms & self._stopping)
        )

    def _expected_ul_per_h(self, device_clock_s: float) -> float:
        schedule = self._schedule
        return schedule.rate_ul_per_h(max(device_clock_s, schedule.started_s)) if schedule.running else 0.0
