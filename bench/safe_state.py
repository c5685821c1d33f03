# SPDX-License-Identifier: Apache-2.0
"""The safe state: an ordered list of steps that leaves nothing moving, run at every exit.

Each step is tried whatever became of the others, the pump first; what failed is gathered and raised as one error. Only
when all of them worked is the rig's watchdog disarmed: until then it is what keeps the bench safe.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bench.interruption import held
from instruments.errors import BenchFault
from instruments.pump import Command, CommandResult, Pump
from instruments.rig import Rig, RigOutputs


@dataclass(frozen=True)
class SafeStep:
    """One step on the way to the safe state."""

    title: str
    do: Callable[[], None]


class SafeState:
    """The way of one bench to its safe state: stop the pump, then clamps open, valves closed, field off."""

    def __init__(self, pump: Pump, rig: Rig) -> None:
        self.steps = (
            SafeStep("stop the pump", lambda: _stop(pump)),
            SafeStep("open the clamps, close the leak, switch the field off", lambda: rig.write(RigOutputs())),
        )
        self._disarm = SafeStep("disarm the watchdog", lambda: rig.arm_watchdog(0))

    def enter(self) -> None:
        """Take every step, then disarm the watchdog if all of them worked.

        Raises:
            BenchFault: steps failed; each is named, and the watchdog stays armed.
        """
        with held():  # somebody who presses Ctrl-C twice must not leave the pump running
            failed = [failure for step in self.steps if (failure := _try(step))] or [
                *filter(None, [_try(self._disarm)])
            ]
        if failed:
            seen = "; ".join(f"{fault.operation}: {fault.asset}: {fault.seen}" for fault in failed)
            raise BenchFault(
                "bench", "enter the safe state", seen, "go to the bench and stop the pump by hand"
            ) from ExceptionGroup("steps to the safe state that failed", failed)


def _try(step: SafeStep) -> BenchFault | None:
    try:
        step.do()
    except BenchFault as fault:
        return BenchFault(fault.asset, step.title, f"{fault.operation}: {fault.seen}", fault.next_step)
    return None


def _stop(pump: Pump) -> None:
    result = pump.command(Command.STOP)
    if result not in (CommandResult.ACCEPTED, CommandResult.WRONG_STATE):
        raise BenchFault("pump", "stop", f"it answered {result}", "stop it by hand")
