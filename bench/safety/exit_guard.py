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
from bench.safety.twin_fault import twin_fault
from groundfloor.errors import BenchFault


class ExitGuard:
    """Guards a bench from when it is created until `end`.

    Args:
        safe_state: the way to it.
        keeper: who watches over the bench as well; None if nobody does.
        close: closes the bench.
        simulated: whether pump and rig are twins, of which nothing has to be stopped by hand.
    """

    def __init__(
        self, safe_state: SafeState, keeper: KeeperLink | None, close: Callable[[], None], *, simulated: bool = False
    ) -> None:
        self._safe_state = safe_state
        self._simulated = simulated
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
            return self._not_safe(fault)
        finally:
            self.end()
        return "The run was ended at once; the bench is in its safe state."

    def _not_safe(self, fault: BenchFault) -> str:
        if self._simulated:
            return f"The run was ended at once; its twin was not brought to its safe state. {twin_fault(fault)}"
        return f"The run was ended at once, and the bench is NOT SAFE. {fault}"

    def _at_exit(self) -> None:
        try:
            self._safe_state.enter()
        except BenchFault as fault:
            sys.stderr.write(f"{twin_fault(fault) if self._simulated else fault}\n")
        finally:
            self._close()
