# SPDX-License-Identifier: Apache-2.0
"""Older formats of the journal, read as if they were the present one: a migration for each version, named after it.

A migration takes the lines of a journal from its first on, one by one, and gives each as the next version would have
written it. To change the format's major version, add the migration that leads to it, and keep a journal of the old
format among the tests.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from bench.journal.journal_format import UNVERSIONED, JournalFormat
from bench.journal.migrations.from_unversioned import FromUnversioned

__all__ = ["MIGRATIONS", "Migration", "migration_from"]


class Migration(Protocol):
    """Turns the lines of one journal into those of a newer format."""

    def migrate(self, kind: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Return kind and data of a line as the newer format has them."""
        ...


MIGRATIONS: Mapping[JournalFormat, Callable[[], Migration]] = {
    UNVERSIONED: FromUnversioned,
}
"""By the version that a journal was written in; in the order of versions, the last one leads to the present one."""


def migration_from(version: JournalFormat) -> Migration | None:
    """Return what reads a journal of an older major version; None where there is nothing to do."""
    steps = [make() for begins, make in sorted(MIGRATIONS.items()) if begins.major >= version.major]
    return _InTurn(steps) if steps else None


class _InTurn:
    def __init__(self, steps: list[Migration]) -> None:
        self._steps = steps

    def migrate(self, kind: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        for step in self._steps:
            kind, data = step.migrate(kind, data)
        return kind, data
