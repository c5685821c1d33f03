# SPDX-License-Identifier: Apache-2.0
"""Reading that asks again, for a bounded time, what was not answered, so that a short fault leaves no gap.

    reading = reader.read(lambda: Snapshot.at(bench), until_s=next_planned_s)

A driver asks again by itself, a few times within its time-outs; that bridges a lost frame. A cable that is put back, a
gateway that restarts or a switch that learns anew takes seconds, and is bridged here. Only `NoAnswer` is waited out,
which says that nothing was moved and the same may be asked again; any other fault is passed on at once.

A reading belongs to an instant. One that was held up on the wire, between a pump that was read before and a balance
that was read after, belongs to none, and is taken anew. While the twin's time stands still that cannot happen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bench.clock import Clock, ClockMode, reading_takes_s
from bench.clock.reading_time import A_READING_TAKES_S
from groundfloor.errors import NoAnswer
from groundfloor.wall_clock import Deadline, sleep_s
from instruments.write_unknown import WriteUnknown

PATIENCE_S = 5.0
"""Longest wait in seconds of the machine, where nobody says until when."""
LONGEST_READING_S = 1.0
"""In seconds of the machine: serial lines at 9600 baud need a third of it, and at 1 mL/h 0.28 µL flow in it."""
_PAUSE_S = 0.05
Observed = TypeVar("Observed")


@dataclass(frozen=True)
class TimedReading(Generic[Observed]):
    """What was read, and the bench time at which the reading that counts was begun."""

    at_s: float
    observed: Observed


class RetryingReader:
    """Reads until there is an answer.

    Args:
        clock: whose instants the readings belong to.
        patience_s: longest wait, in seconds of the machine.
    """

    def __init__(self, clock: Clock, patience_s: float = PATIENCE_S) -> None:
        self._clock = clock
        self._patience_s = patience_s

    def read(self, query: Callable[[], Observed], until_s: float | None = None) -> TimedReading[Observed]:
        """Return what `query` returns, at the first time that it does so without a fault and without delay.

        `query` may read, and give the watchdog its heartbeat; it must move nothing.

        Args:
            query: reads one device or several.
            until_s: bench time at which it is too late. While time stands still, the patience alone counts.

        Raises:
            NoAnswer: there was none in time; this is the last fault, with the number of attempts as a note.
            BenchFault: a fault that does not pass by itself.
        """
        budget = Deadline(self._budget_s(until_s))
        longest_s = self._longest_reading_s
        attempts = 0
        while True:
            attempts += 1
            at_s, prompt = self._clock.now_s(), Deadline(longest_s)
            try:
                observed = query()
            except (NoAnswer, WriteUnknown) as fault:  # a heartbeat that was not confirmed may be given again
                failure = _unanswered(fault, attempts)
            else:
                if self._clock.mode is ClockMode.STEPPED or not prompt.passed():
                    return TimedReading(at_s, observed)
                failure = _slow(attempts, longest_s)
            if budget.passed():
                raise failure
            sleep_s(min(_PAUSE_S, budget.remaining_s()))

    @property
    def _longest_reading_s(self) -> float:
        takes_s = reading_takes_s(self._clock)
        return LONGEST_READING_S if takes_s == A_READING_TAKES_S else takes_s  # on a fast clock the bound is held

    def _budget_s(self, until_s: float | None) -> float:
        if until_s is None or self._clock.mode is ClockMode.STEPPED:
            return self._patience_s
        return max(0.0, until_s - self._clock.now_s()) / self._clock.speed


def _unanswered(fault: NoAnswer | WriteUnknown, attempts: int) -> NoAnswer:
    failure = NoAnswer(fault.asset, fault.operation, f"{fault.seen} (asked {attempts} times)", fault.next_step)
    failure.__cause__ = fault
    return failure


def _slow(attempts: int, longest_s: float) -> NoAnswer:
    seen = f"it took over {longest_s:g} s, each of {attempts} times: no instant could be told for it"
    return NoAnswer("bench", "read the devices", seen, "find out what slows the wires down")
