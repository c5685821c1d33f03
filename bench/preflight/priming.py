# SPDX-License-Identifier: Apache-2.0
"""A little of the pump's own strokes, to build pressure: primed in small steps, each watched to its end.

A prime needs no program and ends by itself. Whoever does this has the rig's watchdog armed, and goes to the safe state
when anything is raised.
"""

from collections.abc import Callable

from bench.scheduler import Scheduler
from groundfloor.errors import BenchFault, PumpFailure
from instruments.pump import Command, CommandResult, Pump, PumpState

STEP_UL = 1.0
POLL_S = 1.0
LONGEST_STEP_S = 120.0


class Priming:
    """Primes.

    Args:
        pump: must be stopped.
        scheduler: passes time.
        look: called after each second of a step.

    Attributes:
        given_ul: what the pump was told to give, and did not refuse.
    """

    def __init__(self, pump: Pump, scheduler: Scheduler, look: Callable[[], object]) -> None:
        self.given_ul = 0.0
        self._pump = pump
        self._scheduler = scheduler
        self._look = look

    def give(self, volume_ul: float) -> CommandResult:
        """Prime one step and wait until the pump stands again.

        Returns:
            What the pump answered; unless it accepted, nothing moved.

        Raises:
            CommandUnknown: nobody can tell whether it was carried out.
            BenchFault: it does not end.
            PumpFailure: the pump, which stood before, goes on with something that nobody told it.
        """
        answer = self._pump.command(Command.PRIME, volume_ul)
        if answer is not CommandResult.ACCEPTED:
            return answer
        clock = self._scheduler.clock
        end_s = clock.now_s() + LONGEST_STEP_S
        while (reading := self._pump.read()).state is PumpState.PRIMING:
            if clock.now_s() >= end_s:
                seen = f"{volume_ul:g} µL are not given after {LONGEST_STEP_S:g} s"
                raise BenchFault("pump", "prime", seen, "see whether it is blocked, or primes slower than that")
            self._scheduler.pass_for(POLL_S)
            self._look()
        if reading.active_rate_ul_per_h != 0:
            self._scheduler.pass_for(POLL_S)
            reading = self._pump.read()  # a mismatch has to be seen twice
        if reading.active_rate_ul_per_h != 0:
            seen = f"its state is {reading.state}, its rate {reading.active_rate_ul_per_h:g} µL/h"
            raise PumpFailure("pump", "stand still after a prime", seen, "stop it by hand; see its manual")
        self.given_ul += volume_ul
        return answer
