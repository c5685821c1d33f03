# SPDX-License-Identifier: Apache-2.0
"""The end of a journal that lost its power: as long as it was, with zeros where a block never reached the disk.

A file system may write the later block of a file and not the earlier one. What was acknowledged as safe stands in
front of such a hole, since every line but for samples, declarations and judgements that passed is forced to the disk
before the next is written. So behind a hole there are such lines only, and one of another kind at most, the very last:
it was under way. Where more stands behind zeros, the zeros came later, and the journal was changed.
"""

import re
from collections.abc import Callable, Iterable
from typing import BinaryIO

from bench.journal.journal_line import JournalLine
from bench.journal.lines import Sample
from groundfloor.errors import BenchFault

BLOCK_BYTES = 512
MOST_BYTES = 32 << 20
"""More than memory holds of lines that were not forced to the disk yet."""


_ZEROS = re.compile(rb"\0+")
Parse = Callable[[bytes], JournalLine]


def unwritten_end(file: BinaryIO, begin: int, parse: Parse) -> bytes | None:
    """Return what stands in `file` from the damaged line at `begin` on, if a loss of power alone can have left it.

    Args:
        file: the journal, or the part of it that holds its end.
        begin: the byte of the file at which the line begins that is none.
        parse: reads a line; ValueError for what is none.
    """
    file.seek(begin)
    rest = file.read(MOST_BYTES + 1)
    first, _, behind = rest.partition(b"\n")
    if len(rest) > MOST_BYTES or b"\0" not in first or not _in_whole_blocks(rest, begin):
        return None
    *lines, _cut = behind.split(b"\n")
    return rest if _none_was_forced((line for line in lines if b"\0" not in line), parse) else None


def _in_whole_blocks(rest: bytes, begin: int) -> bool:
    """Tell whether every run of zeros goes on to the end of a block, or of the file."""
    ends = (found.end() for found in _ZEROS.finditer(rest))
    return all(end == len(rest) or (begin + end) % BLOCK_BYTES == 0 for end in ends)


def _none_was_forced(lines: Iterable[bytes], parse: Parse) -> bool:
    """Tell whether none of `lines` was forced to the disk, but for the last one."""
    forced = False
    for line in lines:
        if forced:
            return False
        try:
            forced = _is_forced(parse(line + b"\n"))
        except ValueError:
            return False
    return True


def _is_forced(line: JournalLine) -> bool:
    if line.kind == Sample.kind:
        return False
    try:
        return line.body.forced
    except BenchFault:  # it does not fit its model, so it is none that need not be forced
        return True
