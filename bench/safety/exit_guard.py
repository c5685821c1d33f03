# SPDX-License-Identifier: Apache-2.0
"""Makes a bench safe at the ends that come past whoever uses it.

A second Ctrl-C, the exit of the interpreter, and with a keeper the death of the process: none of them runs the code
that would have put the bench back.
"""

import atexit
import contextlib
import sys
from collections.abc import Callable

from bench.interruption import leave_duty, take_duty_back
from bench.safety.keeper import KeeperLink
from bench.safety.safe_state import SafeState
from groundfloor.errors import BenchFault


class ExitGuard:
    """Guards a bench from when it is created until `end`; `close` closes the bench."""

    def __init__(self, safe_state: SafeState, keeper: KeeperLink | None, close: Callable[[], None]) -> None:
        self._safe_state = safe_state
        self._keeper = keeper
        self._close = close
        leave_duty(self._at_once)
        atexit.register(self._at_exit)

    def end(self) -> None:
        """End the guard: the bench is closed. A keeper is told so if the bench is safe, and is called if it is not."""
        take_duty_back(self._at_once)
        atexit.unregister(self._at_exit)
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        if self._safe_state.reached and not keeper.armed:
            with contextlib.suppress(BenchFault):  # one that is gone already is not needed any more
                keeper.sign_off()
        keeper.let_go()

    def _at_once(self) -> str:
        try:
            self._safe_state.enter_at_once()
        except BenchFault as fault:
            return f"The run was ended at once, and the bench is NOT SAFE. {fault}"
        finally:
            self.end()
        return "The run was ended at once; the bench is in its safe state."

    def _at_exit(self) -> None:
        try:
            self._safe_state.enter()
        except BenchFault as fault:
            sys.stderr.write(f"{fault}\n")
        finally:
            self._close()
