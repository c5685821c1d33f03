# SPDX-License-Identifier: Apache-2.0
"""The version of the journal's format: what its lines mean, and which other versions are read.

A minor version adds: kinds of lines, events, fields with a default. What is new in one is left out by whoever knows it
not yet, so a newer minor version is read. A major version changes what was there: an older one is read through
migrations, a newer one is refused. Journals from before there were versions count as 0.0.
"""

from dataclasses import dataclass
from typing import Self

from groundfloor.errors import BenchFault


@dataclass(frozen=True, order=True)
class JournalFormat:
    """One version."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` wrote.

        Raises:
            ValueError: it is none.
        """
        major, point, minor = text.partition(".")
        if not (point and all(one.isascii() and one.isdecimal() and len(one) < 5 for one in (major, minor))):
            raise ValueError(f"{text[:40]!r} is no version of a journal's format")
        return cls(int(major), int(minor))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    def refuse_if_newer(self, asset: str) -> None:
        """Raise where this version has to be read by a newer bench than this one.

        Raises:
            BenchFault: its major version is newer than `FORMAT`.
        """
        if self.major > FORMAT.major:
            seen = f"its format is {self}, this version reads up to {FORMAT.major}.x"
            raise BenchFault(asset, "read", seen, "read it with the version that wrote it, or a newer one")


FORMAT = JournalFormat(1, 4)
"""What is written now."""
WHOLE_RECORDS = JournalFormat(1, 2)
"""From this one on a limit of the bench file that is wider than the shipped one stands among the deviations, and the
worst of many windows always has its two sides."""
UNVERSIONED = JournalFormat(0, 0)
