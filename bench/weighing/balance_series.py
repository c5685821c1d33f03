# SPDX-License-Identifier: Apache-2.0
"""Reads the balance several times at a steady pace: for a mark, for a blank, for its noise, for its drift.

Each reading is asked for again while the balance does not answer, and belongs to the instant of the question that it
did answer.
"""

from collections.abc import Iterator
from typing import Self

from bench.bench import Bench
from bench.retrying_reader import RetryingReader
from bench.scheduler import Scheduler
from bench.weighing.mass_series import MassSeries, TimedMass
from instruments.balance import Balance


class BalanceSeries:
    """One balance, to be read so."""

    def __init__(self, balance: Balance, reader: RetryingReader, scheduler: Scheduler) -> None:
        self._balance = balance
        self._reader = reader
        self._scheduler = scheduler

    @classmethod
    def on(cls, bench: Bench) -> Self:
        """Return the series of a bench's own balance."""
        return cls(bench.balance, bench.reader, bench.scheduler)

    def each(self, readings: int, spacing_s: float, *, after_s: float = 0.0) -> Iterator[TimedMass]:
        """Yield each reading at its planned instant, for who has to do something in between.

        Args:
            readings: how many.
            spacing_s: bench time from one to the next.
            after_s: bench time from now to the first.

        Raises:
            BenchFault: the balance does not answer, though it was asked again.
        """
        clock = self._scheduler.clock
        start_s = clock.now_s() + after_s
        for number in range(readings):
            self._scheduler.pass_until(start_s + number * spacing_s)
            weighed = self._reader.read(self._balance.read_mass_g)
            yield TimedMass(weighed.at_s, weighed.observed.mass_g, clock.now_s() - weighed.at_s)

    def read(self, readings: int, spacing_s: float, *, after_s: float = 0.0) -> MassSeries:
        """Return all readings; arguments and errors as `each`."""
        return MassSeries.of(self.each(readings, spacing_s, after_s=after_s))
