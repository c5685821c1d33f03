# SPDX-License-Identifier: Apache-2.0
"""Waits until a bench is free and it is our turn, and takes it.

The lease is taken while we wait, so that nobody slips in between the end of the waiting and the start of the run.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bench.bench_file import BenchFile
from bench.lease.lease import Lease, lease_key
from bench.lease.lease_record import LeaseHeld, LeaseRecord
from bench.lease.lease_store import LeaseStore
from bench.lease.rig_holder import ask_rig
from bench.lease.waiting_line import Place, Waiter
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import monotonic_s, sleep_s

LOOK_S = 1.0
ASK_RIG_S = 10.0
"""So often a rig that another computer holds is asked again; each time a line to it is opened."""


@dataclass(frozen=True)
class InTheWay:
    """Why it is not our turn yet.

    Attributes:
        seen: who holds the bench, since when, for what, in a sentence; empty where nobody does.
        record: of the lease, if it is held on this computer.
        ahead: who came before.
    """

    seen: str
    record: LeaseRecord | None = None
    ahead: tuple[Waiter, ...] = ()


Tell = Callable[[InTheWay, float], None]
"""Called at each look with what is in the way, and how many seconds are left to wait."""


class WaitForBench:
    """Waits for one bench.

    Args:
        file: the bench.
        limit_s: how long at most.
        tell: told at each look what is in the way.
        sleep: lets so many seconds pass.
    """

    def __init__(self, file: BenchFile, limit_s: float, tell: Tell, sleep: Callable[[float], None] = sleep_s) -> None:
        self._file = file
        self._limit_s = limit_s
        self._tell = tell
        self._sleep = sleep

    def lease(self, place: Place, reason: str) -> Lease:
        """Return the lease of the bench as soon as it is free and nobody is ahead.

        Args:
            place: ours in the line.
            reason: what the bench is needed for.

        Raises:
            BenchFault: it was not free in that time, or the state folder cannot be used.
        """
        began_s = monotonic_s()
        while True:
            found = self._look(place, reason)
            if isinstance(found, Lease):
                return found
            left_s = self._limit_s - (monotonic_s() - began_s)
            if left_s <= 0:
                raise self._gave_up(found)
            self._tell(found, left_s)
            wait_s = LOOK_S if found.record is not None or found.ahead else ASK_RIG_S
            self._sleep(min(wait_s, left_s))

    def _look(self, place: Place, reason: str) -> Lease | InTheWay:
        ahead = place.ahead()
        if ahead:
            state = LeaseStore(lease_key(self._file)).describe()
            held = state.record if state.locked else None
            return InTheWay(f"it is held by {held.told()}" if held is not None else "", held, ahead)
        try:
            lease = Lease.acquire(self._file, reason=reason)
        except LeaseHeld as held:
            state = LeaseStore(lease_key(self._file)).describe()
            return InTheWay(held.seen, state.record)
        try:
            elsewhere = self._held_elsewhere(lease)
        except BaseException:
            lease.release()
            raise
        if elsewhere:
            lease.release()
            return InTheWay(elsewhere)
        return lease

    def _held_elsewhere(self, lease: Lease) -> str:
        """Return what the rig says of a holder on another computer; empty where there is none, or it does not answer.

        A rig that is silent is told by the run, with all that is silent beside it.
        """
        try:
            rig = ask_rig(self._file)
        except BenchFault:
            return ""
        if not rig.held or lease.left_behind_by_the_dead(rig):
            return ""
        return f"it is held by {rig.holder}, says the rig, for {rig.left_s:.0f} s more unless renewed"

    def _gave_up(self, found: InTheWay) -> BenchFault:
        ahead = "".join(f"; ahead was {one.told()}" for one in found.ahead)
        seen = f"it was not free in {self._limit_s:g} s: {found.seen or 'others came first'}{ahead}"
        next_step = "ask them, or wait for longer; `pumpbench who BENCH_FILE` tells who has it"
        return BenchFault(f"bench {self._file.bench.name}", "wait for it", seen, next_step)
