# SPDX-License-Identifier: Apache-2.0
"""The person at the terminal that a run was started from.

There is nobody where a process has no terminal, as in a build, or has it only in the background.
"""

from contextlib import suppress

from groundfloor.system.operator_terminal import TERMINAL, OperatorTerminal


class TerminalAttendant:
    """An `Attendant`; the return key says that it is done.

    Args:
        path: of the terminal.
    """

    def __init__(self, path: str = TERMINAL) -> None:
        self._path = path
        self._open: OperatorTerminal | None = None

    def ask(self, request: str) -> bool:
        """Show a request; tell whether there is a terminal that somebody reads."""
        self._close()
        try:
            self._open = OperatorTerminal(self._path)
            self._open.show(f"\n>>> {request}, then press the return key.\n")
        except OSError:
            self._close()
            return False
        return True

    def answered(self) -> bool:
        """Tell whether the return key was pressed."""
        done = False
        if self._open is not None:
            with suppress(OSError):
                done = self._open.return_pressed()
        if done:
            self._close()
        return done

    def give_up(self) -> None:
        """Let the terminal go; what is typed then is for whoever reads it next."""
        self._close()

    def _close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None
