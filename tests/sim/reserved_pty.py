# SPDX-License-Identifier: Apache-2.0
"""A pseudo-terminal whose name is given to nobody else, also after it was pulled out.

Linux hands the lowest free number to the next that asks. A driver that opens the name again after its device is gone
would then talk to the device of another test, which answers.
"""

import os
import tty
import weakref


class ReservedPty:
    """Both ends of a raw pseudo-terminal; the name stays taken for as long as this object lives.

    Attributes:
        master: the end of the device; None after `pull_out`.
        name: the device file for the driver.
    """

    def __init__(self) -> None:
        self.master: int | None
        self.master, slave = os.openpty()
        weakref.finalize(self, os.close, slave)
        tty.setraw(slave)
        self.name = os.ttyname(slave)

    def pull_out(self) -> None:
        """Close the end of the device, as if an adapter were pulled out."""
        if self.master is not None:
            os.close(self.master)
        self.master = None
