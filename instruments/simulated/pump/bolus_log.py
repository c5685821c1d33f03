# SPDX-License-Identifier: Apache-2.0
"""The pump's log of bolus requests: a ring of the last sixteen, refused ones included, and a running count."""

from dataclasses import dataclass

from instruments.pump import CommandResult
from instruments.simulated.pump.bolus import Bolus
from instruments.simulated.specimen.bolus_faults import BolusFaults

RING_LENGTH = 16
_ANOTHER_REASON = {CommandResult.LOCKOUT: CommandResult.DAILY_MAXIMUM}
"""What a bad log tells for a reason; for any other one it tells the lockout."""


@dataclass(frozen=True)
class BolusRequest:
    """One line of the log: when it was asked for (device clock), what became of it, the bolus if it was accepted.

    `gain` is what it tells per volume; 1 in a good one.
    """

    requested_s: float = 0.0
    outcome: CommandResult = CommandResult.NONE
    bolus: Bolus | None = None
    gain: float = 1.0

    def given_ul(self, clock_s: float) -> float:
        """Return the volume given so far; 0 when refused."""
        return self.gain * self.bolus.given_ul(clock_s) if self.bolus else 0.0


class BolusLog:
    """Logs bolus requests."""

    def __init__(self, faults: BolusFaults, *, wraps_wrongly: bool = False) -> None:
        self._faults = faults
        self._wraps_wrongly = wraps_wrongly
        self.count = 0
        self.ring = [BolusRequest()] * RING_LENGTH
        if faults.lost_entry:
            self.count = 1

    def empty(self) -> None:
        """Forget every line, as a bad pump does."""
        self.count = 0
        self.ring[:] = [BolusRequest()] * RING_LENGTH

    def clock_set(self) -> None:
        """Take note that the clock of a pump that stands was set: what its boluses gave, they gave."""
        for one in self.ring:
            if one.bolus is not None and one.bolus.stopped_s is None:
                one.bolus.stopped_s = one.bolus.end_s

    def enter(self, requested_s: float, outcome: CommandResult, bolus: Bolus | None = None) -> None:
        """Log a request and its outcome."""
        faults = self._faults
        if not (faults.refusals_logged if bolus is None else faults.logged):
            return
        if bolus is None and faults.wrong_reason:
            outcome = _ANOTHER_REASON.get(outcome, CommandResult.LOCKOUT)
        request = BolusRequest(requested_s + faults.requested_off_s, outcome, bolus, faults.log_gain)
        for _ in range(2 if faults.logged_twice else 1):
            late = int(self._wraps_wrongly and self.count >= RING_LENGTH)
            self.ring[(self.count + late) % RING_LENGTH] = request
            self.count += 1
