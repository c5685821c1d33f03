# SPDX-License-Identifier: Apache-2.0
"""A Modbus TCP gateway that lets only so many registers be read at once: exception 3 to anything longer.

It stands in front of a server that would answer, so that everything short works as ever.
"""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_HEAD_BYTES = 6
_READS = frozenset({3, 4})
_BAD_VALUE = 3


@contextmanager
def short_reads(port: int, most_registers: int) -> Iterator[int]:
    """Lead to the server at `port` while the block runs; yields the gateway's own port."""
    with socket.create_server(("127.0.0.1", 0)) as gate:
        threads: list[threading.Thread] = []
        ends: list[socket.socket] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    near, far = gate.accept()[0], socket.create_connection(("127.0.0.1", port))
                    ends.extend((near, far))
                    threads.append(threading.Thread(target=_lead, args=(near, far, most_registers)))
                    threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield int(gate.getsockname()[1])
        finally:
            gate.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for end in ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join()


def _lead(near: socket.socket, far: socket.socket, most_registers: int) -> None:
    with near, far, suppress(OSError, EOFError):
        while True:
            request = _frame(near)
            function, count = request[7], struct.unpack_from(">H", request, 10)[0]
            if function in _READS and count > most_registers:
                near.sendall(request[:4] + b"\0\3" + bytes((request[6], function | 0x80, _BAD_VALUE)))
                continue
            far.sendall(request)
            near.sendall(_frame(far))


def _frame(end: socket.socket) -> bytes:
    head = _exactly(end, _HEAD_BYTES)
    return head + _exactly(end, struct.unpack_from(">H", head, 4)[0])


def _exactly(end: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = end.recv(count - len(found))
        if not more:
            raise EOFError
        found += more
    return found
