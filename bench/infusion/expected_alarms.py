# SPDX-License-Identifier: Apache-2.0
"""The alarms that a plan expects: waited for after their cause, judged by the log and by what the pump then does.

Every alarm of the infusion that no cause accounts for is a failure of its own, so each minute without a fault is a
nuisance-alarm test.
"""

import math
from collections.abc import Callable

from bench.acceptance import Standing
from bench.alarms import AlarmObservation, Cause, LoggedAlarm
from bench.clock import clocks_half_width_s
from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.journal import Result
from groundfloor.errors import PlanError, PumpFailure
from instruments.pump import Alarm, PumpState
from metrology.verdict import undecided

CLOCKS_AGREE_WITHIN_S = 1.0
"""Two clocks that are read one after the other may seem this far apart."""


def _nothing_speaks_against_it() -> None:
    """Let a missing alarm count."""


class ExpectedAlarms:
    """Waits for alarms and accounts for them."""

    def __init__(self, setting: Setting, session: SamplingSession, control: PumpControl, judging: Judging) -> None:
        self._setting = setting
        self._alarms = session.alarms
        self._gaps = session.sampling.gaps
        self._sampling = session.sampling
        self._effects = session.effects
        self._way = session.way
        self._control = control
        self._judging = judging

    def expect(
        self,
        declared: str,
        alarm: Alarm,
        cause: Cause,
        within_s: float | None = None,
        look_again: Callable[[], None] = _nothing_speaks_against_it,
    ) -> AlarmObservation:
        """Wait for `alarm` after its cause; judge its latency, its log line and what the pump does then.

        Args:
            declared: the name under which the test declared the latency.
            alarm: which.
            cause: what it must answer: an injection that was confirmed, or anything else that began for sure.
            within_s: the greatest time from the cause to the onset; None for the upper limit that was declared.
            look_again: called where the alarm did not come; raises what speaks against the cause.

        Raises:
            PlanError: the latency was not declared, or nobody says how long to wait.
            PumpFailure: the alarm did not come in time.
            BenchFault: the cause is an injection that its sensor alone shows; flow and pressure contradict it.
            Inconclusive: the alarm did not come, and nobody can tell whether the injection was there.
        """
        within_s = self._within_s(declared) if within_s is None else within_s
        self._setting.step(f"Wait for the {alarm} alarm, at most {within_s / 60:.4g} min")
        result = self._setting.activities.do("alarm awaited", lambda: self._await(alarm, cause, within_s))
        if result["number"] is None:
            self._effects.require_an_effect(cause)
            look_again()
            reason = f"the {cause.what} was confirmed, no {alarm} alarm came within {within_s / 60:.4g} min"
            self._judging.judge_that(declared, False, reason, f"{alarm} alarm")
            raise PumpFailure("pump", f"raise the {alarm} alarm", reason)
        logged = self._alarms.numbered(result["number"])
        self._effects.refuse_an_alarm_without_effect(cause, logged.onset_s)
        logged.account_for(cause, self._clock_slack_s)
        if not logged.by_bits:
            self._judge_log(logged)
        self._judge_behaviour_after(alarm)
        if self._setting.profile.alarms[alarm].then_does == "stops":
            self._control.note_stop_by_alarm(self._onset_device_s(logged))
        observation = AlarmObservation(
            infusion=self._setting.name,
            alarm=logged,
            cause=cause,
            within_s=within_s,
            clocks_half_width_s=self._clocks_half_width_s,
            qualifiers=self._gaps.qualifiers(logged.after_s, logged.by_s),
        )
        self._judging.judge(declared, observation.latency)
        return observation

    def require_an_effect(self, cause: Cause) -> None:
        """Let a missing alarm count only of a fault whose effect was seen.

        Raises:
            BenchFault: flow at the balance contradicts the fault.
            Inconclusive: neither flow nor pressure can tell.
        """
        self._effects.require_an_effect(cause)

    def comes_within(self, alarm: Alarm, cause: Cause, within_s: float) -> bool:
        """Tell whether `alarm` comes so long after its cause at the latest; nothing is judged, `expect` does that."""
        result = self._setting.activities.do("alarm awaited", lambda: self._await(alarm, cause, within_s))
        return result["number"] is not None

    def take_if_it_came(self, alarm: Alarm, cause: Cause) -> None:
        """Take `alarm` for the answer to a cause where it came at all; the pump need not tell of so short a one."""
        found = self._setting.activities.do("alarm awaited", lambda: self._look_for(alarm, cause))
        if found["number"] is None:
            return
        logged = self._alarms.numbered(found["number"])
        logged.account_for(cause, self._clock_slack_s)
        if self._setting.profile.alarms[alarm].then_does == "stops":
            self._control.note_stop_by_alarm(self._onset_device_s(logged))

    def _look_for(self, alarm: Alarm, cause: Cause) -> Result:
        self._alarms.read_once_more()
        logged = self._alarms.find(alarm, cause.began.after_s)
        return {"number": logged.entry.number if logged is not None else None}

    def allow(self, alarm: Alarm, cause: Cause) -> None:
        """Let a fault account for an alarm that nobody promises, if it has come by now; its log line is judged."""
        result = self._setting.activities.do("alarm awaited", lambda: self._await(alarm, cause, 0.0))
        if result["number"] is not None:
            logged = self._alarms.numbered(result["number"])
            logged.account_for(cause, self._clock_slack_s)
            self._judge_log(logged)

    def _within_s(self, declared: str) -> float:
        declaration = self._judging.declared(declared)
        limits = declaration.limits if declaration is not None else None
        if limits is None or limits.upper is None:
            raise PlanError(self._setting.name, "wait for an alarm", "nobody says how long", "declare its latency")
        return limits.upper

    @property
    def _clocks_half_width_s(self) -> float:
        return clocks_half_width_s(self._setting.bench.clock)

    @property
    def _clock_slack_s(self) -> float:
        return max(CLOCKS_AGREE_WITHIN_S, self._clocks_half_width_s)

    def _await(self, alarm: Alarm, cause: Cause, within_s: float) -> Result:
        """Wait for the alarm; while a gap is open nobody can say that it did not come."""
        bench, interval_s = self._setting.bench, self._setting.interval_s
        began, end_s = cause.began, cause.began.before_s + within_s + interval_s
        while (logged := self._alarms.find(alarm, began.after_s)) is None:
            now_s = bench.clock.now_s()
            if now_s >= end_s and self._gaps.open is None:
                break
            next_s = now_s + interval_s
            bench.scheduler.pass_until(min(end_s, next_s) if now_s < end_s else next_s)
        return {"number": logged.entry.number if logged is not None else None}

    def _judge_log(self, logged: LoggedAlarm) -> None:
        name = f"the log tells the onset of the {logged.entry.alarm} alarm as it was seen"
        told_right = logged.came_as_logged(self._clock_slack_s)
        self._judging.standing_required(Standing.AFTER_ALARM, name, told_right, logged.account)

    def _judge_behaviour_after(self, alarm: Alarm) -> None:
        promised = self._setting.profile.alarms[alarm].then_does
        found = self._control.state()
        stopped = found["state"] == PumpState.ALARM_STOPPED and found["rate_ul_per_h"] == 0
        observed = f"its state is {found['state']}, its rate {found['rate_ul_per_h']:g} µL/h"
        name, kept = f"after the {alarm} alarm the pump {promised}", stopped is (promised == "stops")
        self._judging.standing_required(Standing.AFTER_ALARM, name, kept, observed)

    def _onset_device_s(self, logged: LoggedAlarm) -> float:
        """Return the onset by the pump's clock; not outside the snapshots between which the log grew."""
        onset_s = min(max(logged.onset_s, logged.after_s), logged.by_s)
        return self._sampling.device_s(onset_s)

    def read_log_once_more(self) -> None:
        """Look at the pump's log when it has stopped: the last alarm is in no sample."""
        self._setting.activities.do("alarm log looked at", lambda: {"count": self._alarms.read_once_more()})

    def judge_unexpected(self, fine_until_s: float = math.inf, *, broken_off: bool = False) -> None:
        """Judge that no alarm came without a cause.

        Args:
            fine_until_s: bench time after which an alarm may answer a fault of the bench.
            broken_off: whether the plan came to no end, through no fault of the pump: it may not have come to say which
                of its own faults an alarm answers.
        """
        may_answer = self._under_a_fault() if broken_off else ()
        in_doubt = self._effects.contradicted or self._way.narrowed or bool(may_answer)
        before = [one for one in self._alarms.unexpected if one.by_s <= fine_until_s and one not in may_answer]
        unexpected = ", ".join(f"{one.entry.alarm} at {one.onset_s:.0f} s" for one in self._alarms.unexpected)
        reason = f"unexpected: {unexpected}" if unexpected else "none came, or each had its fault"
        name = f"{self._setting.name}: an alarm without a fault"
        if before and not self._effects.contradicted:
            with self._judging.beyond_doubt():
                self._judging.standing_forbidden(Standing.QUIET, name, True, reason)
            return
        if unexpected and in_doubt:
            # it answers a fault that the rig did not make, or did not undo, or made by itself, or that nobody told of
            doubt = "the test broke off under a fault" if may_answer else "the rig's injector is in doubt"
            judgement = undecided(name, f"{reason}; {doubt}", Standing.QUIET.words)
            self._judging.add_standing(Standing.QUIET, judgement)
            return
        self._judging.standing_forbidden(Standing.QUIET, name, bool(unexpected), reason)

    def _under_a_fault(self) -> tuple[LoggedAlarm, ...]:
        """Return the alarms that nothing accounts for yet, and that came while the rig held a fault."""
        between = self._setting.run.injectors.faulty_between
        alarms = self._alarms.unexpected
        return tuple(one for one in alarms if between(one.onset.after_s, one.onset.before_s))
