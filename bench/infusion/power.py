# SPDX-License-Identifier: Apache-2.0
"""The power of the pump in one infusion: the rig's supply in place of its battery, good, low, too little, or none.

A pump whose supply is too little for its processor stands. When the supply is back it has reset: what it forgot by that
is found in what it tells before and after.

The rig's own sensor may show a supply that the pump does not get. A pump that runs on without power has not lost it,
and one that neither shows a low battery nor tells of it may still have its own: then the rig is in doubt, and nothing
is said of the pump.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bench.alarms import AlarmObservation
from bench.infusion.course import Course
from bench.infusion.expected_alarms import ExpectedAlarms
from bench.infusion.pump_control import PumpControl
from bench.infusion.stopped_flow import StoppedFlow
from bench.injectors import FULLY, Injection, Supply
from bench.journal import Result
from bench.profile import PowerSpecification
from groundfloor.errors import BenchFault, PlanError
from instruments.pump import Alarm, PumpState
from metrology.latency.bracket import Bracket

SHOWN_LATE_S = 5.0
"""A register follows a voltage within this time."""
SAME_PERCENT = 1.0
"""Two readings of one battery differ by less."""
RUNS = (PumpState.INFUSING, PumpState.BOLUS)
COUNTS = ("alarm_log_count", "bolus_log_count", "counter_ul", "reservoir_ul")


@dataclass(frozen=True)
class _Return:
    """The return of the supply, as the cause of an alarm."""

    began: Bracket
    what: str = "return of the supply"


class Power:
    """Feeds the pump by the rig's supply."""

    def __init__(self, course: Course, control: PumpControl, alarms: ExpectedAlarms, stopped_flow: StoppedFlow) -> None:
        self._course = course
        self._control = control
        self._alarms = alarms
        self._stopped_flow = stopped_flow
        self._good_percent = math.nan

    @property
    def _promised(self) -> PowerSpecification:
        return self._course.setting.profile.powering

    @contextmanager
    def supplied_well(self) -> Iterator[Injection]:
        """Feed the pump as a good battery does while the block runs.

        Raises:
            BenchFault: the rig's own sensor does not show the voltage, or does not show that it is gone again.
        """
        with self._supplied(round(self._promised.full_mv.value)) as injection:
            self._course.time.wait(SHOWN_LATE_S)
            self._good_percent = self._control.state()["battery_percent"]
            yield injection

    @contextmanager
    def battery_low(self, declared: str) -> Iterator[Injection]:
        """Feed the pump as a low battery does while the block runs; judge that it shows so.

        Args:
            declared: the test declared that the battery is shown as low.

        Raises:
            BenchFault: the rig's own sensor does not show the voltage, or does not show that it is gone again; or
                nothing but that sensor shows it.
        """
        course = self._course
        with self._supplied(round(self._promised.low_mv.value)) as injection:
            course.time.wait(SHOWN_LATE_S)
            shown, least = self._control.state()["battery_percent"], course.setting.profile.battery.low_percent.value
            told = f"it shows {shown:g} %, {least:g} % and less are low"
            if shown > least:
                self._refuse_a_supply_that_shows_nowhere(injection, shown)
            course.judging.judge_that(declared, shown <= least, told)
            yield injection

    @contextmanager
    def supplied_low(self) -> Iterator[Injection]:
        """Feed the pump as a low battery does while the block runs; nothing is judged of what it shows.

        Raises:
            BenchFault: the rig's own sensor does not show the voltage, or does not show that it is gone again.
        """
        with self._supplied(round(self._promised.low_mv.value)) as injection:
            yield injection

    @contextmanager
    def battery_exhausted(self) -> Iterator[Injection]:
        """Feed the pump as an exhausted battery does while the block runs.

        Raises:
            PlanError: the profile promises nothing of the end of its service.
            BenchFault: the rig's own sensor does not show the voltage, or does not show that it is gone again.
        """
        end = self._promised.end_of_service_mv
        if end is None:
            who, hint = f"profile {self._course.setting.profile.name}", 'mark it only_with("end_of_service_alarm")'
            raise PlanError(who, "find power.end_of_service_mv", "nothing is promised of the end of service", hint)
        with self._supplied(round(end.value)) as injection:
            yield injection

    def expect_end_of_service(self, declared: str, exhausted: Injection) -> None:
        """Wait for the alarm of the end of service; judge when it comes, and what the pump does then.

        A battery that is exhausted is a low one as well: that alarm may come before.

        Raises:
            PumpFailure: it did not come.
        """
        try:
            self._alarms.expect(declared, Alarm.END_OF_SERVICE, exhausted)
        finally:
            self._alarms.take_if_it_came(Alarm.LOW_BATTERY, exhausted)
        self._stopped_flow.hold()

    def expect_low_battery(self, declared: str, low: Injection) -> None:
        """Wait for the low-battery alarm; judge when it comes, and what the pump does then.

        Raises:
            PumpFailure: it did not come.
        """
        self._alarms.expect(declared, Alarm.LOW_BATTERY, low)

    def interrupt(self, for_s: float, declared: str) -> AlarmObservation:
        """Take the power away for a time; judge the alarm of the reset, and that nothing was forgotten.

        Args:
            for_s: how long.
            declared: the test declared `<declared>: alarm`, the alarm's latency, and `<declared>: kept`.

        Raises:
            BenchFault: the rig's own sensor does not show it, or the pump runs on without power.
            PumpFailure: the alarm did not come.
        """
        course = self._course
        course.setting.step(f"No power for {for_s:g} s")
        before = self._control.state()
        with self._supplied(round(self._promised.brown_out_mv.value)) as injection:
            self._control.note_stop_by_alarm(course.time.device_clock_at_s(injection.sent_s))
            course.time.wait(for_s)
            self._refuse_a_pump_that_runs_on(injection, before)
            going_s = course.setting.activities.now_s()
        assert injection.released_s is not None
        back = _Return(Bracket(going_s, injection.released_s))
        observation = self._alarms.expect(f"{declared}: alarm", Alarm.MEMORY, back)
        self._stopped_flow.hold()
        self._judge_kept(f"{declared}: kept", before, self._control.state())
        return observation

    @contextmanager
    def back_after(self, for_s: float) -> Iterator[Injection]:
        """Take the power away for a time, and let the block run when it is back; the pump has stopped then.

        Args:
            for_s: how long.

        Raises:
            BenchFault: the rig's own sensor does not show it, or the pump runs on without power.
        """
        before = self._control.state()
        with self._supplied(round(self._promised.brown_out_mv.value)) as injection:
            self._control.note_stop_by_alarm(self._course.time.device_clock_at_s(injection.sent_s))
            self._course.time.wait(for_s)
            self._refuse_a_pump_that_runs_on(injection, before)
        yield injection

    def interrupt_while_it_stands(self, for_s: float) -> None:
        """Take the power away from a pump that an alarm has stopped; an alarm of the reset may come, or not.

        Args:
            for_s: how long.

        Raises:
            BenchFault: the rig's own sensor does not show it.
        """
        self._course.setting.step(f"No power for {for_s:g} s while the pump stands")
        with self._supplied(round(self._promised.brown_out_mv.value)) as injection:
            self._course.time.wait(for_s)
        self._course.time.wait(SHOWN_LATE_S)
        self._alarms.allow(Alarm.MEMORY, injection)

    def _refuse_a_supply_that_shows_nowhere(self, low: Injection, shown_percent: float) -> None:
        """Refuse a low battery that the pump neither shows nor tells of: it may not be there."""
        course, effects = self._course, self._course.marks.effects
        if not abs(shown_percent - self._good_percent) < SAME_PERCENT:
            return
        limit_s = course.setting.profile.time_limit_s(Alarm.LOW_BATTERY)
        if not self._alarms.comes_within(Alarm.LOW_BATTERY, low, limit_s):
            seen = f"the pump shows {shown_percent:g} % as with a good one, and tells of nothing"
            raise effects.without_effect(low, seen)

    def _refuse_a_pump_that_runs_on(self, gone: Injection, before: Result) -> None:
        """Refuse a loss of power under which the pump answers and infuses: no processor works without power."""
        found = self._course.setting.activities.do("pump looked at", lambda: self._without_power(before))
        if found["rate_ul_per_h"] > 0 and found["state"] in RUNS:
            seen = f"the pump is {found['state']} at {found['rate_ul_per_h']:g} µL/h"
            raise self._course.marks.effects.without_effect(gone, seen)

    def _without_power(self, before: Result) -> Result:
        try:
            return self._control.found()
        except BenchFault:  # what has no power does not answer
            return {**before, "rate_ul_per_h": 0.0, "state": PumpState.STOPPED}

    def _judge_kept(self, declared: str, before: Result, after: Result) -> None:
        """Judge that logs, counter and reservoir go on from what they were."""
        rate_ul_per_h = self._course.setting.profile.rates.greatest_ul_per_h.value
        passed_s = after["device_clock_s"] - before["device_clock_s"]
        most_ul = rate_ul_per_h * max(0.0, passed_s) / 3600 + self._course.setting.profile.stroke_volume_ul.value
        grown = {name: after[name] - before[name] for name in COUNTS}
        kept = (
            grown["alarm_log_count"] == 1
            and grown["bolus_log_count"] == 0
            and 0 <= grown["counter_ul"] <= most_ul
            and -most_ul <= grown["reservoir_ul"] <= 0
            and passed_s > 0
        )
        told = ", ".join(f"{name} {before[name]:g} -> {after[name]:g}" for name in COUNTS)
        self._course.judging.judge_that(declared, kept, f"its clock went on by {passed_s:.1f} s; {told}")

    @contextmanager
    def _supplied(self, millivolts: int) -> Iterator[Injection]:
        with self._course.setting.run.injectors.injected(Supply(millivolts), FULLY) as injection:
            yield injection
