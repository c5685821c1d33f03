# SPDX-License-Identifier: Apache-2.0
"""What a programming session does to a pump that infuses.

Two kinds of pump: in one the old program runs on until the new one is loaded, and that takes its place at once; the
other stops with the first message of a session, starts again when the new program is loaded, and sounds an alarm where
that does not come.
"""

import math

from instruments.program import Program
from instruments.pump import CommandResult, PumpState
from instruments.simulated.motor.motor import Motor
from instruments.simulated.motor.push import Push
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.pump.alarms import PumpAlarms
from instruments.simulated.pump.infusion import Infusion
from instruments.simulated.pump.therapy_modes import MODES
from instruments.simulated.specimen.programming_faults import ProgrammingFaults
from instruments.simulated.specimen.pump_model import Update
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

GOES_ON_AT_UL_PER_H = 40.0
"""What a bad pump gives that goes on by itself."""
_RUNS = (PumpState.INFUSING, PumpState.BOLUS)


class ProgramUpdate:
    """Carries a pump that infuses from one program to the next.

    Args:
        timeline: the twin's time.
        infusion: what the pump is doing.
        alarms: sounds the alarm of an update that is not completed.
        motor: what a bad change does to it.
        hydraulics: the stroke under way.
        update: what the model does; None for a pump that takes a program only while it stands.
        faults: what is wrong with it.
    """

    def __init__(
        self,
        timeline: Timeline,
        infusion: Infusion,
        alarms: PumpAlarms,
        motor: Motor,
        hydraulics: Hydraulics,
        update: Update | None,
        faults: ProgrammingFaults,
    ) -> None:
        self._timeline = timeline
        self._infusion = infusion
        self._alarms = alarms
        self._motor = motor
        self._hydraulics = hydraulics
        self._update = update
        self._faults = faults
        self._holds = False
        self._alarm_timer = Timer(timeline, self._sound)
        self._stopping = Timer(timeline, self._stop_alone)
        self._reverting: Timer | None = None
        self._forgetting = Timer(timeline, self._forget)
        self._forgetting.set_at(faults.forgets_stroke_every_s)

    def staged(self, state: PumpState) -> None:
        """Take note that a message of a programming session came while the pump was in `state`."""
        stops = self._faults.stops_silently or (self._update is not None and self._update.stops_until_complete)
        if state in _RUNS:
            self._stopping.set_at(self._timeline.now_s + self._faults.stops_alone_after_s)
        if not stops or state not in _RUNS:
            return
        self._holds = True
        self._infusion.stop()
        if self._update is not None and self._update.stops_until_complete and not self._faults.stops_silently:
            self._alarm_timer.set_at(self._timeline.now_s + self._update.alarm_after_s)

    def refusal(self, state: PumpState, program: Program) -> CommandResult | None:
        """Return why a program cannot come into force now, or None."""
        if self._alarms.stopped:
            return CommandResult.ALARM_STANDING
        if state is PumpState.STOPPED and not self._holds:
            return None
        may = self._update is not None and state in (PumpState.INFUSING, PumpState.STOPPED)
        return None if may and not MODES[program.mode].opens_with_bolus else CommandResult.WRONG_STATE

    def loaded(self, state: PumpState, program: Program, since_ul_per_h: float, before: Program | None) -> None:
        """Take note that `program` is in force; a pump that infuses, or was held for it, goes on with it.

        Args:
            state: what the pump was doing.
            program: what is in force.
            since_ul_per_h: the rate until now.
            before: what was in force until now.
        """
        self._stopping.drop()
        if not (self._holds or state is PumpState.INFUSING):
            return
        self.end()
        faults = self._faults
        if faults.change_late_s:
            self._timeline.at(self._timeline.now_s + faults.change_late_s, lambda: self._go_on(program))
        else:
            self._go_on(program)
        if before is not None:
            if self._reverting is not None:
                self._reverting.drop()
            self._reverting = Timer(self._timeline, lambda: self._revert(before))
            self._reverting.set_at(self._timeline.now_s + faults.reverts_after_s)
        if faults.change_pauses_s:
            self._motor.push(Push(stroke_gain=0.0), faults.change_pauses_s)
        if faults.change_runs_both_s:
            self._motor.push(Push(uncounted_ul_per_h=since_ul_per_h), faults.change_runs_both_s)

    def stand_for(self, duration_s: float) -> None:
        """Let a bad motor stand for so long, while everything else goes on."""
        self._motor.push(Push(stroke_gain=0.0), duration_s)

    def end(self) -> None:
        """End the session: whatever comes now, the pump is not held for it any more."""
        self._holds = False
        self._alarm_timer.set_at(math.inf)

    def _go_on(self, program: Program) -> None:
        if self._faults.change_drops_stroke:
            self._hydraulics.drop_begun_stroke()
        self._infusion.run(program)
        self._alarms.plan()

    def _forget(self) -> None:
        self._hydraulics.drop_begun_stroke()
        self._alarms.plan()
        self._forgetting.set_at(self._timeline.now_s + self._faults.forgets_stroke_every_s)

    def _revert(self, before: Program) -> None:
        if self._infusion.state is PumpState.INFUSING:
            self._go_on(before)

    def _stop_alone(self) -> None:
        self._infusion.stop()
        self._alarms.plan()

    def _sound(self) -> None:
        self._holds = False
        self._alarms.sound_incomplete_update()
        if math.isfinite(self._faults.goes_on_alone_after_s):
            gives = Push(uncounted_ul_per_h=GOES_ON_AT_UL_PER_H)
            self._motor.push(gives, math.inf, self._faults.goes_on_alone_after_s, of_a_therapy=True)
