# SPDX-License-Identifier: Apache-2.0
"""The lease of one bench on this computer: a lock of the operating system, and a file that says who holds it and why.

The lock says *whether* somebody holds the bench, the file *who*. Every look and change happens under one guard lock
that is held for milliseconds, so the two never disagree. Releasing a bench from somebody gives it a new lock file:
what the old holder has locked counts no more, even if that process hangs.
"""

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import platformdirs
from pydantic import ValidationError

from bench.lease.holder import is_called
from bench.lease.lease_record import LeaseHeld, LeaseLost, LeaseRecord
from bench.lease.os_lock import OsLock
from bench.lease.shared_file import growing_file
from bench.lease.state_folder import VARIABLE, StateFolder, owner_of
from groundfloor.errors import BenchFault
from groundfloor.regular_file import read_regular
from groundfloor.system.forced_to_disk import force_names
from groundfloor.wall_clock import utc_now

STATE_FOLDER = VARIABLE
GUARD_LIMIT_S = 10.0
MOST_BYTES = 16_384
_NO_LEASE = frozenset({None, errno.EISDIR, errno.ELOOP, errno.ENXIO})
"""How what is no file of ours shows: a folder, a link, a pipe, something that is far too long."""
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True)
class LeaseState:
    """Who holds a bench on this computer.

    Attributes:
        record: the last lease; None if there never was one, or its file cannot be read.
        locked: whether a living process holds the bench.
    """

    record: LeaseRecord | None
    locked: bool


class LeaseStore:
    """Acquire, renew, release and describe the lease of one bench.

    Args:
        key: the bench, as a part of a file name.
        folder: where leases are kept; that of this user by default.
        utc: the wall clock.
    """

    def __init__(self, key: str, folder: Path | None = None, utc: Callable[[], datetime] = utc_now) -> None:
        self._state = StateFolder(folder or _state_folder())
        self._folder = self._state.path
        self._group: int | None = None
        self._path = self._folder / f"{key}.json"
        self._lock = OsLock(self._folder / f"{key}.lock")
        self._utc = utc
        self._seen: tuple[int, int] | None = None

    def acquire(self, wanted: LeaseRecord) -> LeaseRecord:
        """Become the holder.

        Returns:
            The lease as it is written down, with what those before it may have left on the rig.

        Raises:
            LeaseHeld: somebody holds the bench; who, since when, why and until when is told.
            BenchFault: the state folder cannot be used.
        """
        with self._guarded():
            before = self._read()
            if not self._lock.try_take():
                raise _held(before, wanted)
            if before is not None and before.keeps_out(wanted.host, self._utc()):
                self._lock.free()
                raise before.held()
            try:
                mine = wanted.after(before)
                self._write(mine)
            except OSError:
                self._lock.free()
                raise
            return mine

    def renew(self, mine: LeaseRecord) -> None:
        """Write `mine` again, with its new expiry or token.

        Raises:
            LeaseLost: it is ours no more.
            BenchFault: the state folder cannot be used.
        """
        with self._guarded():
            self._refuse_if_lost(mine)
            self._write(mine)

    def check(self, mine: LeaseRecord) -> None:
        """Look whether `mine` still stands; costs next to nothing while nobody touched the file.

        Raises:
            LeaseLost: it is ours no more.
        """
        if self._seen is not None and self._stamp() != self._seen:
            with self._guarded():
                self._refuse_if_lost(mine)
                self._seen = self._stamp()

    def release(self, mine: LeaseRecord, *, forget: bool) -> None:
        """Give the bench back; with `forget` nothing of the lease is left, unless the rig may name one before it."""
        try:
            with self._guarded():
                if self._is_mine(self._read(), mine):
                    self._end(mine, forget=forget)
        finally:
            self._lock.free()

    def _end(self, mine: LeaseRecord, *, forget: bool) -> None:
        if forget and not mine.left_behind:
            self._path.unlink(missing_ok=True)
            self._lock.path.unlink(missing_ok=True)
        else:
            self._write(mine.model_copy(update={"ended": f"given back at {self._utc():%Y-%m-%d %H:%M:%S} UTC"}))

    def describe(self) -> LeaseState:
        """Return who holds the bench; changes nothing.

        Raises:
            BenchFault: the state folder cannot be used.
        """
        with self._guarded():
            record = self._read()
            if record is None and not self._lock.path.exists():
                return LeaseState(None, locked=False)
            locked = not self._lock.try_take()
            self._lock.free()
            return LeaseState(record, locked)

    def kick(self, holder: str, by: str) -> LeaseRecord | None:
        """Take the bench away from `holder`, but only if they still hold it.

        Returns:
            The lease that was ended; None if nobody holds the bench here.

        Raises:
            LeaseHeld: somebody else holds it.
            BenchFault: the state folder cannot be used.
        """
        with self._guarded():
            present = self._read()
            if present is None or present.ended:
                return None
            if not is_called(present.holder, holder):
                raise present.held()
            self._lock.path.unlink(missing_ok=True)
            ended = present.model_copy(
                update={"ended": f"released by {by} at {self._utc():%Y-%m-%d %H:%M:%S} UTC"[:300]}
            )
            self._write(ended)
            return ended

    def _refuse_if_lost(self, mine: LeaseRecord) -> None:
        present = self._read()
        if self._is_mine(present, mine) and self._lock.held:
            return
        if present is None:
            seen = "the lease file is gone or cannot be read"
        elif present.session == mine.session:
            seen = present.ended or "the lock file was replaced"
        else:
            seen = f"it is held by {present.told()}"
        raise LeaseLost(f"bench {mine.bench}", "keep the lease", seen, "ask who took the bench, and start over")

    @staticmethod
    def _is_mine(present: LeaseRecord | None, mine: LeaseRecord) -> bool:
        return present is not None and present.session == mine.session and not present.ended

    @contextmanager
    def guarded(self) -> Iterator[tuple[Path, int | None]]:
        """Keep everybody else out of the state folder for a moment; yield it, and the group that shares it.

        Raises:
            BenchFault: it cannot be used.
        """
        with self._guarded():
            yield self._folder, self._group

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            self._group = self._state.make_ready()
            self._lock.group = self._group
            guard = OsLock(self._folder / "guard.lock", self._group)
            guard.take(GUARD_LIMIT_S)
            try:
                yield
            finally:
                guard.free()
        except OSError as refused:
            raise BenchFault(f"lease folder {self._folder}", "use", str(refused), self._advice(refused)) from refused

    def _advice(self, refused: OSError) -> str:
        """Return what to do about a folder or a file in it that cannot be used."""
        file = Path(str(refused.filename)) if refused.filename else self._folder
        owner = owner_of(file)
        if isinstance(refused, PermissionError) and file.parent == self._folder and owner:
            return f"it was made before the folder was shared: let {owner} remove it, no run of theirs going on"
        if refused.errno in _NO_LEASE:
            return "look at what stands there: no run leaves that; take it away, no run going on"
        if refused.errno in _NO_ROOM:
            return f"make room, or name another folder with {STATE_FOLDER}"
        return f"make it writable, or name another folder with {STATE_FOLDER}"

    def _read(self) -> LeaseRecord | None:
        try:
            return LeaseRecord.model_validate_json(read_regular(self._path, MOST_BYTES))
        except (FileNotFoundError, ValidationError):  # what nobody can read holds nobody; the lock does
            return None
        except OSError as odd:
            if odd.errno is None:  # a folder, a pipe, or something that is far too long
                raise OSError(f"{self._path}: {odd}") from odd
            raise

    def _write(self, record: LeaseRecord) -> None:
        with growing_file(self._folder, self._group, ".lease-") as growing:
            with open(growing.descriptor, "w", encoding="utf-8", closefd=False) as file:
                file.write(record.model_dump_json(indent=2))
                file.flush()
                os.fsync(growing.descriptor)  # who comes after a loss of power knows the dead session by it
            growing.close()
            growing.path.replace(self._path)
            force_names(self._folder)
        self._seen = self._stamp()

    def _stamp(self) -> tuple[int, int]:
        with contextlib.suppress(OSError):
            seen = os.stat(self._path)  # noqa: PTH116  as often as time passes
            return seen.st_ino, seen.st_mtime_ns
        return 0, 0


def _held(present: LeaseRecord | None, wanted: LeaseRecord) -> LeaseHeld:
    if present is not None and not present.ended:
        return present.held()
    return LeaseHeld(
        f"bench {wanted.bench}",
        "take the lease",
        "another process holds its lock and left no word",
        "find that process",
    )


def _state_folder() -> Path:
    named = os.environ.get(STATE_FOLDER)
    return Path(named) if named else platformdirs.user_state_path("pumpbench") / "leases"
