# SPDX-License-Identifier: Apache-2.0
"""What keeps the bench safe without the bench: the rig's watchdog, its safe state, and its own log of both."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class SafeReason(StrEnum):
    """Why the rig went to its safe state."""

    WATCHDOG = "watchdog"
    COMMAND = "command"
    POWER = "power"


@dataclass(frozen=True)
class SafeEntry:
    """One stay of the rig in its safe state, in seconds of the rig's own clock.

    Attributes:
        number: counts all stays from 0.
        reason: why it went there.
        entered_s: when.
        left_s: when it was let go; None while it stays.
        pump_stopped: whether the rig saw the pump stand.
    """

    number: int
    reason: SafeReason
    entered_s: float
    left_s: float | None
    pump_stopped: bool


@dataclass(frozen=True)
class SafeLog:
    """The rig's log at one moment.

    Attributes:
        clock_s: the rig's clock at that moment.
        count: how often the rig ever went safe; the next entry gets this number.
        entries: those that were asked for and are still in the ring, oldest first.
    """

    clock_s: float
    count: int
    entries: tuple[SafeEntry, ...]


@dataclass(frozen=True)
class GuardState:
    """Whether the rig stands behind the bench at this moment.

    Attributes:
        watchdog_timeout_s: what its watchdog is armed with; 0 while it is not.
        watchdog_tripped: whether it has tripped since.
        safe: whether the rig is in its safe state.
        fencing_token: the highest that it has seen.
    """

    watchdog_timeout_s: int
    watchdog_tripped: bool
    safe: bool
    fencing_token: int


class RigGuard(Protocol):
    """The part of the rig that guards the bench."""

    def send_heartbeat(self) -> None:
        """Give the watchdog its heartbeat."""
        ...

    def arm_watchdog(self, timeout_s: int) -> None:
        """Make the rig go to its safe state when no heartbeat comes for `timeout_s`; 0 disarms it and clears a trip."""
        ...

    def guard_state(self) -> GuardState:
        """Return whether watchdog and safe state are as a bench needs them before anything moves; changes nothing."""
        ...

    def go_safe(self) -> None:
        """Make the rig go to its safe state by itself; needs no token, so anybody may do it at any time."""
        ...

    def leave_safe_state(self) -> None:
        """Let the actuators move again; moves nothing by itself."""
        ...

    def safe_log(self, since: int = 0) -> SafeLog | None:
        """Return the stays in the safe state from number `since` on; None if this rig keeps no log of them."""
        ...
