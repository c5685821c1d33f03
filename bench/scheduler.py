# SPDX-License-Identifier: Apache-2.0
"""The scheduler: how a run spends its time.

Whoever wants bench time to pass asks the scheduler, and while it passes the scheduler calls those who have something
to do at regular instants (a sample, a heartbeat). Deadlines are absolute, `t0 + k·dt`, so that a late one does not
delay the next; a deadline that was missed by more than a whole interval is left out, and counted for its task.

While time passes the scheduler also looks, at least every half second of the machine, whether the bench is still ours
and whether somebody wants the test stopped. A pause waits for a *safe point*: a place in the protocol where nothing is
being measured and no fault stands. There the protocol is held while everything regular goes on.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bench.absence import Absence
from bench.clock import Clock, ComputerSleep, SleepWatch
from bench.interventions import Interventions
from groundfloor.notifier import Notifier
from groundfloor.wall_clock import sleep_s

POLL_S = 0.5
"""Seconds of the machine after which is asked again what people want."""

Action = Callable[[float], None]
"""Called with the planned instant in bench seconds."""


@dataclass
class PeriodicTask:
    """A regular action; `missed` counts the instants that were left out because the one before took too long."""

    start_s: float
    interval_s: float
    action: Action
    count: int = 0
    missed: int = 0
    stopped: bool = field(default=False)

    @property
    def due_s(self) -> float:
        """Return the planned instant of the next call."""
        return self.start_s + self.count * self.interval_s

    def stop(self) -> None:
        """End the regular calls."""
        self.stopped = True


class Scheduler:
    """Passes bench time and keeps regular actions while it does.

    Attributes:
        clock: whose time it is.
        horizon_s: the instant that the outermost wait goes on to, for a progress bar.
        moments: tells of the bench time every now and then while it passes; what a subscriber raises ends the wait.
        sleeps: tells that the computer slept, before anything else is done or asked after that.
        last_sleep: the newest of them; None if it did not sleep.
        interventions: what people ask of the run; None where nobody can.
        absence: how long the loop is left alone while the rig's watchdog listens.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.horizon_s = 0.0
        self.moments: Notifier[float] = Notifier()
        self.sleeps: Notifier[ComputerSleep] = Notifier()
        self.last_sleep: ComputerSleep | None = None
        self._sleep_watch = SleepWatch()
        self.interventions: Interventions | None = None
        self.absence = Absence()
        self._tasks: list[PeriodicTask] = []
        self._depth = 0
        self._undisturbed = 0

    def every(self, interval_s: float, action: Action, from_s: float | None = None) -> PeriodicTask:
        """Call `action` at `from_s` (now by default) and each `interval_s` after it, whenever time is passed.

        Of the instants that lie before now only the last is kept, which is late by less than an interval; the others
        are past, not missed.
        """
        now_s = self.clock.now_s()
        start_s = now_s if from_s is None else from_s
        task = PeriodicTask(start_s, interval_s, action, count=max(0, math.floor((now_s - start_s) / interval_s)))
        self._tasks.append(task)
        return task

    def pass_for(self, duration_s: float) -> None:
        """Let `duration_s` go by."""
        self.pass_until(self.clock.now_s() + duration_s)

    def pass_until(self, instant_s: float) -> None:
        """Return when bench time has reached `instant_s`, with every action done that was due by then."""
        if self._depth == 0:
            self.horizon_s = instant_s
        self._depth += 1
        try:
            while (task := self._next()) is not None and task.due_s <= instant_s:
                self._sleep_until(task.due_s)
                self._do(task)
            self._sleep_until(instant_s)
        finally:
            self._depth -= 1

    def catch_up(self) -> None:
        """Do what is due by now and no more, listening to nobody: for whoever computes for long while a pump runs."""
        now_s = self.clock.now_s()
        self.absence.back()
        self.absence.leave()
        with self.undisturbed():
            while (task := self._next()) is not None and task.due_s <= now_s:
                self._sleep(task.due_s)
                self._do(task)

    def safe_point(self) -> None:
        """Hold the protocol here for as long as a pause is asked for; tasks go on, a stepped clock stands still.

        Raises:
            TestStopped: somebody wants this test stopped.
        """
        self._poll()
        interventions = self.interventions
        if interventions is None or not interventions.pausing():
            return
        began_s = self.clock.now_s()
        interventions.report("paused", f"PAUSED by {interventions.by}")
        while interventions.pausing():
            self._idle()
        paused_s = self.clock.now_s() - began_s
        interventions.report("continued", f"Continued by {interventions.by} after {paused_s:.0f} s")

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Listen to nobody while the block runs: what is being put back is put back to the end."""
        self._undisturbed += 1
        try:
            yield
        finally:
            self._undisturbed -= 1

    def _idle(self) -> None:
        if self.clock.speed:
            self.pass_for(POLL_S * self.clock.speed)
        else:
            self.absence.back()
            sleep_s(POLL_S)
            self.absence.leave()
        self._poll()

    def _sleep_until(self, instant_s: float) -> None:
        slice_s = POLL_S * self.clock.speed  # a stepped clock has speed 0 and takes no time: once will do
        while slice_s and instant_s - self.clock.now_s() > slice_s:
            self._sleep(self.clock.now_s() + slice_s)
            self._poll()
        self._poll()
        self._sleep(instant_s)

    def _sleep(self, instant_s: float) -> None:
        self.absence.back()
        self.clock.sleep_until(instant_s)
        self.absence.leave()

    def _poll(self) -> None:
        if self.clock.speed and (slept := self._sleep_watch.look()) is not None:  # stepped time stood still as well
            self.last_sleep = slept
            self.sleeps.notify(slept)
        if self._undisturbed:
            return
        self.moments.notify(self.clock.now_s())
        if self.interventions is not None:
            self.interventions.poll()

    def _next(self) -> PeriodicTask | None:
        self._tasks = [task for task in self._tasks if not task.stopped]
        return min(self._tasks, key=lambda task: task.due_s, default=None)

    def _do(self, task: PeriodicTask) -> None:
        planned_s = task.due_s
        late = int((self.clock.now_s() - planned_s) / task.interval_s)
        task.missed += late
        task.count += 1 + late
        task.action(planned_s)
