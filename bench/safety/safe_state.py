# SPDX-License-Identifier: Apache-2.0
"""The safe state: an ordered list of steps that leaves nothing moving, run at every exit.

Each step is tried whatever became of the others, none longer than its limit; what failed is gathered and raised as one
error. Only when all of them worked is the rig's watchdog disarmed: until then it is what keeps the bench safe. The
error names the steps that failed, and sends a person to stop the pump only where the pump was not seen to stand.
"""

from collections.abc import Callable, Sequence

from bench.bench_file import SafeAction, SafeStateList, SafeStep
from bench.interruption import held
from bench.safety.safe_actions import SafeActions, StepTaken
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import time_limit
from instruments.pump import Pump, PumpState
from instruments.rig import Rig

NEXT_STEP = "go to the bench and stop the pump by hand"
LOOK_LIMIT_S = 2.0
_STANDING = (PumpState.STOPPED, PumpState.ALARM_STOPPED)
_NOT_BY_HAND = (SafeAction.STOP_PUMP.words, SafeAction.RIG_SAFE.words, SafeAction.DISARM_WATCHDOG.words)


class SafeState:
    """The way of one bench to its safe state.

    Attributes:
        steps: what is done, in this order.
        yields: asked first; true when the bench is somebody else's by now, and nothing on it is ours to move.
        reached: whether every step worked the last time.
    """

    def __init__(self, pump: Pump, rig: Rig, steps: Sequence[SafeStep] = SafeStateList().step) -> None:
        self.steps = tuple(steps)
        self.yields: Callable[[], bool] = lambda: False
        self.reached = False
        self._pump = pump
        self._rig = rig
        self._just_taken: tuple[StepTaken, ...] = ()

    def enter(self) -> None:
        """Take every step; signals that come meanwhile wait until all of them are taken.

        Raises:
            BenchFault: steps failed; each is named, and the watchdog stays armed.
        """
        if self.yields():
            return
        try:
            with held():  # whoever asks for the end meanwhile gets it where this block is left
                self._just_taken = self._take()
        finally:
            taken, self._just_taken = self._just_taken, ()
        self._raise_failures(taken)

    def enter_at_once(self) -> None:
        """Take every step, unless the process is just about to end because somebody asked twice while they were taken.

        Raises:
            BenchFault: steps failed.
        """
        if not self.yields():
            self._raise_failures(self._just_taken or self._take())

    def _take(self) -> tuple[StepTaken, ...]:
        self.reached = False
        taken = SafeActions(lambda: self._pump, lambda: self._rig).take(self.steps)
        self.reached = all(one.fault is None for one in taken)
        return taken

    def _raise_failures(self, taken: Sequence[StepTaken]) -> None:
        if any(one.fault is not None for one in taken):
            raise_failures(taken, pump_stands=self._pump_stands())

    def _pump_stands(self) -> bool:
        """Ask the pump itself; one that does not say that it stands is taken to run."""
        try:
            with time_limit(LOOK_LIMIT_S):
                reading = self._pump.read()
        except BenchFault:
            return False
        return reading.state in _STANDING and reading.active_rate_ul_per_h == 0


def raise_failures(taken: Sequence[StepTaken], *, pump_stands: bool) -> None:
    """Raise one error that names every step that failed, and once what several of them failed of.

    Args:
        taken: the steps.
        pump_stands: whether the pump was seen to stand after them.

    Raises:
        BenchFault: steps failed.
    """
    failed = [one.fault for one in taken if one.fault is not None]
    if not failed:
        return
    steps_by_cause: dict[str, list[str]] = {}
    for fault in failed:
        steps_by_cause.setdefault(f"{fault.asset}: {fault.seen}", []).append(fault.operation)
    seen = "; ".join(f"{', '.join(steps)}: {cause}" for cause, steps in steps_by_cause.items())
    by_hand = ", ".join(fault.operation for fault in failed if fault.operation not in _NOT_BY_HAND)
    stands = (
        f"the pump stands; go to the bench and do by hand: {by_hand}" if by_hand else "the pump stands; see to the rig"
    )
    raise BenchFault("bench", "enter the safe state", seen, stands if pump_stands else NEXT_STEP) from ExceptionGroup(
        "steps to the safe state that failed", failed
    )
