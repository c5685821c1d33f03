# SPDX-License-Identifier: Apache-2.0
"""A running pump: programmed, read back, started, sampled, and stopped for sure, however it ends.

What it does are activities, so that a run that was killed goes on in the middle of it: what the journal knows is
replayed, then the stop is accounted for, the pump is started again, and the waiting goes on to the instant that it had
begun for.
"""

import math
from types import TracebackType
from typing import Self

from bench.alarms import AlarmWatch
from bench.infusion.resumption import Resumption
from bench.infusion.running_schedule import RunningSchedule
from bench.journal import JournalLine, Result
from bench.run import Run
from bench.sampling import AmbientWatch, SafeWatch, Sampling
from bench.therapy import Therapy
from bench.weighing import tare
from groundfloor.errors import PumpFailure
from instruments.program import Program
from instruments.pump import Command, CommandResult, PumpState
from metrology.verdict import Judgement, Measurement, forbidden, judge, required

DEFAULT_INTERVAL_S = 30.0
LEAST_WATCHDOG_S = 60
MISSED_BEATS_ALLOWED = 4


class RunningPump:
    """A pump that runs a therapy; a context manager that starts it and stops it for sure.

    Attributes:
        name: what the journal and the report call it.
        interval_s: time between samples.
        schedule: what the therapy asks for, from start to start.
    """

    def __init__(self, run: Run, therapy: Therapy, name: str, interval_s: float = DEFAULT_INTERVAL_S) -> None:
        self.name = name
        self.interval_s = interval_s
        self.schedule = RunningSchedule(therapy)
        self._run = run
        self._bench = run.bench
        self._activities = run.activities
        self._sampling = Sampling(self._bench, run.journal, name, interval_s, self.schedule.since_beginning_ul)
        self._alarms = AlarmWatch(self._bench, self._sampling, run.journal)
        self._ambient = AmbientWatch(self._bench.file.ambient, name, run.journal)
        self._safe_watch = SafeWatch(self._bench, lambda: self.schedule.running)
        self._sampling.watchers += [self._ambient.on_sample, self._safe_watch.on_sample]
        self._sampling_since_s = math.inf
        self._resumption = Resumption(run, name, self.schedule, self._sampling)

    # --- beginning and end ------------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        """Measure the blank if this is the first infusion; then program the pump, read back, tare, start.

        Raises:
            BenchFault: the bench cannot do it.
            PumpFailure: the pump refuses what its profile promises.
        """
        self._bench.refuse_if_poisoned()
        self._safe_point()
        self._run.profile.rates.refuse_others(step.rate_ul_per_h for step in self._program_wanted.steps)
        self._prepare()
        self._activities.listeners |= {
            "sample": self._recall_sample,
            "alarm": self._alarms.recall,
            "excursion": self._ambient.recall,
            "gap": self._sampling.gaps.recall,
            **self._resumption.listeners,
        }
        self._activities.on_resuming_live(self._resume_live)
        try:
            self._program()
            self._activities.do("tared", self._tare)
            begun = self._activities.do("sampling begun", self._begin_sampling)
            self._sampling.first_mass_g = begun["mass_g"]
            self._alarms.begin(begun["alarm_log_count"])
            self.start()
            since = self._activities.do("sampling", lambda: {"since_s": self._bench.clock.now_s()})
            self._sampling_since_s = since["since_s"]
            if not self._activities.replaying:
                self._sampling.start(self._sampling_since_s)
        except BaseException:
            self._bench.enter_safe_state()
            raise
        return self

    def _tare(self) -> Result:
        tare(self._bench)
        return {}

    def _begin_sampling(self) -> Result:
        mass_g = self._sampling.begin()
        self._bench.rig.arm_watchdog(self._watchdog_s)
        self._safe_watch.begin()
        return {"mass_g": mass_g, "alarm_log_count": self._sampling.last.pump.alarm_log_count}

    @property
    def _watchdog_s(self) -> int:
        return max(LEAST_WATCHDOG_S, int(MISSED_BEATS_ALLOWED * self.interval_s))

    def _safe_point(self) -> None:
        """Let a pause, or a stop, take effect here; activities that are told are past it."""
        if not self._activities.replaying:
            self._bench.scheduler.safe_point()

    def _prepare(self) -> None:
        """Do what must come before the pump is programmed."""

    def _judge_what_is_open(self) -> None:
        """Judge, after an end without an error, what nobody asked for."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the pump and open the clamps before anything else; then account for the alarms."""
        self._activities.forget(self._resume_live)
        try:
            self._bench.enter_safe_state()
            if error is None or isinstance(error, PumpFailure):
                self._activities.do("alarm log looked at", lambda: {"count": self._alarms.read_once_more()})
        finally:
            self._sampling.stop()
            reason = "done" if error is None else f"{type(error).__name__}: {error}"
            self._activities.note("infusion-ended", infusion=self.name, reason=reason)
        self._judge_alarms()
        if error is None:
            self._judge_what_is_open()
            self._clear_alarms()

    def _program(self) -> None:
        self._clear_alarms()
        therapy, program = self.schedule.therapy, self._program_wanted
        self._activities.note(
            "infusion-started", infusion=self.name, therapy=therapy.describe(), interval_s=self.interval_s
        )
        told = self._activities.do("programmed", lambda: {"answer": self._bench.pump.load(program)})
        result = CommandResult(told["answer"])
        taken = result is CommandResult.ACCEPTED
        self.judge_that("the pump takes the program and reads it back", taken, f"it answered {result}")
        if not taken:
            raise PumpFailure("pump", "load the program", f"it answered {result}", "does the profile promise this?")

    @property
    def _program_wanted(self) -> Program:
        return self.schedule.therapy.program(self._run.profile.low_reservoir_alarm_ul.value)

    def start(self) -> None:
        """Start the pump with the program it has.

        Raises:
            PumpFailure: it refuses.
        """
        self.schedule.start(self._demand(Command.START))

    def stop(self) -> None:
        """Stop the pump and let the catheter run empty; samples go on.

        Raises:
            PumpFailure: it refuses.
        """
        self.schedule.stop(self._demand(Command.STOP))
        self.wait(self._shortest_settling_s())

    def resume(self) -> None:
        """Acknowledge what stands, and start the pump again if an alarm had stopped it, as a clinician would."""
        found = self._activities.do("pump looked at", self._pump_state)
        self._clear_alarms()
        if found["state"] == PumpState.ALARM_STOPPED:
            self.schedule.stop(found["device_clock_s"])
            self.start()

    def _demand(self, command: Command) -> float:
        """Give a command that must be accepted; return the pump's clock just after it."""
        told = self._activities.do(
            "command", lambda: self._command(command), f"{command}: {{answer}}", infusion=self.name
        )
        if told["answer"] != CommandResult.ACCEPTED:
            raise PumpFailure("pump", command, f"it answered {told['answer']}")
        return float(told["device_clock_s"])

    def _command(self, command: Command) -> Result:
        answer = self._bench.pump.command(command)
        return {"answer": answer, **self._pump_state()}

    def _pump_state(self) -> Result:
        reading = self._bench.pump.read()
        return {
            "state": reading.state,
            "rate_ul_per_h": reading.active_rate_ul_per_h,
            "device_clock_s": reading.device_clock_s,
            "alarms": sorted(reading.alarms),
        }

    def _clear_alarms(self) -> None:
        found = self._activities.do("pump looked at", self._pump_state)
        if found["alarms"] or found["state"] == PumpState.ALARM_STOPPED:
            self._demand(Command.ACKNOWLEDGE)

    def _judge_alarms(self) -> None:
        told = ", ".join(f"{one.entry.alarm} at {one.onset_s:.0f} s" for one in self._alarms.unexpected)
        reason = f"unexpected: {told}" if told else "none came, or each had its fault"
        declared = "an alarm without a fault"
        self._add(forbidden(f"{self.name}: {declared}", bool(told), reason, declared))

    # --- interruption -----------------------------------------------------------------------------------------------

    def _resume_live(self) -> None:
        """Go on with an infusion that was interrupted: account for the stop, start the pump again, sample again."""
        found = self._bench.found
        if found is None or (self._sampling_since_s == math.inf and not self.schedule.running):
            return
        self._resumption.refuse_a_lost_zero(self._watchdog_s)
        self._bench.rig.arm_watchdog(self._watchdog_s)
        self._safe_watch.begin()
        self._resumption.account_for(found, self._watchdog_s + self.interval_s)
        if self._sampling_since_s != math.inf:
            self._sampling.start(self._sampling_since_s)

    def _recall_sample(self, line: JournalLine) -> None:
        self._sampling.recall(line)

    # --- time -------------------------------------------------------------------------------------------------------

    def device_clock_s(self) -> float:
        """Return the pump's own clock now."""
        return self._sampling.device_s(self._activities.now_s())

    @property
    def rate_ul_per_h(self) -> float:
        """Return the programmed rate of this moment, boluses included; zero while the pump is stopped."""
        now_s = self.device_clock_s()
        # The pump's clock is told in hundredths, so just after a start "now" may seem to lie before it.
        return self.schedule.rate_ul_per_h(max(now_s, self.schedule.started_s) if self.schedule.running else now_s)

    def rate_changes_s(self, from_s: float, to_s: float) -> tuple[float, ...]:
        """Return the instants of the pump's clock at which the schedule changes the rate."""
        return tuple(self.schedule.changes_s(from_s, to_s))

    def wait(self, duration_s: float) -> None:
        """Let time pass; samples go on."""
        self._wait_until(self._activities.now_s() + duration_s)

    def wait_until(self, device_clock_s: float) -> None:
        """Let time pass until the pump's own clock shows `device_clock_s`."""
        self._wait_until(self._sampling.bench_s(device_clock_s))

    def _wait_until(self, instant_s: float) -> None:
        """Wait until a bench time; after an interruption also until the flow is steady again."""
        until_s = self._activities.do("wait begun", lambda: {"until_s": instant_s})["until_s"]
        self._activities.do("waited", lambda: self._pass_until(until_s))

    def _pass_until(self, instant_s: float) -> Result:
        self._bench.scheduler.pass_until(max(instant_s, self._resumption.steady_from_s))
        return {"now_s": self._bench.clock.now_s()}

    def settle(self) -> None:
        """Wait until the flow at the catheter's end has reached the programmed rate."""
        self.step("Settle")
        self.wait(self._run.profile.settling_time_s(self.rate_ul_per_h))

    def step(self, title: str) -> None:
        """Begin a phase that people see as a step of the protocol."""
        self._activities.note("step", title=title, infusion=self.name)

    def _shortest_settling_s(self) -> float:
        return self._run.profile.settling_time_s(self._run.profile.rates.tested("high"))

    # --- judging ----------------------------------------------------------------------------------------------------

    def judge(self, measurement: Measurement) -> Judgement:
        """Judge a measurement by the profile's decision rule; the test goes on whatever the verdict."""
        return self._add(judge(measurement, self._run.profile.decision_rule))

    def judge_that(self, name: str, happened: bool, reason: str, declared: str = "") -> Judgement:
        """Judge that something required happened; `declared` is what, where the name says more."""
        return self._add(required(name, happened, reason, declared))

    def _add(self, judgement: Judgement) -> Judgement:
        return self._run.assessment.add(judgement)
