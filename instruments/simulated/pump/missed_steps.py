# SPDX-License-Identifier: Apache-2.0
"""Which step of a day schedule runs in a pump that does not see each of them begin."""

from collections.abc import Callable

from instruments.program import Program
from instruments.simulated.pump.therapy_modes import Segment
from instruments.simulated.specimen.interaction_faults import InteractionFaults

STOP, BOLUS = "stop", "bolus"


class MissedSteps:
    """Keeps the step that runs; a good pump takes each.

    Attributes:
        kept: tells whether a condition stands under which a bad pump takes no other step.
    """

    def __init__(self, faults: InteractionFaults) -> None:
        self.kept: Callable[[], bool] = lambda: False
        self._faults = faults
        self._running: Segment | None = None
        self._program: Program | None = None

    def started(self, program: Program, due: Segment) -> None:
        """Take note of a start, with the step that is due."""
        before = self._running if self._faults.step_missed_over == STOP and program == self._program else None
        self._program, self._running = program, None
        if self._faults.begins_with_first_step:
            self._running = Segment(program.steps[0].rate_ul_per_h, due.until_s)
        elif before is not None:
            self._running = Segment(before.rate_ul_per_h, due.until_s)

    def taken(self, due: Segment, *, in_bolus: bool) -> Segment:
        """Return the step that runs where `due` should."""
        running = self._running
        if running is not None and running.until_s == due.until_s:
            return running
        missed = running is not None and ((in_bolus and self._faults.step_missed_over == BOLUS) or self.kept())
        self._running = Segment(running.rate_ul_per_h, due.until_s) if missed and running is not None else due
        return self._running
