# SPDX-License-Identifier: Apache-2.0
"""What is written down about the holder of a bench, and whether that still keeps others out.

On one computer the operating system's lock decides: it is free as soon as the holder is dead, so nobody waits for the
lease of a crashed run. Of a holder on another computer that lock may tell nothing; there the lease counts until it
expires. Wall-clock time is used for that case and for people, and for nothing else.
"""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from groundfloor.errors import BenchFault

MOST_LEFT_BEHIND = 8
Text = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")]


class LeaseHeld(BenchFault):
    """Somebody else holds the bench."""


class LeaseLost(BenchFault):
    """The bench was ours and is not any more: nothing on it may be moved."""


class RigSession(BaseModel):
    """A session as the rig knows it: the number that it chose, and the token that it was given.

    Attributes:
        holder: `user@host:pid`.
        host: the holder's host.
        session: its number.
        token: 0 where it never reached the rig.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    holder: Text
    host: Text
    session: int = Field(ge=1, le=0xFFFFFFFF)
    token: int = Field(default=0, ge=0)


class LeaseRecord(BaseModel):
    """One lease of a bench.

    Attributes:
        bench: the bench's name.
        rig: the address of its rig, which is what makes it this bench.
        holder: `user@host:pid`.
        host: the holder's host.
        session: a number that no other lease has.
        run: which run it is for.
        reason: what they are doing.
        since_utc: when it began.
        expires_utc: when it runs out unless it is renewed.
        token: the fencing token that every write to an actuator carries; 0 until the rig was reached.
        ended: how it ended, empty while it lasts.
        left_behind: sessions before it that the rig may still take for its holder; none once the rig is ours.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    bench: Text
    rig: Text
    holder: Text
    host: Text
    session: int = Field(ge=1, le=0xFFFFFFFF)
    run: Text
    reason: Text
    since_utc: AwareDatetime
    expires_utc: AwareDatetime
    token: int = Field(default=0, ge=0)
    ended: Text = ""
    left_behind: tuple[RigSession, ...] = ()

    def after(self, before: "LeaseRecord | None") -> "LeaseRecord":
        """Return this lease with what those before it may have left on the rig.

        A start that dies before it has reached the rig must not be all that is remembered: the rig still names the
        session before it, and without that number nobody could tell that it is dead.
        """
        if before is None:
            return self
        own = RigSession(holder=before.holder, host=before.host, session=before.session, token=before.token)
        return self.model_copy(update={"left_behind": (own, *before.left_behind)[:MOST_LEFT_BEHIND]})

    def told(self) -> str:
        """Return who holds the bench, since when, why and until when, in one line."""
        run = f", run {self.run}" if self.run else ""
        until = f"until {self.expires_utc:%Y-%m-%d %H:%M:%S} UTC unless renewed"
        return f"{self.holder} since {self.since_utc:%Y-%m-%d %H:%M:%S} UTC, for {self.reason}{run}, {until}"

    def keeps_out(self, host: str, now_utc: datetime) -> bool:
        """Tell whether it keeps a session on `host` out although the operating system's lock is free there."""
        return not self.ended and self.host != host and now_utc < self.expires_utc

    def held(self) -> LeaseHeld:
        """Return the refusal for whoever comes second."""
        next_step = f"wait, or ask them; `pumpbench release --from {self.holder} BENCH_FILE` takes it away"
        return LeaseHeld(f"bench {self.bench}", "take the lease", f"it is held by {self.told()}", next_step)
