# SPDX-License-Identifier: Apache-2.0
"""The reading end of a pipe, which may be waited for."""

import os
import sys
from contextlib import suppress
from typing import IO

_PIECE_BYTES = 65536

if sys.platform == "win32":
    from queue import Empty, SimpleQueue
    from threading import Thread

    class PipeListener:
        """Listens to a file number; Windows waits for no pipe, so a thread reads it.

        Args:
            descriptor: of the pipe; nobody else may read it.
        """

        def __init__(self, descriptor: int) -> None:
            self._descriptor = descriptor
            self._come: SimpleQueue[bytes] = SimpleQueue()
            self._next: bytes | None = None
            self._thread = Thread(target=self._read, daemon=True)
            self._thread.start()

        def comes_within(self, timeout_s: float | None) -> bool:
            """Wait until there is something to read, its end too; False after `timeout_s` (None: for ever)."""
            if self._next is None:
                with suppress(Empty):
                    self._next = self._come.get(timeout=None if timeout_s is None else max(0.0, timeout_s))
            return self._next is not None

        def read(self) -> bytes:
            """Return what came, waiting for it if need be; empty when the other end is closed."""
            self.comes_within(None)
            piece = self._next or b""
            self._next = None if piece else b""
            return piece

        def close(self, pipe: IO[bytes]) -> None:
            """Close the pipe, unless its thread still waits for it: then the end of the process does."""
            if not self._thread.is_alive():
                pipe.close()

        def _read(self) -> None:
            piece = b"."
            while piece:
                try:
                    piece = os.read(self._descriptor, _PIECE_BYTES)
                except OSError:  # broken or closed: its end
                    piece = b""
                self._come.put(piece)

else:
    import select

    class PipeListener:
        """Listens to a file number.

        Args:
            descriptor: of the pipe.
        """

        def __init__(self, descriptor: int) -> None:
            self._descriptor = descriptor
            self._poll = select.poll()
            self._poll.register(descriptor, select.POLLIN)

        def comes_within(self, timeout_s: float | None) -> bool:
            """Wait until there is something to read, its end too; False after `timeout_s` (None: for ever)."""
            return bool(self._poll.poll(None if timeout_s is None else 1000 * timeout_s))

        def read(self) -> bytes:
            """Return what came, waiting for it if need be; empty when the other end is closed."""
            return os.read(self._descriptor, _PIECE_BYTES)

        def close(self, pipe: IO[bytes]) -> None:
            """Close the pipe; nobody listens to it any more."""
            pipe.close()
