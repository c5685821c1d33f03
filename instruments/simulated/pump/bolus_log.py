# SPDX-License-Identifier: Apache-2.0
"""The pump's log of bolus requests: a ring of the last sixteen, refused ones included, and a running count."""

from dataclasses import dataclass

from instruments.pump import CommandResult
from instruments.simulated.pump.bolus import Bolus

RING_LENGTH = 16


@dataclass(frozen=True)
class BolusRequest:
    """One line of the log: when it was asked for (device clock), what became of it, the bolus if it was accepted."""

    requested_s: float = 0.0
    outcome: CommandResult = CommandResult.NONE
    bolus: Bolus | None = None

    def given_ul(self, clock_s: float) -> float:
        """Return the volume given so far; 0 when refused."""
        return self.bolus.given_ul(clock_s) if self.bolus else 0.0


class BolusLog:
    """Logs bolus requests."""

    def __init__(self) -> None:
        self.count = 0
        self.ring = [BolusRequest()] * RING_LENGTH

    def enter(self, requested_s: float, outcome: CommandResult, bolus: Bolus | None = None) -> None:
        """Log a request and its outcome."""
        self.ring[self.count % RING_LENGTH] = BolusRequest(requested_s, outcome, bolus)
        self.count += 1
