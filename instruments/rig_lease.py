# SPDX-License-Identifier: Apache-2.0
"""The lease as the rig itself keeps it: who holds it, and a token that rises with each holder.

A rig is one thing, however many computers can reach it, so what it remembers settles who may move it. It counts the
lease's time down by itself: no two clocks need to agree.
"""

from dataclasses import dataclass
from typing import Protocol

from groundfloor.errors import BenchFault

HIGHEST_TOKEN = 0xFFFFFFFF
"""Behind this one no session can come."""
TOKENS_USED_UP = "set the token back at the rig itself (docs/how-to/build-a-rig.md), then find out who wrote it"


class RigLeaseLost(BenchFault):
    """The rig has another holder by now, or somebody released it from us."""


class RigLeaseHeld(BenchFault):
    """Another session holds the rig."""


@dataclass(frozen=True)
class RigLeaseReading:
    """What the rig says of its holder.

    Attributes:
        token: the highest fencing token it has seen.
        session: number that the holder chose for itself; 0 for nobody.
        left_s: how long the lease still lasts unless it is renewed; 0 when it has run out.
        holder: who it is, as text for people; after a release, who did that.
        guessed: the rig keeps no lease; that somebody is there is taken from the heartbeat, which outlives its sender.
    """

    token: int
    session: int
    left_s: float
    holder: str
    guessed: bool = False

    @property
    def held(self) -> bool:
        """Tell whether somebody holds the rig now."""
        return self.session != 0 and self.left_s > 0

    @property
    def used_up(self) -> bool:
        """Tell whether no session can take the rig any more, because tokens only rise."""
        return self.token >= HIGHEST_TOKEN


class RigLease(Protocol):
    """The lease of one rig."""

    def describe(self) -> RigLeaseReading:
        """Return what the rig says of its holder; changes nothing."""
        ...

    def take(self, session: int, holder: str, duration_s: int) -> int:
        """Become the holder and return the fencing token to write with.

        Raises:
            RigLeaseHeld: another session holds it, or was faster.
            BenchFault: the wire failed.
        """
        ...

    def renew(self, duration_s: int) -> None:
        """Hold it for another `duration_s`; 0 gives it back.

        Raises:
            RigLeaseLost: it is another's by now.
            BenchFault: the wire failed.
        """
        ...

    def kick(self, note: str) -> None:
        """Take it away from whoever holds it; `note` tells them who did that.

        Raises:
            BenchFault: the wire failed, or the holder changed in the same moment.
        """
        ...
