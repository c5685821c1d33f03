# SPDX-License-Identifier: Apache-2.0
"""Makes a whole rig of one that only moves and measures: whoever drives it writes six verbs, and none of guarding.

Such a rig has no watchdog and no safe state of its own. The bench's watchdog process (`has_watchdog = false`) takes
their place, and stands on what is here: orders that carry a token, and a way to the safe state that ends when the rig
is there.
"""

from typing import Protocol

from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline, sleep_s
from instruments.rig import RigIdentity, RigOutputs, RigReading
from instruments.rig_abilities import RigAbilities
from instruments.rig_guard import GuardState, SafeLog
from instruments.rig_lease import RigLease

WAIT_S = 600.0
LOOK_S = 0.05


class BareRig(Protocol):
    """A rig that nothing guards."""

    def identify(self) -> RigIdentity:
        """Tell who it is."""
        ...

    def read(self) -> RigReading:
        """Return one snapshot of all sensors."""
        ...

    def outputs(self) -> RigOutputs:
        """Return what the actuators were told last."""
        ...

    def move(self, outputs: RigOutputs) -> None:
        """Tell all actuators; somebody may still be about it when this comes back.

        Raises:
            BenchFault: it cannot be told.
        """
        ...

    def is_done(self) -> bool:
        """Tell whether the last order is carried out."""
        ...

    def close(self) -> None:
        """Let it go; an order that is not carried out is given up."""
        ...


class RigWithoutWatchdog:
    """An `instruments.rig.Rig` made of a `BareRig`.

    Args:
        bare: what moves and measures.
        lease: who holds it.
        wait_s: how long its safe state is waited for, in time of the machine.

    Attributes:
        fencing_token: of this session.
    """

    def __init__(self, bare: BareRig, lease: RigLease, wait_s: float = WAIT_S) -> None:
        self.bare = bare
        self.fencing_token = lease.describe().token
        self.identify, self.read, self.outputs, self.close = bare.identify, bare.read, bare.outputs, bare.close
        self._lease, self._wait_s, self._watchdog_s = lease, wait_s, 0

    @property
    def attendant(self) -> object:
        """Return who is asked where a person moves the rig."""
        return getattr(self.bare, "attendant", None)

    @attendant.setter
    def attendant(self, other: object) -> None:
        self.bare.attendant = other  # type: ignore[attr-defined]  # only a rig that asks somebody looks at it

    def abilities(self) -> RigAbilities:
        """Return that it can do nothing beyond what every rig must."""
        return RigAbilities()

    def write(self, outputs: RigOutputs) -> None:
        """Tell all actuators.

        Raises:
            BenchFault: the token is stale, or it cannot be told.
        """
        if self._lease.describe().token > self.fencing_token:
            raise BenchFault("rig", "write", f"token {self.fencing_token} is stale", "see who else holds this bench")
        self.bare.move(outputs)

    def send_heartbeat(self) -> None:
        """Do nothing: no watchdog listens here, and the bench's watchdog process has a heartbeat of its own."""

    def arm_watchdog(self, timeout_s: int) -> None:
        """Keep the time-out; where it is disarmed, which is the last step to the safe state, wait until it is there.

        Raises:
            BenchFault: it is not there in time.
        """
        deadline = Deadline(self._wait_s)
        while timeout_s == 0 and not self.bare.is_done():
            if deadline.passed():
                self.bare.close()
                raise BenchFault("rig", "make it safe", "nobody says that it is done", "set all that it asks for to 0")
            sleep_s(LOOK_S)
        self._watchdog_s = timeout_s

    def guard_state(self) -> GuardState:
        """Return the time-out and the highest token; it has neither a trip nor a safe state."""
        token = self._lease.describe().token
        return GuardState(self._watchdog_s, watchdog_tripped=False, safe=False, fencing_token=token)

    def go_safe(self) -> None:
        """Tell all actuators to be safe."""
        self.write(RigOutputs())

    def leave_safe_state(self) -> None:
        """Do nothing: it holds no actuator where it is."""

    def safe_log(self, since: int = 0) -> SafeLog | None:  # noqa: ARG002  it keeps none
        """Return that it keeps no log."""
        return None
