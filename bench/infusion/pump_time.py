# SPDX-License-Identifier: Apache-2.0
"""The pump's time: what its own clock shows, what the schedule asks for at this moment, and waiting for a later one.

A wait is two activities, that it began and that it is over. So a run that was killed in the middle of one waits to the
instant that it had begun for, and longer only if the flow is not steady again by then.
"""

from bench.infusion.resumption import Resumption
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.journal import Result


class PumpTime:
    """Time in one infusion."""

    def __init__(self, setting: Setting, session: SamplingSession, resumption: Resumption) -> None:
        self._setting = setting
        self._activities = setting.activities
        self._schedule = setting.schedule
        self._sampling = session.sampling
        self._resumption = resumption

    def device_clock_s(self) -> float:
        """Return the pump's own clock now."""
        return self._sampling.device_s(self._activities.now_s())

    def device_clock_at_s(self, bench_s: float) -> float:
        """Return the pump's own clock at a bench time."""
        return self._sampling.device_s(bench_s)

    @property
    def rate_ul_per_h(self) -> float:
        """Return the programmed rate of this moment, boluses included; zero while the pump is stopped."""
        now_s, schedule = self.device_clock_s(), self._schedule
        # The pump's clock comes in hundredths, so just after a start "now" may seem to lie before it.
        return schedule.rate_ul_per_h(max(now_s, schedule.started_s) if schedule.running else now_s)

    @property
    def rate_if_running_ul_per_h(self) -> float:
        """Return the rate that the therapy would ask for now if the pump were not stopped."""
        return self._schedule.rate_if_running_ul_per_h(self.device_clock_s())

    def safe_point(self) -> None:
        """Let a pause, or a stop, take effect here; activities that are replayed are past it."""
        if not self._activities.replaying:
            self._setting.bench.scheduler.safe_point()

    def catch_up(self) -> None:
        """Let samples and heartbeats come that are due by now, between two long computations."""
        if not self._activities.replaying:
            self._setting.bench.scheduler.catch_up()

    def bench_s(self, device_clock_s: float) -> float:
        """Return the bench time at which the pump's own clock shows `device_clock_s`."""
        return self._sampling.bench_s(device_clock_s)

    def wait(self, duration_s: float) -> None:
        """Let time pass; samples go on."""
        self.wait_until_bench_time(self._activities.now_s() + duration_s)

    def wait_until(self, device_clock_s: float) -> None:
        """Let time pass until the pump's own clock shows `device_clock_s`."""
        self.wait_until_bench_time(self._sampling.bench_s(device_clock_s))

    def wait_until_bench_time(self, instant_s: float) -> None:
        """Wait until a bench time; after an interruption also until the flow is steady again."""
        until_s = self._activities.do("wait begun", lambda: {"until_s": instant_s})["until_s"]
        self._activities.do("waited", lambda: self._pass_until(until_s))

    def wait_unread_until_bench_time(self, instant_s: float) -> None:
        """Wait until a bench time, and read neither pump nor balance before it; the rig is kept alive."""
        from_s = self._activities.now_s()
        until_s = self._activities.do("wait begun", lambda: {"until_s": instant_s})["until_s"]
        self._sampling.leave_unread(from_s, until_s)
        self._activities.do("waited", lambda: self._pass_until(until_s))

    def _pass_until(self, instant_s: float) -> Result:
        bench = self._setting.bench
        bench.scheduler.pass_until(max(instant_s, self._resumption.steady_from_s))
        return {"now_s": bench.clock.now_s()}

    def settle(self) -> None:
        """Wait until the flow at the catheter's end has reached the programmed rate."""
        self._setting.step("Settle")
        rate_ul_per_h = self.rate_ul_per_h
        if rate_ul_per_h == 0:
            self.run_empty()
        else:
            self.wait(self._setting.profile.settling_time_s(rate_ul_per_h))

    def run_empty(self) -> None:
        """Wait until a catheter behind a stopped pump has run empty."""
        self.wait(self._setting.shortest_settling_s)
