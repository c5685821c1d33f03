# SPDX-License-Identifier: Apache-2.0
"""More alarms than the pump's log has lines: the oldest line goes, the count goes on, and the order holds.

Each alarm is seen by the pump's alarm bits, between two looks at it, and not by the log that is to be judged.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench.account import PumpLogs
from bench.infusion.expected_alarms import ExpectedAlarms
from bench.infusion.judging import Judging
from bench.infusion.log_reading import LogReading
from bench.infusion.pump_control import PumpControl
from bench.infusion.pump_time import PumpTime
from bench.infusion.setting import Setting
from bench.injectors import Injection
from bench.journal import Result
from instruments.pump import Alarm

CauseOfAlarm = Callable[[], AbstractContextManager[Injection]]
Provoked = tuple[Alarm, CauseOfAlarm]
"""An alarm, and what brings it about while it lasts."""
CLOCK_SLACK_S = 1.0
"""A line may tell an onset so far outside the looks that saw it."""
COUNTS = 65536


@dataclass(frozen=True)
class SeenAlarm:
    """One alarm as the bits told it: it came after one look and by the next, in seconds of the pump's clock."""

    alarm: Alarm
    after_s: float
    by_s: float

    def is_told_by(self, alarm: Alarm, onset_s: float) -> bool:
        """Tell whether a line of the log may be this alarm's."""
        return alarm is self.alarm and self.after_s - CLOCK_SLACK_S <= onset_s <= self.by_s + CLOCK_SLACK_S


class AlarmLogRounds:
    """Fills the alarm log of one infusion's pump, and goes on.

    Args:
        resume: acknowledges, and starts the pump if an alarm had stopped it.
    """

    def __init__(
        self,
        setting: Setting,
        control: PumpControl,
        judging: Judging,
        alarms: ExpectedAlarms,
        time: PumpTime,
        resume: Callable[[], None],
    ) -> None:
        self._setting = setting
        self._control = control
        self._judging = judging
        self._alarms = alarms
        self._time = time
        self._resume = resume

    def fill(self, declared: str, provoked: Sequence[Provoked]) -> None:
        """Bring alarms about, one after the other, each acknowledged; judge that the log holds the newest, in order.

        Args:
            declared: the name under which the test declared it.
            provoked: each alarm in order, and what brings it about.

        Raises:
            BenchFault: the rig does not bring a cause about.
            Inconclusive: an alarm did not come, and nobody can tell whether its cause was there.
        """
        before, count = int(self._control.state()["alarm_log_count"]), len(provoked)
        seen: list[SeenAlarm] = []
        for number, (alarm, cause) in enumerate(provoked, start=1):
            self._setting.step(f"{alarm} alarm, {number} of {count}")
            looked = self._control.state()
            with cause() as injection:
                one = self._seen(alarm, looked)
                self._alarms.take_if_it_came(alarm, injection)
                if one is None:
                    self._alarms.require_an_effect(injection)
                    break
            seen.append(one)
            self._resume()
            self._time.wait(self._setting.interval_s)
        reading = LogReading(self._setting)
        reading.read()
        assert reading.logs is not None
        promised = self._setting.profile.alarm_log_lines_least
        wrong = log_faults(reading.logs, seen, before, promised)
        if len(seen) < count:
            wrong.append(f"alarm {len(seen) + 1} of {count} was not raised in its time")
        told = f"{count} alarms, {count} more in its count, the newest {promised} in order"
        self._judging.judge_that(declared, not wrong, "; ".join(wrong) or told, "alarm log after its wrap", "alarm log")

    def _seen(self, alarm: Alarm, looked: Result) -> SeenAlarm | None:
        """Look until the alarm stands; None where it does not within its time.

        Args:
            alarm: which.
            looked: what was seen before its cause began.
        """
        profile, rate_ul_per_h = self._setting.profile, self._time.rate_ul_per_h
        by_rate = alarm is Alarm.OCCLUSION
        limit_s = profile.occlusion_time_limit_s(rate_ul_per_h) if by_rate else profile.time_limit_s(alarm)
        after_s, now = looked["device_clock_s"], self._control.state()
        ends_s = now["device_clock_s"] + limit_s + self._setting.interval_s
        while alarm not in now["alarms"]:
            if now["device_clock_s"] > ends_s:
                return None
            after_s = now["device_clock_s"]
            self._time.wait(self._setting.interval_s)
            now = self._control.state()
        return SeenAlarm(alarm, after_s, now["device_clock_s"])


def log_faults(logs: PumpLogs, seen: Sequence[SeenAlarm], before: int, promised: int) -> list[str]:
    """Return what is wrong with an alarm log after alarms that were seen, a phrase each.

    Args:
        logs: as they were read then.
        seen: each of them, in order.
        before: the count of the log before the first.
        promised: so many lines the log holds at least.
    """
    if logs.trouble:
        return [logs.trouble]
    wrong = []
    more = (logs.alarm_log_count - before) % COUNTS
    if more != len(seen):
        wrong.append(f"{len(seen)} alarms came, its count rose by {more}")
    due = min(promised, logs.alarm_log_count)
    if len(logs.alarms) < due:
        wrong.append(f"it holds {len(logs.alarms)} lines, {due} are due")
    newest = logs.alarms[-min(due, len(seen)) :] if seen else ()
    for line, one in zip(reversed(newest), reversed(seen), strict=False):
        if not one.is_told_by(line.alarm, line.onset_s):
            told = f"line {line.number} tells {line.alarm} at {line.onset_s:.1f} s"
            wrong.append(f"{told}, the {one.alarm} alarm came between {one.after_s:.1f} and {one.by_s:.1f} s")
    return wrong
