# SPDX-License-Identifier: Apache-2.0
"""The lease registers of a rig, over Modbus: compare and set by the fencing token.

Whoever wants the rig reads the lease block, and if nobody holds it writes the block back with the next token. The rig
refuses a token that another session has used already, so of two that read the same state one is refused.

A map may leave the lease points out. Then the rig only knows that tokens rise: the newcomer writes a token that lies a
random step higher and looks again after a while; of several the highest stays. Somebody who gives an armed
watchdog its heartbeat is taken for a holder.

Tokens only rise, so a rig limits how much one may rise at once (`most_token_step`): else a single write of the highest
number would leave none for anybody. A rig that does not, and was written so, is told by name.
"""

import contextlib
import secrets
from typing import cast

from groundfloor.errors import BenchFault
from groundfloor.wall_clock import sleep_s
from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.rig_lease import HIGHEST_TOKEN, TOKENS_USED_UP, RigLeaseHeld, RigLeaseLost, RigLeaseReading
from instruments.write_unknown import WriteUnknown

POINTS = ("lease_token", "lease_session", "lease_expires_s", "lease_holder")
_TOKEN, _SESSION, _LEFT, _HOLDER = POINTS
MOST_STEP = 1000
"""How far apart the tokens of a rig without lease points may lie; 32 bits last for some millions of sessions."""
NOBODY = 0
_TRIES = 3
"""A lease that was not written says so when it is read back; written once more it says the same, so a late copy does no
harm: behind another token the rig refuses it."""
_NEXT = "ask for it, or `pumpbench release --from HOLDER BENCH_FILE`"


class ModbusRigLease:
    """The lease of a rig, as `instruments.rig_lease.RigLease` describes it.

    Attributes:
        token: the fencing token of this session; 0 before `take`.
    """

    def __init__(self, line: ModbusLine, register_map: RegisterMap, unit_id: int, asset: str = "rig") -> None:
        self.token = 0
        self._kept_by_rig = all(name in register_map.points for name in POINTS)
        self._lease = register_map.block(*POINTS) if self._kept_by_rig else None
        self._fencing = register_map.block("fencing_token")
        self._watchdog = register_map.block("watchdog_timeout_s")
        self._age = register_map.block("watchdog_tripped", "heartbeat_age_s")
        self._step = register_map.block("most_token_step") if "most_token_step" in register_map.points else None
        self._characters = 2 * register_map.point(_HOLDER).length if self._kept_by_rig else 0
        self._line = line
        self._unit_id = unit_id
        self._asset = asset
        self._session = NOBODY
        self._holder = ""
        self._kicked = False

    def describe(self) -> RigLeaseReading:
        """Return what the rig says of its holder; changes nothing."""
        if self._lease is None:
            return self._guessed()
        values = self._line.read(self._unit_id, self._lease)
        return RigLeaseReading(
            cast(int, values[_TOKEN]),
            cast(int, values[_SESSION]),
            float(cast(int, values[_LEFT])),
            str(values[_HOLDER]),
        )

    def _guessed(self) -> RigLeaseReading:
        token = cast(int, self._line.read(self._unit_id, self._fencing)["fencing_token"])
        armed_s = cast(int, self._line.read(self._unit_id, self._watchdog)["watchdog_timeout_s"])
        watchdog = self._line.read(self._unit_id, self._age)
        left_s = armed_s - cast(float, watchdog["heartbeat_age_s"])
        alive = armed_s > 0 and left_s > 0 and not watchdog["watchdog_tripped"]
        holder = "a session that gives this rig its heartbeat" if alive else ""
        return RigLeaseReading(
            token, token if alive else NOBODY, max(0.0, left_s) if alive else 0.0, holder, guessed=True
        )

    def take(self, session: int, holder: str, duration_s: int) -> int:
        """Become the holder and return the fencing token to write with.

        Raises:
            RigLeaseHeld: another session holds it, or was faster.
            BenchFault: the wire failed, or the rig's tokens are used up.
        """
        present = self.describe()
        if present.held and not self._kicked:  # a heartbeat is not gone at once when who gave it is
            seen = f"{present.holder} holds the rig, for {present.left_s:.0f} s more unless renewed"
            raise RigLeaseHeld(self._asset, "take the lease", seen, _NEXT)
        self._session, self._holder = session, holder
        if self._lease is None:
            return self._take_by_token(present.token)
        try:
            token = self._after(present.token)
            self._write(token, session, duration_s, holder)
        except RigLeaseLost as beaten:
            raise RigLeaseHeld(self._asset, "take the lease", beaten.seen, _NEXT) from beaten
        self.token = token
        return token

    def _after(self, highest: int, step: int = 1) -> int:
        """Return the token of whoever comes next.

        Raises:
            BenchFault: there is none any more.
        """
        if highest + step <= HIGHEST_TOKEN:
            return highest + step
        seen = f"its fencing token is {highest}, and none comes after {HIGHEST_TOKEN}: no session can take this rig"
        raise BenchFault(self._asset, "take the next token", seen, TOKENS_USED_UP)

    def _most_step(self) -> int:
        if self._step is None:
            return MOST_STEP
        return min(MOST_STEP, cast(int, self._line.read(self._unit_id, self._step)["most_token_step"]))

    def _take_by_token(self, highest: int) -> int:
        token = self._after(highest, 1 + secrets.randbelow(self._most_step()))
        with contextlib.suppress(WriteUnknown, WriteRefused):  # what the rig says below settles it
            self._line.write(self._unit_id, self._fencing, {"fencing_token": token})
        sleep_s(2 * self._line.timeout_s)  # whoever read the same token as we did has written theirs by then
        highest = cast(int, self._line.read(self._unit_id, self._fencing)["fencing_token"])
        if highest != token:
            raise RigLeaseHeld(
                self._asset, "take the lease", f"wrote token {token}, now it is {highest}: another was faster", _NEXT
            )
        self.token = token
        return token

    def renew(self, duration_s: int) -> None:
        """Hold it for another `duration_s`; 0 gives it back.

        Raises:
            RigLeaseLost: it is another's by now.
            BenchFault: the wire failed.
        """
        if self._lease is not None:
            self._write(self.token, self._session, duration_s, self._holder)
        elif (highest := self.describe().token) > self.token:
            raise RigLeaseLost(self._asset, "renew the lease", f"token {highest} was written, ours is {self.token}")

    def kick(self, note: str) -> None:
        """Take it away from whoever holds it; `note` tells them who did that.

        Raises:
            BenchFault: the wire failed, or the holder changed in the same moment.
        """
        token = self._after(self.describe().token)
        if self._lease is None:
            self._line.write(self._unit_id, self._fencing, {"fencing_token": token})
            self._kicked = True
        else:
            self._write(token, NOBODY, 0, note)

    def _write(self, token: int, session: int, duration_s: int, holder: str) -> None:
        """Write the lease, again where the rig shows that it has not taken it."""
        assert self._lease is not None
        text = holder[: self._characters]
        values: dict[str, Value] = {_TOKEN: token, _SESSION: session, _LEFT: duration_s, _HOLDER: text}
        for tries_left in reversed(range(_TRIES)):
            try:
                self._line.write(self._unit_id, self._lease, values)
                break
            except WriteRefused as refused:
                raise self._lost(token, refused) from refused
            except WriteUnknown as unknown:
                present = self.describe()
                if present.token > token or present.session not in (session, NOBODY):
                    raise self._lost(token, unknown) from unknown
                if (present.token, present.session) == (token, session if duration_s else NOBODY):
                    break
                if not tries_left:
                    raise

    def _lost(self, token: int, cause: BenchFault) -> RigLeaseLost:
        present = self.describe()
        who = present.holder or "nobody by name"
        seen = f"{cause.seen} to token {token}; the rig is at token {present.token} and names {who}"
        return RigLeaseLost(self._asset, "write the lease", seen, "see who holds it: `pumpbench who BENCH_FILE`")
