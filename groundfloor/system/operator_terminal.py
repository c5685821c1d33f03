# SPDX-License-Identifier: Apache-2.0
"""The terminal of this process, in which somebody can be asked to press the return key.

The terminal itself is asked, not the standard input, which pytest keeps for itself and a pipe may have.
"""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    TERMINAL = "CONOUT$"

    class OperatorTerminal:
        """An open console.

        Args:
            path: of the console.

        Raises:
            OSError: there is none.
        """

        def __init__(self, path: str = TERMINAL) -> None:
            self._out = os.open(path, os.O_RDWR)
            while msvcrt.kbhit():  # what was typed before is no answer
                msvcrt.getwch()

        def show(self, text: str) -> None:
            """Write to it."""
            os.write(self._out, text.encode("ascii", "replace"))

        def return_pressed(self) -> bool:
            """Tell without waiting whether the return key was pressed."""
            while msvcrt.kbhit():
                if msvcrt.getwch() in "\r\n":
                    return True
            return False

        def close(self) -> None:
            """Let it go."""
            os.close(self._out)

else:
    import select

    from groundfloor.system.open_file import AT_ONCE, open_file

    TERMINAL = "/dev/tty"
    _LONGEST = 4096

    class OperatorTerminal:
        """An open terminal, which this process has in the foreground: else reading would stop it for ever.

        Args:
            path: of the terminal.

        Raises:
            OSError: there is none, or it is another one's.
        """

        def __init__(self, path: str = TERMINAL) -> None:
            self._terminal = open_file(Path(path), os.O_RDWR | AT_ONCE)
            try:
                self._refuse_background()
                while self._has_come():  # what was typed before is no answer
                    if not os.read(self._terminal, _LONGEST):
                        return
            except OSError:
                self.close()
                raise

        def show(self, text: str) -> None:
            """Write to it."""
            os.write(self._terminal, text.encode())

        def return_pressed(self) -> bool:
            """Tell without waiting whether the return key was pressed."""
            return self._has_come() and b"\n" in os.read(self._terminal, _LONGEST)

        def close(self) -> None:
            """Let it go; what is typed then is for whoever reads it next."""
            os.close(self._terminal)

        def _refuse_background(self) -> None:
            if os.tcgetpgrp(self._terminal) != os.getpgrp():
                raise OSError("this process is in the background")

        def _has_come(self) -> bool:
            return bool(select.select([self._terminal], [], [], 0.0)[0])
