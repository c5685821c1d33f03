# SPDX-License-Identifier: Apache-2.0
"""Options of sockets that every system writes in its own way."""

import socket
import struct
import sys

if sys.platform == "win32":
    LINGER_NOT = struct.pack("HH", 1, 0)
    PEEK = int(socket.MSG_PEEK)
    """Windows waits with it, so it is for sockets that were found ready."""
else:
    LINGER_NOT = struct.pack("ii", 1, 0)
    PEEK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)  # worked out once: joining enum flags costs more than the look
