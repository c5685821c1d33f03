# SPDX-License-Identifier: Apache-2.0
"""Twins and real instruments on one bench: what a real pump gives never reaches a simulated balance.

Each of them works, and every volume would be missing: a good pump's failure by what it was put together with.
"""

from collections.abc import Sequence

from bench.bench_file import CheckName
from bench.clock import ClockMode
from bench.devices import Finding
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState


class MixtureCheck:
    """Asks each instrument that answered whether it is a twin."""

    name = CheckName.TWINS
    limits = None

    def __init__(self, found: Sequence[Finding], mode: ClockMode) -> None:
        self._mode = mode
        self._found = [one for one in found if one.tells_what_it_is]

    def run(self) -> CheckFinding:
        """Return who is a twin; it blocks where only some are, and where what is real is asked to run fast."""
        twins = [one.asset for one in self._found if one.is_twin]
        real = [one.asset for one in self._found if not one.is_twin]
        if real and self._mode is not ClockMode.REAL:
            seen = f"{' and '.join(real)} real, the bench file asks for a {self._mode} clock"
            next_step = 'write mode = "real" in [clock]'
            return CheckFinding(self.name, "bench", "look for twins", CheckState.BLOCK, seen, next_step=next_step)
        if not (twins and real):
            seen = "all of them are twins" if twins else "none of them is a twin"
            return CheckFinding(self.name, "bench", "look for twins", CheckState.OK, seen)
        seen = f"{' and '.join(twins)} simulated, {' and '.join(real)} real: what one gives never reaches the other"
        next_step = 'correct the addresses; or, if you want just this, write off = ["twins"] in [preflight]'
        return CheckFinding(self.name, "bench", "look for twins", CheckState.BLOCK, seen, next_step=next_step)
