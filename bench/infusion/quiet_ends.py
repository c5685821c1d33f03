# SPDX-License-Identifier: Apache-2.0
"""The quiet ends of an infusion: samples before the start and after the last stop, in which nothing may flow.

Without them nobody could tell a late start from a punctual one, nor a pump that goes on after it was told to stop.
"""

from bench.infusion.pump_control import PumpControl
from bench.infusion.pump_time import PumpTime
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from instruments.pump import Command


class QuietEnds:
    """Waits at both ends of one infusion."""

    def __init__(self, setting: Setting, session: SamplingSession, time: PumpTime, control: PumpControl) -> None:
        self._setting = setting
        self._limits = setting.bench.file.limits
        self._session = session
        self._time = time
        self._control = control

    def lead_in(self) -> None:
        """Sample for a while before the pump is started."""
        self._setting.step("Before the start")
        self._time.wait(self._limits.lead_in_s)

    def run_down(self) -> None:
        """Stop the pump if it should run, and sample until the run-down is over.

        Raises:
            PumpFailure: it refuses to stop.
        """
        self._setting.step("Stop and run down")
        if self._setting.schedule.running:
            self._control.stop()
            self._session.watch_closely()
        given = self._control.given
        last_s = max((one.answered_s for one in given if one.command is Command.STOP), default=0.0)
        self._time.wait_until_bench_time(max(self._setting.activities.now_s(), last_s + self._limits.run_down_s))
