# SPDX-License-Identifier: Apache-2.0
"""Bytes of an open file at a place that is named, whatever its position is."""

import os
import sys

if sys.platform == "win32":

    def write_at(descriptor: int, content: bytes, place: int) -> int:
        """Write `content` from byte `place` on; return how many bytes were taken."""
        os.lseek(descriptor, place, os.SEEK_SET)
        return os.write(descriptor, content)

    def read_at(descriptor: int, count: int, place: int) -> bytes:
        """Return at most `count` bytes from byte `place` on."""
        os.lseek(descriptor, place, os.SEEK_SET)
        return os.read(descriptor, count)

else:

    def write_at(descriptor: int, content: bytes, place: int) -> int:
        """Write `content` from byte `place` on; return how many bytes were taken."""
        return os.pwrite(descriptor, content, place)

    def read_at(descriptor: int, count: int, place: int) -> bytes:
        """Return at most `count` bytes from byte `place` on."""
        return os.pread(descriptor, count, place)
