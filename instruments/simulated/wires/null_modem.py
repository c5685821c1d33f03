# SPDX-License-Identifier: Apache-2.0
"""Two serial device files, crossed: what goes into one comes out of the other.

pymodbus' serial server opens a port of its own by name, so it gets one end and the driver the other.
"""

from instruments.simulated.wires.pty_line import PtyLine


class NullModem:
    """A crossed pair of pseudo-terminals on the running loop.

    Attributes:
        near_path: the device file for the server.
        far_path: the device file for the driver.
    """

    def __init__(self) -> None:
        self._near = PtyLine(lambda data: self._far.write(data))
        self._far = PtyLine(self._near.write)
        self.near_path = self._near.path
        self.far_path = self._far.path

    def close(self) -> None:
        """End both lines."""
        self._near.close()
        self._far.close()
