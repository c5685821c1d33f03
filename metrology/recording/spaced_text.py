# SPDX-License-Identifier: Apache-2.0
"""A text whose columns are parted by any number of spaces, as one whose columns are parted by a tab each, in UTF-8."""

import codecs
import io
import re
from typing import BinaryIO

_BLOCK = 1 << 20
_EDGES = re.compile(r"(?m)^[ \t]+|[ \t\r]+$")
_BETWEEN = re.compile(r"[ \t]+")


class SpacedText(io.RawIOBase):
    """Rewrites a text line by line while it is read."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._file, self._rest, self._ready = file, "", b""
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes; none at the end."""
        size = size if size is not None and size >= 0 else 1 << 62
        while len(self._ready) < size and (block := self._file.read(_BLOCK)):
            lines, end, rest = (self._rest + self._decoder.decode(block)).rpartition("\n")
            self._ready, self._rest = self._ready + _rewritten(lines + end), rest
        if len(self._ready) < size and self._rest:
            self._ready, self._rest = self._ready + _rewritten(self._rest), ""
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def close(self) -> None:
        """Close the file behind it."""
        self._file.close()
        super().close()


def _rewritten(lines: str) -> bytes:
    return _BETWEEN.sub("\t", _EDGES.sub("", lines)).encode()
