# SPDX-License-Identifier: Apache-2.0
"""The person at the terminal that a run was started from.

The terminal itself is asked, not the standard input, which pytest keeps for itself and a pipe may have. There is nobody
where a process has no terminal, as in a build, or has it only in the background: reading would stop it for ever.
"""

import os
import select

TERMINAL = "/dev/tty"
_LONGEST = 4096


class TerminalAttendant:
    """An `Attendant`; the return key says that it is done.

    Args:
        path: of the terminal.
    """

    def __init__(self, path: str = TERMINAL) -> None:
        self._path = path
        self._open: int | None = None

    def ask(self, request: str) -> bool:
        """Show a request; tell whether there is a terminal that somebody reads."""
        self._close()
        try:
            terminal = os.open(self._path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            return False
        self._open = terminal
        try:
            if os.tcgetpgrp(terminal) != os.getpgrp():
                self._close()
                return False
            self._drop_what_was_typed_before(terminal)
            os.write(terminal, f"\n>>> {request}, then press the return key.\n".encode())
        except OSError:
            self._close()
            return False
        return True

    def answered(self) -> bool:
        """Tell whether the return key was pressed."""
        if self._open is None or not select.select([self._open], [], [], 0.0)[0]:
            return False
        try:
            done = b"\n" in os.read(self._open, _LONGEST)
        except OSError:
            done = False
        if done:
            self._close()
        return done

    def give_up(self) -> None:
        """Let the terminal go; what is typed then is for whoever reads it next."""
        self._close()

    def _drop_what_was_typed_before(self, terminal: int) -> None:
        while select.select([terminal], [], [], 0.0)[0]:
            if not os.read(terminal, _LONGEST):
                return

    def _close(self) -> None:
        if self._open is not None:
            os.close(self._open)
            self._open = None
