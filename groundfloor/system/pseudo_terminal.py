# SPDX-License-Identifier: Apache-2.0
"""A serial line without hardware: a pair of files, of which a driver opens one by its name."""

import os
import sys

if sys.platform == "win32":

    def open_pseudo_terminal() -> tuple[int, int, str]:
        """Refuse.

        Raises:
            OSError: always.
        """
        raise OSError("Windows has no pseudo-terminals; serve the twin on TCP, or on two COM ports that are wired")

else:
    import tty

    def open_pseudo_terminal() -> tuple[int, int, str]:
        """Open a new one that changes no byte and does not wait; return both ends, and the name of the second.

        Raises:
            OSError: there are no more.
        """
        master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        return master, slave, os.ttyname(slave)
