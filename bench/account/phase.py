# SPDX-License-Identifier: Apache-2.0
"""A phase of an infusion: a stretch of it between two readings, with one thing going on in it."""

from dataclasses import dataclass
from enum import StrEnum

from bench.account.reading import Reading


class PhaseKind(StrEnum):
    """What goes on in a phase; the value is what people read."""

    LEAD_IN = "lead-in"
    START_UP = "start-up"
    STEADY = "steady part"
    BOLUS = "bolus"
    AFTER_BOLUS = "end of a bolus"
    STOPPED = "stop"
    FAULT = "fault"
    RELEASE = "release"
    RUN_DOWN = "run-down"


@dataclass(frozen=True)
class Phase:
    """One phase; it ends at the reading at which the next begins.

    Attributes:
        number: its place, from 1.
        kind: what goes on.
        start: reading at its beginning: the last before whatever begins with it.
        end: reading at its end.
    """

    number: int
    kind: PhaseKind
    start: Reading
    end: Reading

    @property
    def hours(self) -> float:
        """Return how long it lasts."""
        return (self.end.at_s - self.start.at_s) / 3600

    def __str__(self) -> str:
        return f"phase {self.number}, {self.kind}"
