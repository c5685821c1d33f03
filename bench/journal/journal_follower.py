# SPDX-License-Identifier: Apache-2.0
"""Reads a journal while another process writes it: each time the whole lines that came since the last time.

It only reads, and takes no lock. Half a last line is left until the rest of it is there.
"""

from collections.abc import Iterator
from pathlib import Path

from bench.journal.journal_line import JournalLine
from bench.journal.journal_parts import journal_parts
from bench.journal.journal_reader import read_lines
from groundfloor.errors import BenchFault


class JournalFollower:
    """One journal and how far it was read.

    Args:
        path: the journal; it need not be there yet.

    Attributes:
        torn_tail: half a last line that stood there when it was last read; empty if none did.
    """

    def __init__(self, path: Path) -> None:
        self.torn_tail = ""
        self._path = path
        self._offset = 0
        self._sequence = 0

    def new_lines(self) -> Iterator[JournalLine]:
        """Yield what was written since the last time; nothing while there is no journal.

        Raises:
            BenchFault: it cannot be read, is broken, or is not the one that was read before.
        """
        if not self._path.exists():
            return
        if self._became_shorter():
            raise self._another("it has fewer bytes than it had")
        lines = read_lines(self._path, self._offset)
        for line in lines:
            if line.seq != self._sequence:  # of the first line that it reads, the reader does not ask
                raise self._another(f"line {line.seq} stands where line {self._sequence} was to come")
            self._offset, self._sequence = line.end_offset, line.seq + 1
            yield line
        self.torn_tail = lines.torn_tail

    def _became_shorter(self) -> bool:
        """Tell whether bytes that were read are gone; of one that goes on in a second folder its own file is short."""
        try:
            return len(journal_parts(self._path)) == 1 and self._path.stat().st_size < self._offset
        except OSError:
            return False

    def _another(self, seen: str) -> BenchFault:
        return BenchFault(f"journal {self._path}", "follow it", seen, "`pumpbench journal check` tells what it is")
