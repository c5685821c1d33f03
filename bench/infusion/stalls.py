# SPDX-License-Identifier: Apache-2.0
"""A magnetic field at the pump: what it counts while its rotor stands, and what it gives when that turns again.

A pump whose rotor stands gives nothing, whatever it believes. So the balance and the counter are compared while the
field is there; what comes afterwards may be what is programmed from then on, and nothing for what was missed.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager

from bench.alarms import AlarmObservation
from bench.alarms.begun import Begun
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.pump_control import PumpControl
from bench.injectors import FULLY, Injection, injector_named
from bench.journal import Result
from bench.weighing import DeliveryWindow, TimedMark
from groundfloor.errors import PlanError
from instruments.pump import Command
from metrology.latency.bracket import Bracket
from metrology.uncertainty import Influence, quantity_from
from metrology.verdict import Limits, Measurement

RECOVERY_LOGGED = "end of the stall in the log"


class Stalls:
    """Holds the rotor of one infusion's pump."""

    def __init__(self, course: Course, delivery: Delivery, control: PumpControl) -> None:
        self._course = course
        self._delivery = delivery
        self._control = control
        self._start: TimedMark | None = None

    @contextmanager
    def under_a_field(self) -> Iterator[Injection]:
        """Hold a magnet to the pump while the block runs; weigh as soon as the catheter gives nothing any more.

        Raises:
            BenchFault: the magnet's sensor does not show it, or it does not go away.
        """
        with self._course.setting.run.injectors.injected(injector_named("magnet"), FULLY) as injection:
            if self._course.setting.schedule.running:
                self._course.time.run_empty()
            self._start = self._course.marks.take()
            yield injection

    def counted_while_held(self) -> Measurement:
        """Measure what the pump counted since the catheter was empty under the field, less what was weighed.

        Raises:
            PlanError: there was no field.
        """
        if self._start is None:
            raise PlanError(self._course.setting.name, "compare counter and balance", "no field was there", "use one")
        window = self._delivery.window(self._start, self._course.marks.take(), "under the field")
        stroke_ul = window.profile.stroke_volume_ul.value
        counted = Influence.triangular("strokes of the pump's counter", window.counter_ul, "µL", stroke_ul)
        quantity = quantity_from(counted.number - window.weighed.number, "µL", (window.weighed, counted))
        source = f"profile {window.profile.name}: accuracy_percent, of what it would have given"
        limits = Limits(-window.tolerance_ul, window.tolerance_ul, "µL", source)
        name = "counted less weighed while the rotor stands"
        return Measurement(name, quantity, limits, window.qualifiers, window.id, name, window.expected_ul)

    def on_top(self, window: DeliveryWindow) -> Measurement:
        """Return the weighed volume of a window after a stall, which has an upper limit alone: nothing is caught up."""
        _, most_ul = window.profile.accuracy_limits_ul(window.expected_ul)
        limits = Limits(None, most_ul, "µL", f"profile {window.profile.name}: accuracy_percent")
        name = f"{window.name}: volume after a stall"
        qualifiers, measurand = window.qualifiers, "volume after a stall"
        return Measurement(name, window.weighed, limits, qualifiers, window.id, measurand, window.expected_ul)

    def last_start(self) -> Begun:
        """Return the last start of the pump, as what an alarm has to answer: its rotor is held since before.

        Raises:
            PlanError: the pump was never started.
        """
        started = [one for one in self._control.given if one.command is Command.START and one.accepted]
        if not started:
            raise PlanError(self._course.setting.name, "take the start as a cause", "it was not started", "start it")
        return Begun("start under the field", Bracket(started[-1].sent_s, started[-1].answered_s))

    def judge_recovery_logged(self, declared: str, observation: AlarmObservation) -> None:
        """Judge that the log tells when a stall ended, and not before it began.

        Args:
            declared: the name under which the test declared it.
            observation: the stall alarm that was waited for.
        """
        entry = observation.alarm.entry
        found = self._course.setting.activities.do("alarm line read", lambda: self._look_up(entry.number))
        cleared_s = found["cleared_s"]
        told = "nothing" if cleared_s is None else f"{cleared_s:.2f} s of its clock"
        ended = cleared_s is not None and entry.onset_s <= cleared_s <= found["device_clock_s"]
        reason = f"the stall began at {entry.onset_s:.2f} s of its clock; for its end the log tells {told}"
        self._course.judging.judge_that(declared, ended, reason, f"line {entry.number}: {RECOVERY_LOGGED}")

    def _look_up(self, number: int) -> Result:
        read, pump = self._course.setting.bench.reader.read, self._course.setting.bench.pump
        lines = read(pump.alarm_log).observed
        cleared_s = next((line.cleared_s for line in lines if line.number == number), None)
        clock_s = read(pump.read).observed.device_clock_s
        return {"cleared_s": cleared_s, "device_clock_s": math.ceil(clock_s * 100) / 100}
