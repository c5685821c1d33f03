# SPDX-License-Identifier: Apache-2.0
"""One attempt to make a bench safe whose own process is gone, over lines that are opened for it and closed again."""

from contextlib import closing, suppress
from typing import Self

from bench.bench_file import BenchFile
from bench.devices import OpenDevices
from bench.safety.keeper.message import StartMessage
from bench.safety.safe_actions import SafeActions, StepTaken
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import time_limit
from instruments.pump import PumpState
from instruments.rig import Rig

READING_LIMIT_S = 5.0
_STANDING = (PumpState.STOPPED, PumpState.ALARM_STOPPED)


class BenchTaken(Exception):
    """Somebody else holds the bench by now; nothing on it is the keeper's to move.

    Attributes:
        perhaps_dead: only a heartbeat tells that somebody is there, and that outlives its sender: look again later.
    """

    def __init__(self, seen: str, *, perhaps_dead: bool) -> None:
        super().__init__(seen)
        self.perhaps_dead = perhaps_dead


class Rescue:
    """Makes the bench of a file safe; it may be tried again and again.

    Args:
        file: the bench.
        fencing_token: the bench's own.
        session: the bench's number in the rig's lease.

    Attributes:
        file: the bench.
        fencing_token: the highest that is known to be the bench's or the keeper's own, or nobody's.
        rig_holds_pump: whether the rig, which stays in its safe state, stops whatever is started there; known once an
            attempt has worked.
    """

    def __init__(self, file: BenchFile, fencing_token: int, session: int) -> None:
        self.file = file
        self.fencing_token = fencing_token
        self._session = session
        self._devices = OpenDevices(file)
        self._rig: Rig | None = None
        self.rig_holds_pump = False

    @classmethod
    def of(cls, message: StartMessage) -> Self:
        """Return the rescue of the bench that a start message names."""
        return cls(message.file, message.fencing_token, message.session)

    def attempt(self) -> tuple[StepTaken, ...]:
        """Take the steps that the bench file lists; an instrument is opened in the first step that needs it.

        Once all of them worked the bench's lease of the rig is given back: nobody need wait for it to run out.

        Raises:
            BenchTaken: somebody else holds the rig by now.
        """
        self._rig = None
        with closing(self._devices):
            self._check_who_holds_it()
            actions = SafeActions(self._devices.pump, self._our_rig, stays_safe=True)
            taken = actions.take(self.file.safe_state.step)
            if all(one.fault is None for one in taken):
                self.rig_holds_pump = self._our_rig().abilities().holds_pump
                self._give_lease_back()
            return taken

    def pump_runs(self) -> bool:
        """Look at the pump over a line that is opened for it; one that cannot be seen is not known to run."""
        with closing(self._devices), suppress(BenchFault), time_limit(READING_LIMIT_S):
            reading = self._devices.pump().read()
            return reading.state not in _STANDING or reading.active_rate_ul_per_h > 0
        return False

    def _give_lease_back(self) -> None:
        with suppress(BenchFault), time_limit(READING_LIMIT_S):  # the bench is safe; a lease runs out by itself
            lease = self._devices.rig_lease()
            if lease.describe().session == self._session:
                lease.kick("made safe by its keeper")

    def _check_who_holds_it(self) -> None:
        try:
            with time_limit(READING_LIMIT_S):
                self._our_rig()
        except BenchFault:
            return  # a rig that does not answer has let in nobody else either: the pump still has to be stopped

    def _refuse_a_living_holder(self, highest: int) -> None:
        """Refuse a rig whose higher token has a living session behind it; a stray one has none.

        Raises:
            BenchTaken: it has.
        """
        present = self._devices.rig_lease().describe()
        if present.held and present.session != self._session:
            seen = f"the rig has seen fencing token {highest}, the bench's was {self.fencing_token}"
            holder = f"{present.holder or 'somebody'} holds it for {present.left_s:.0f} s more"
            raise BenchTaken(f"{seen}; {holder}", perhaps_dead=present.guessed)

    def _our_rig(self) -> Rig:
        """Return the rig, unless it is somebody else's; only a rig that is newly opened can tell."""
        rig = self._devices.rig()
        if rig is not self._rig:
            highest = rig.fencing_token - 1
            if highest > self.fencing_token:
                self._refuse_a_living_holder(highest)
            self.fencing_token = rig.fencing_token
            self._rig = rig
        return rig
