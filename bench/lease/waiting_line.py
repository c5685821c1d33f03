# SPDX-License-Identifier: Apache-2.0
"""Who waits for a bench on this computer, in the order in which they came.

A place in the line is a file that its waiter keeps locked: the operating system lets it go when the process dies,
however it dies, and whoever looks next takes the place away. All looks and changes happen under the leases' guard.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from bench.lease.holder import Holder
from bench.lease.lease_store import LeaseStore
from bench.lease.os_lock import OsLock
from groundfloor.regular_file import read_regular
from groundfloor.wall_clock import utc_now

MOST_BYTES = 4096
Text = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


class Waiter(BaseModel):
    """Somebody who waits.

    Attributes:
        holder: `user@host:pid`.
        reason: what they want the bench for.
        since_utc: when they came.
        until_utc: when they give up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    holder: Text
    reason: Text
    since_utc: AwareDatetime
    until_utc: AwareDatetime

    def told(self) -> str:
        """Return who waits, since when and what for, in one line."""
        return f"{self.holder} since {self.since_utc:%Y-%m-%d %H:%M:%S} UTC, for {self.reason}"


class WaitingLine:
    """The line before one bench.

    Args:
        key: the bench, as `bench.lease.lease_key` tells it.
        store: its lease.
    """

    def __init__(self, key: str, store: LeaseStore | None = None) -> None:
        self._key = key
        self._store = store or LeaseStore(key)

    def join(self, reason: str, until_utc: datetime) -> "Place":
        """Join the line at its end.

        Raises:
            BenchFault: the state folder cannot be used.
        """
        waiter = Waiter(holder=str(Holder.here()), reason=reason[:300], since_utc=utc_now(), until_utc=until_utc)
        with self._store.guarded() as (folder, group):
            number = 1 + max((number for number, _, _ in self._living(folder, group)), default=0)
            lock = OsLock(folder / f"{self._key}.wait-{number:06d}", group)
            while not lock.try_take():  # nobody but a waiter holds such a file, and those living have lower numbers
                number += 1
                lock = OsLock(folder / f"{self._key}.wait-{number:06d}", group)
            lock.write(waiter.model_dump_json())
        return Place(self, lock, number)

    def waiters(self, before: int | None = None) -> tuple[Waiter, ...]:
        """Return who waits, the first one first; dead ones lose their place.

        Args:
            before: only those with lower numbers.

        Raises:
            BenchFault: the state folder cannot be used.
        """
        with self._store.guarded() as (folder, group):
            found = sorted(self._living(folder, group), key=lambda one: one[0])
            return tuple(waiter for number, _, waiter in found if before is None or number < before)

    def leave(self, lock: OsLock) -> None:
        """Give up a place."""
        with self._store.guarded():
            if lock.held:
                lock.path.unlink(missing_ok=True)
            lock.free()

    def _living(self, folder: Path, group: int | None) -> Iterator[tuple[int, Path, Waiter]]:
        for path in sorted(folder.glob(f"{self._key}.wait-*")):
            lock = OsLock(path, group)
            if lock.try_take():
                path.unlink(missing_ok=True)
                lock.free()
                continue
            try:
                waiter = Waiter.model_validate_json(read_regular(path, MOST_BYTES))
                yield int(path.name.rpartition("-")[2]), path, waiter
            except (OSError, ValidationError, ValueError):  # no place that we made
                continue


class Place:
    """A place in the line, until the block is left."""

    def __init__(self, line: WaitingLine, lock: OsLock, number: int) -> None:
        self._line = line
        self._lock = lock
        self._number = number

    def ahead(self) -> tuple[Waiter, ...]:
        """Return who came before."""
        return self._line.waiters(self._number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the line."""
        self._line.leave(self._lock)
