# SPDX-License-Identifier: Apache-2.0
"""The instrument that answers when the run is over must be the one that answered when it began.

Evidence belongs to a serial number and a firmware. A gateway that leads to another pump, a plug that was moved, a
firmware that fell back to an older one: whatever was measured since then is another one's, and since when nobody knows.
"""

from collections.abc import Callable

from bench.devices import Finding
from bench.devices.finding import Identity
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.preflight.identity_check import NAMES


class SameInstrumentCheck:
    """Asks an instrument once more who it is.

    Args:
        found: what it said when it was opened.
        identify: asks it now.
    """

    limits = None

    def __init__(self, found: Finding, identify: Callable[[], Identity]) -> None:
        self.name = NAMES[found.asset]
        self._found = found
        self._identify = identify

    def run(self) -> CheckFinding:
        """Return who answers; another one than at first blocks.

        Raises:
            BenchFault: it does not answer.
        """
        now, first = self._identify(), self._found.identity
        seen = _words(now)
        state, next_step = CheckState.OK, ""
        if first is not None and now != first:
            state = CheckState.BLOCK
            seen = f"{seen} answers, at first it was {_words(first)}"
            next_step = "find out what was exchanged, and when; repeat the run"
        return CheckFinding(self.name, self._found.asset, "identify once more", state, seen, next_step=next_step)


def _words(who: Identity) -> str:
    return f"{who.model}, serial number {who.serial_number}, firmware {who.firmware_version}"
