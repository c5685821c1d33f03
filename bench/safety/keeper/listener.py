# SPDX-License-Identifier: Apache-2.0
"""The keeper's end of the pipe: lines from the bench, silence, or the end of the bench."""

import os
import select

from bench.safety.keeper.message import KeeperMessage

_PIECE_BYTES = 65536
_LONGEST_LINE_BYTES = 1 << 20


class Listener:
    """Listens to a file descriptor.

    Attributes:
        bench_gone: whether the other end was closed; then nobody will ever speak again.
    """

    def __init__(self, descriptor: int) -> None:
        self.bench_gone = False
        self._descriptor = descriptor
        self._rest = b""
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)

    def line(self, timeout_s: float | None = None) -> bytes | None:
        """Return the next line, or None if the bench is gone or said nothing for `timeout_s` (None: for ever)."""
        if not self.hears_within(timeout_s):
            return None
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def hears_within(self, timeout_s: float | None) -> bool:
        """Wait as `line` does, tell whether there is a line, and leave it where it is."""
        while b"\n" not in self._rest:
            if self.bench_gone or not self._poll.poll(None if timeout_s is None else 1000 * timeout_s):
                return False
            piece = os.read(self._descriptor, _PIECE_BYTES)
            if not piece or len(self._rest) > _LONGEST_LINE_BYTES:
                self.bench_gone = True
            self._rest += piece
        return True

    def message(self, timeout_s: float | None) -> KeeperMessage | None:
        """Return the next message; None as for `line`, and for a line that is none: a dying bench tears its last."""
        line = self.line(timeout_s)
        try:
            return None if line is None else KeeperMessage.model_validate_json(line)
        except ValueError:
            self.bench_gone = True
            return None
