# SPDX-License-Identifier: Apache-2.0
"""A text whose columns are parted by any number of spaces, as one whose columns are parted by a tab each."""

import io
import re
from typing import BinaryIO

_BLOCK = 1 << 20
_EDGES = re.compile(rb"(?m)^[ \t]+|[ \t\r]+$")
_BETWEEN = re.compile(rb"[ \t]+")


class SpacedText(io.RawIOBase):
    """Rewrites a UTF-8 text line by line while it is read."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file, self._rest, self._ready = file, b"", b""

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes; none at the end."""
        size = size if size is not None and size >= 0 else 1 << 62
        while len(self._ready) < size and (block := self._file.read(_BLOCK)):
            lines, end, rest = (self._rest + block).rpartition(b"\n")
            self._ready, self._rest = self._ready + _rewritten(lines + end), rest
        if len(self._ready) < size and self._rest:
            self._ready, self._rest = self._ready + _rewritten(self._rest), b""
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def close(self) -> None:
        """Close the file behind it."""
        self._file.close()
        super().close()


def _rewritten(lines: bytes) -> bytes:
    return _BETWEEN.sub(b"\t", _EDGES.sub(b"", lines))
