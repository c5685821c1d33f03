# SPDX-License-Identifier: Apache-2.0
"""The journal of a replay: nothing is written to it."""

from collections.abc import Callable
from typing import Any, NoReturn

from bench.journal import Entry
from bench.offline.not_recorded import NotRecorded
from groundfloor.notifier import Notifier


class OfflineJournal:
    """Takes no line: what a replay comes to and does not find in the journal is none of the run's.

    Attributes:
        now_s: the bench time.
        written: tells of each line that is replayed.
        lost: None, as nothing is.
    """

    lost = None

    def __init__(self, now_s: Callable[[], float]) -> None:
        self.now_s = now_s
        self.written: Notifier[Entry] = Notifier()

    def write(self, kind: str, **data: Any) -> NoReturn:
        """Refuse a line.

        Raises:
            NotRecorded: always.
        """
        what = str(data.get("what") or data.get("name") or "")
        seen = f"the journal of the run ends, for this test, before {kind} {what}".rstrip()
        raise NotRecorded("journal", "replay", seen)

    def sample(self, **_: Any) -> NoReturn:
        """Refuse a sample; raises as `write`."""
        self.write("sample")
