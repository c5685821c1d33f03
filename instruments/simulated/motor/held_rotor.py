# SPDX-License-Identifier: Apache-2.0
"""A rotor that a magnetic field holds: it makes no stroke, and turns again some time after the field has gone.

The gears bind for a while, because the field has turned the rotor backwards (protocol §6).
"""

from instruments.simulated.motor.motor import Motor
from instruments.simulated.motor.push import Push
from instruments.simulated.specimen.recurrence import EVERY_S, FIRST_S
from instruments.simulated.specimen.stall_faults import StallFaults
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

BINDS_FOR_S = 120.0
"""Assumed: well inside the quarter of an hour of protocol §6."""
BURST_S = 600.0
OPEN_FOR_S = 900.0
_HOUR_S = 3600.0


class HeldRotor:
    """Holds the motor while a field is there, and for as long after it as the gears bind.

    Attributes:
        held: whether the rotor cannot turn.
    """

    def __init__(self, timeline: Timeline, motor: Motor, faults: StallFaults) -> None:
        self.held = False
        self._timeline = timeline
        self._motor = motor
        self._faults = faults
        self._in_field = False
        self._free = Timer(timeline, self._let_go)
        if faults.jams_s:
            timeline.at(FIRST_S, self._jam)

    def field(self, *, present: bool) -> None:
        """Take note of whether a field is there."""
        if present is self._in_field:
            return
        self._in_field = present
        if present and self._faults.opens_ul:
            self._free.drop()
            self._open()
        elif present:
            self._free.drop()
            self._hold()
        else:
            self._free.set_at(self._timeline.now_s + BINDS_FOR_S + self._faults.recovers_late_s)

    def _hold(self) -> None:
        self.held = True
        self._motor.hold(counts=self._faults.counts)

    def _open(self) -> None:
        """Let a field open the valves before it holds what drives them."""
        self.held = True
        self._motor.push(Push(uncounted_ul_per_h=self._faults.opens_ul / OPEN_FOR_S * _HOUR_S), OPEN_FOR_S)
        self._timeline.at(self._timeline.now_s + OPEN_FOR_S, self._hold)

    def _let_go(self) -> None:
        self.held = False
        self._motor.release()
        if self._faults.burst_ul:
            self._motor.push(Push(uncounted_ul_per_h=self._faults.burst_ul / BURST_S * _HOUR_S), BURST_S)

    def _jam(self) -> None:
        self._hold()
        self._free.set_at(self._timeline.now_s + self._faults.jams_s)
        self._timeline.at(self._timeline.now_s + EVERY_S, self._jam)
