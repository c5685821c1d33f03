# SPDX-License-Identifier: Apache-2.0
"""The troubles of one infusion: what was raised by something that was done on the bench, whatever the plan made of it.

A plan may go on after a fault of the bench. What comes then may be the fault's, and is no evidence for or against the
pump; only what was seen before it is. A plan that goes on after a failure of the pump does not make it undone.
"""

from dataclasses import dataclass

from bench.infusion.judging import Judging
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.inconclusive import Inconclusive


@dataclass(frozen=True)
class Trouble:
    """One of them.

    Attributes:
        error: what was raised.
        fine_until_s: bench time of the last sample before the one that may show it.
    """

    error: Exception
    fine_until_s: float


class Troubles:
    """Keeps them; lets nothing be decided after the first fault of the bench."""

    def __init__(self, setting: Setting, session: SamplingSession, judging: Judging) -> None:
        self._session = session
        self._judging = judging
        self._all: list[Trouble] = []
        self.forget = setting.activities.failed.subscribe(self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        known = any(one.error is error for one in self._all)
        if known or not isinstance(error, BenchFault | Inconclusive | PumpFailure):
            return
        session = self._session
        fine_until_s = min(session.sampling.previous_s, session.way.fine_until_s, session.effects.fine_until_s)
        self._all.append(Trouble(error, fine_until_s))
        if not isinstance(error, PumpFailure):
            self._judging.doubt(f"the bench was at fault in this infusion: {error.finding}")

    @property
    def first_fault(self) -> Trouble | None:
        """Return the first that was the bench's."""
        return next((one for one in self._all if not isinstance(one.error, PumpFailure)), None)

    def unjudged_failure(self, error: BaseException | None) -> PumpFailure | None:
        """Return a failure of the pump that the plan went on after, if nothing of this infusion failed."""
        if self._judging.failed:
            return None
        failures = (one.error for one in self._all if one.error is not error)
        return next((one for one in failures if isinstance(one, PumpFailure)), None)
