# SPDX-License-Identifier: Apache-2.0
"""A TCP port whose number is given to nobody else, also when nobody listens on it any more.

A port that was opened and closed again is free. A driver that opens it once more, to be refused, would then talk to the
device of another test, which answers.
"""

import socket
import weakref


class ReservedPort:
    """A port of the loopback interface; its number stays taken for as long as this object lives.

    Attributes:
        number: of the port; whoever connects to it is refused as long as nobody listens.
    """

    def __init__(self) -> None:
        taken = socket.socket()
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a listener may come beside it; no other number 0
        taken.bind(("127.0.0.1", 0))
        weakref.finalize(self, taken.close)
        self.number = int(taken.getsockname()[1])

    def listener(self) -> socket.socket:
        """Return a socket that listens on it."""
        return socket.create_server(("127.0.0.1", self.number))
