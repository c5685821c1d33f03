# SPDX-License-Identifier: Apache-2.0
"""A text of any encoding as UTF-8 while it is read; bytes that are no text become a sign that no number holds.

Where columns are parted by any number of spaces, each of them is parted by one tab instead, and marks of stability that
stand alone are counted and left out.
"""

import codecs
import io
import re
from typing import BinaryIO

_BLOCK = 1 << 20
_EDGES = re.compile(r"(?m)^[ \t]+|[ \t\r]+$")
_LONE_MARKS = re.compile(r"(?m)(?:^|[ \t]+)[?!*](?=[ \t\r]|$)")
_BETWEEN = re.compile(r"[ \t]+")


class RewrittenText(io.RawIOBase):
    """Rewrites a text while it is read.

    Args:
        file: its bytes.
        encoding: how they are to be read.
        spaced: whether columns are parted by spaces.
    """

    def __init__(self, file: BinaryIO, encoding: str, *, spaced: bool) -> None:
        super().__init__()
        self._file, self._spaced = file, spaced
        self._rest, self._ready, self._is_over = "", b"", False
        self.lone_marks = 0
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="replace")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return up to so many bytes; none at the end."""
        wanted = size if size is not None and size >= 0 else 1 << 62
        ready = [self._ready]
        known = len(self._ready)
        while known < wanted and not self._is_over:
            ready.append(self._next())
            known += len(ready[-1])
        joined = b"".join(ready)
        self._ready = joined[wanted:]
        return joined[:wanted]

    def close(self) -> None:
        """Close the file behind it."""
        self._file.close()
        super().close()

    def _next(self) -> bytes:
        block = self._file.read(_BLOCK)
        self._is_over = not block
        text = self._decoder.decode(block, final=self._is_over)
        if not self._spaced:
            return text.encode()
        lines, end, self._rest = (self._rest + text).rpartition("\n")
        whole = lines + end + (self._rest if self._is_over else "")
        whole, marks = _LONE_MARKS.subn("", whole)
        self.lone_marks += marks
        return _BETWEEN.sub("\t", _EDGES.sub("", whole)).encode()
