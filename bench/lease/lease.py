# SPDX-License-Identifier: Apache-2.0
"""One bench, one user: a session holds the lease of its bench from before it opens an instrument until it has let go.

A lease has two sides. This computer's (`LeaseStore`) keeps two sessions here apart before either opens a line. The
rig's keeps computers apart: it hands out the fencing token that every write to an actuator carries, and refuses lower
ones. Both are renewed while the session's time passes; there is no thread that could renew for a session that hangs.
"""

import contextlib
import hashlib
import math
import secrets
from datetime import timedelta
from typing import Self

from bench.bench_file import BenchFile
from bench.devices import rig_place
from bench.lease.holder import Holder
from bench.lease.lease_record import LeaseHeld, LeaseLost, LeaseRecord, RigSession
from bench.lease.lease_store import LeaseStore
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import monotonic_s, utc_now
from instruments.rig_lease import RigLease, RigLeaseHeld, RigLeaseLost, RigLeaseReading

LEASE_S = 120
"""How long the lease of a session that says nothing keeps others out, where no lock of an operating system tells."""
RENEW_S = 10.0
HOLDER_CHARACTERS = 40
MOST_RIG_S = 65_535


def lease_key(file: BenchFile) -> str:
    """Return what makes a bench this bench: where its rig is. Another name in another file does not make another."""
    return f"rig-{hashlib.sha256(rig_place(file).encode()).hexdigest()[:16]}"


class Lease:
    """The lease that this session holds.

    Attributes:
        record: what is written down about it.
        lost: why it is ours no more; None while it is.
    """

    def __init__(self, store: LeaseStore, record: LeaseRecord, *, forget: bool) -> None:
        self.record = record
        self.lost: LeaseLost | None = None
        self._store = store
        self._forget = forget
        self._rig: RigLease | None = None
        self._rig_s = LEASE_S
        self._renewed_s = self._tried_s = monotonic_s()

    @classmethod
    def acquire(cls, file: BenchFile, *, reason: str, run: str = "") -> Self:
        """Become the holder on this computer; nothing on the bench is touched.

        Raises:
            LeaseHeld: somebody holds the bench; who, since when, why and until when is told.
            BenchFault: the state folder cannot be used.
        """
        holder, now = Holder.here(), utc_now()
        record = LeaseRecord(
            bench=file.bench.name,
            rig=file.rig.address,
            holder=str(holder),
            host=holder.host,
            session=1 + secrets.randbelow(0xFFFFFFFF),
            run=run,
            reason=reason,
            since_utc=now,
            expires_utc=now + timedelta(seconds=LEASE_S),
        )
        store = LeaseStore(lease_key(file))
        return cls(store, store.acquire(record), forget=file.simulated)

    def is_for(self, reason: str, run: str) -> None:
        """Write down what the bench is needed for, when that is known only after it was taken.

        Raises:
            LeaseLost: it is ours no more.
            BenchFault: the state folder cannot be used.
        """
        self.record = self.record.model_copy(update={"reason": reason, "run": run})
        self._store.renew(self.record)

    def left_behind_by_the_dead(self, present: RigLeaseReading) -> bool:
        """Tell whether the rig still names a session of this computer that is dead; `fence` takes it from that one."""
        return any(self._is_of(orphan, present) for orphan in self.record.left_behind)

    def fence(self, rig: RigLease, speed: float = 1.0) -> int:
        """Become the rig's holder as well, and return the fencing token.

        A session of this computer that died is known by its number in both places; its time need not run out.

        Args:
            rig: the lease as the rig keeps it.
            speed: seconds of the rig per second of this computer; 0 for a twin that only the bench moves.

        Raises:
            LeaseHeld: a session on another computer holds the rig.
            BenchFault: the rig does not answer.
        """
        present = rig.describe()
        for orphan in self.record.left_behind:
            if present.held and self._is_of(orphan, present):
                rig.kick(f"crashed: {orphan.holder}")
                break
        self._rig_s = min(MOST_RIG_S, math.ceil(LEASE_S * speed)) if speed else MOST_RIG_S
        try:
            token = rig.take(self.record.session, Holder.here().shortened(HOLDER_CHARACTERS), self._rig_s)
        except RigLeaseHeld as held:
            raise LeaseHeld(f"bench {self.record.bench}", "take the lease", held.seen, held.next_step) from held
        self._rig = rig
        self.record = self.record.model_copy(update={"token": token, "left_behind": ()})
        self._store.renew(self.record)
        return token

    def _is_of(self, orphan: RigSession, present: RigLeaseReading) -> bool:
        same = orphan.session == present.session or (orphan.token != 0 and orphan.token == present.token)
        return orphan.host == self.record.host and same

    def keep(self) -> None:
        """Look whether the lease still stands, and renew it in time; called as often as time passes.

        What keeps it from being renewed may pass, so that is told only when the lease has run out.

        Raises:
            LeaseLost: it is ours no more.
            BenchFault: it could not be renewed until it ran out.
        """
        self.look()
        try:
            now_s = monotonic_s()
            if now_s - self._tried_s >= RENEW_S:
                self._tried_s = now_s
                self._renew(now_s)
        except LeaseLost as lost:
            self.lost = lost
            raise

    def look(self) -> None:
        """Look on this computer alone whether the lease still stands; asks no instrument, so it takes no time.

        Raises:
            LeaseLost: it is ours no more.
            BenchFault: the state folder cannot be read.
        """
        if self.lost is not None:
            raise self.lost
        try:
            self._store.check(self.record)
        except LeaseLost as lost:
            self.lost = lost
            raise

    def _renew(self, now_s: float) -> None:
        expires = utc_now() + timedelta(seconds=LEASE_S)
        self.record = self.record.model_copy(update={"expires_utc": expires})
        try:
            self._store.renew(self.record)
            if self._rig is not None:
                self._rig.renew(self._rig_s)
        except RigLeaseLost as lost:
            raise LeaseLost(f"bench {self.record.bench}", "keep the lease", lost.seen, lost.next_step) from lost
        except LeaseLost:
            raise
        except BenchFault:
            if now_s - self._renewed_s >= LEASE_S:
                raise
            return
        self._renewed_s = now_s

    @property
    def taken_by_another(self) -> bool:
        """Tell whether somebody else holds the bench by now; then not even going safe is ours to do."""
        if self.lost is None:
            return False
        state = self._store.describe()
        here = state.record is not None and not state.record.ended and state.record.session != self.record.session
        there = self._rig.describe() if self._rig is not None else None
        return here or (there is not None and there.held and there.session != self.record.session)

    def leave_rig(self) -> None:
        """Give the rig's side back while the line to it is open; a rig that cannot be told lets it run out.

        A bench that was lost to a stray token is nobody else's: the rig still names this session.
        """
        rig, self._rig = self._rig, None
        if rig is None:
            return
        with contextlib.suppress(BenchFault):  # there is nothing more to be done, and nothing depends on it
            if self.lost is None:
                rig.renew(0)
            elif rig.describe().session == self.record.session:
                rig.kick("given back by who lost it to a stray token")

    def release(self) -> None:
        """Give the bench back on this computer, after all lines are closed; what is ours no more is left alone."""
        with contextlib.suppress(BenchFault):  # the lock is free in any case, and it is the lock that counts
            self._store.release(self.record, forget=self._forget)
