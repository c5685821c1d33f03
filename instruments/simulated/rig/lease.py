# SPDX-License-Identifier: Apache-2.0
"""The rig's memory of who holds it: four registers that are written together, and a time that runs down by itself."""

from collections.abc import Callable, Mapping

from instruments.register_map.codec import Value
from instruments.simulated.time.timeline import Timeline

POINTS = ("lease_token", "lease_session", "lease_expires_s", "lease_holder")
NOBODY = 0
MOST_TOKEN_STEP = 10_000
"""More than any session needs; 2³² tokens then take hundreds of thousands of writes to use up."""


class RigLease:
    """Decides who becomes the holder.

    Attributes:
        token: the highest fencing token seen.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.token = 0
        self._timeline = timeline
        self._session = NOBODY
        self._holder = ""
        self._ends_s = 0.0

    def check(self, values: Mapping[str, Value]) -> None:
        """Look at a request before any of it is taken; one without lease points is none of ours.

        Raises:
            ValueError: it is not the whole lease, its token is stale, used or far too high, or somebody holds the rig.
        """
        for name in ("fencing_token", "lease_token"):
            if name in values and _whole(values[name]) > self.token + MOST_TOKEN_STEP:
                raise ValueError(f"rig: {name} {values[name]} rises by more than {MOST_TOKEN_STEP}")
        named = [name for name in POINTS if name in values]
        if not named:
            return
        if len(named) != len(POINTS):
            raise ValueError(f"rig: {', '.join(POINTS)} are written together, not {', '.join(named)} alone")
        token, session = _whole(values["lease_token"]), _whole(values["lease_session"])
        if token < self.token:
            raise ValueError(f"rig: lease token {token} is stale, {self.token} was seen")
        if session == self._session != NOBODY:
            return
        if token == self.token:
            raise ValueError(f"rig: lease token {token} is another's")
        if session != NOBODY and self._held:
            raise ValueError(f"rig: {self._holder} holds the lease for {self.left_s()} s more")

    def take(self, values: Mapping[str, Value]) -> None:
        """Take a request that was checked; a fencing token alone counts as seen."""
        if "fencing_token" in values:
            self.token = max(self.token, _whole(values["fencing_token"]))
        if "lease_token" in values:
            duration_s = _whole(values["lease_expires_s"])
            self.token = _whole(values["lease_token"])
            self._session = _whole(values["lease_session"]) if duration_s else NOBODY
            self._holder = str(values["lease_holder"])
            self._ends_s = self._timeline.now_s + duration_s

    def left_s(self) -> int:
        """Return the whole seconds that the lease still lasts, rounded up."""
        left_s = self._ends_s - self._timeline.now_s
        return max(0, -int(-left_s // 1)) if left_s > 0 else 0

    def readers(self) -> dict[str, Callable[[], Value]]:
        """Return what each point reads."""
        return {
            "fencing_token": lambda: self.token,
            "lease_token": lambda: self.token,
            "lease_session": lambda: self._session,
            "lease_expires_s": self.left_s,
            "lease_holder": lambda: self._holder,
        }

    @property
    def _held(self) -> bool:
        return self._session != NOBODY and self.left_s() > 0


def _whole(value: Value) -> int:
    if isinstance(value, str | frozenset):
        raise TypeError(f"{value!r} is no number")
    return int(value)
