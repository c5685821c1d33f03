# SPDX-License-Identifier: Apache-2.0
"""The keeper's end of the pipe: lines from the bench, silence, or the end of the bench.

Each message is answered with one byte: so the bench knows of a keeper that hangs, which would read nothing.
"""

import os
from contextlib import suppress

from bench.safety.keeper.message import KeeperMessage
from groundfloor.system.pipe_listener import PipeListener

_LONGEST_LINE_BYTES = 1 << 20


class Listener:
    """Listens to a file descriptor.

    Attributes:
        bench_gone: whether the other end was closed; then nobody will ever speak again.
    """

    def __init__(self, descriptor: int) -> None:
        self.bench_gone = False
        self._rest = b""
        self._answers: int | None = None
        self._pipe = PipeListener(descriptor)

    def answer_on(self, descriptor: int) -> None:
        """Answer each message from now on there."""
        self._answers = descriptor

    def line(self, timeout_s: float | None = None) -> bytes | None:
        """Return the next line, or None if the bench is gone or said nothing for `timeout_s` (None: for ever)."""
        if not self.hears_within(timeout_s):
            return None
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def hears_within(self, timeout_s: float | None) -> bool:
        """Wait as `line` does, tell whether there is a line, and leave it where it is."""
        while b"\n" not in self._rest:
            if self.bench_gone or not self._pipe.comes_within(timeout_s):
                return False
            piece = self._pipe.read()
            if not piece or len(self._rest) > _LONGEST_LINE_BYTES:
                self.bench_gone = True
            self._rest += piece
        return True

    def message(self, timeout_s: float | None) -> KeeperMessage | None:
        """Return the next message; None as for `line`, and for a line that is none: a dying bench tears its last."""
        line = self.line(timeout_s)
        try:
            message = None if line is None else KeeperMessage.model_validate_json(line)
        except ValueError:
            self.bench_gone = True
            return None
        if message is not None and self._answers is not None:
            with suppress(OSError):  # a bench that is gone reads no answer
                os.write(self._answers, b".")
        return message
