# SPDX-License-Identifier: Apache-2.0
"""Journals of lines without models, where a test is about the file that keeps them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from bench.journal import Journal, JournalFormat
from bench.journal.lines import Line, UnknownLine


class AnyLines:
    """Makes a line of whatever it is given; the journal begins with the first of them."""

    def first(self) -> Line | None:
        return None

    def make(self, kind: str, data: Mapping[str, Any]) -> Line:
        return UnknownLine(named=kind, data=dict(data))

    def sample(self, data: dict[str, Any]) -> Line:
        return UnknownLine(named="sample", data=data)

    def follow(self, kind: str, data: Mapping[str, Any]) -> None:
        pass

    def begun_with(self, version: JournalFormat) -> None:
        pass


any_journal = partial(Journal, maker=AnyLines())
any_journal_reopened = partial(Journal.reopen, maker=AnyLines())
