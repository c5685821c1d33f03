# SPDX-License-Identifier: Apache-2.0
"""The bench: the open instruments, the clock they share, and what keeps them safe.

    with Bench.open(BenchFile.load(Path("lab.toml"))) as bench:
        print(bench.balance.read_mass_g())

It is in its safe state when it is opened, and again when the block is left, however it is left.
"""

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

from bench.attendance import AskedByHand, Attendant, Nobody
from bench.bench_file import BenchFile
from bench.clock import Clock, ClockMode, RunningClock, SteppedClock
from bench.devices import Connection, Finding
from bench.lease import FencedPump, FencedRig, Lease, LeaseLost, overtaken
from bench.retrying_reader import RetryingReader
from bench.safety import ExitGuard, SafeState
from bench.safety.keeper import KeeperLink, KeptRig
from bench.safety.twin_fault import twin_fault
from bench.scheduler import Scheduler
from groundfloor.errors import BenchFault
from instruments.balance import Balance
from instruments.control_line_client import ControlLine
from instruments.pump import Pump, PumpReading
from instruments.rig import Rig


class Bench:
    """A bench that is ready to work.

    Attributes:
        file: the bench file it was opened from.
        clock, scheduler: bench time, and how it is spent.
        pump, rig, balance: the drivers.
        second: the second measure of the flow; None on a bench without one.
        findings: who answered at which address.
        safe_state: the way to the safe state.
        lease: what keeps others off the bench.
        found: the pump as it was found, before it was stopped.
        poisoned: why the bench cannot be used any more in this run; empty while it can.
    """

    def __init__(
        self, file: BenchFile, clock: Clock, connection: Connection, control: ControlLine | None, lease: Lease
    ) -> None:
        if connection.pump is None or connection.rig is None or connection.balance is None:
            raise BenchFault(
                f"bench {file.bench.name}", "assemble", "instruments are missing", "call raise_troubles first"
            )
        self.file = file
        self.clock = clock
        self.scheduler = Scheduler(clock)
        self.reader = RetryingReader(clock, file.limits.patience_s)
        self.lease = lease
        self.pump: Pump = FencedPump(connection.pump, self.keep_lease, self._refuse_unguarded, self._refuse_taken)
        self._kept_rig = KeptRig(FencedRig(connection.rig, lambda seen: self.lose_lease(seen, "move the rig")))
        self.rig: Rig = self._kept_rig
        self.balance: Balance = connection.balance
        self.second: Balance | None = connection.second
        self.findings: tuple[Finding, ...] = tuple(connection.findings)
        self.safe_state = SafeState(self.pump, self.rig, file.safe_state.step)
        self.safe_state.yields = self._belongs_to_another
        self.scheduler.moments.subscribe(lambda _now_s: self.keep_lease())
        self._attendant: Attendant = Nobody()
        self.poisoned = ""
        self.found: PumpReading | None = None
        self._connection = connection
        self._control = control
        self._guard: ExitGuard | None = None

    @classmethod
    def open(
        cls,
        file: BenchFile,
        *,
        reason: str = "a session",
        run: str = "",
        folder: Path | None = None,
        lease: Lease | None = None,
        attendant: Attendant | None = None,
    ) -> Self:
        """Take the lease, open every instrument of `file` and bring the rig to its safe state.

        Args:
            file: the bench.
            reason: what it is needed for, and
            run: in which run, for whoever finds the bench taken.
            folder: where a keeper writes what it did.
            lease: of the bench, if whoever waited for it has it already.
            attendant: who can be asked to do something by hand; nobody if left out.

        Raises:
            LeaseHeld: somebody else holds the bench; nothing was opened.
            BenchFault: instruments are silent, or are not the ones the file names.
        """
        waited = lease is not None
        lease = lease or Lease.acquire(file, reason=reason, run=run)
        try:
            if waited:
                lease.is_for(reason, run)
            return cls._open(file, lease, folder, attendant or Nobody())
        except BaseException:
            lease.release()
            raise

    def __enter__(self) -> Self:
        """Return the bench, which is safe since it was opened."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Bring the bench to its safe state and let everything go.

        Raises:
            BenchFault: steps to the safe state failed; all lines are closed and the lease is given back all the same.
        """
        try:
            self.enter_safe_state()
        finally:
            self.close()

    @classmethod
    def _open(cls, file: BenchFile, lease: Lease, folder: Path | None, attendant: Attendant) -> Self:
        control = ControlLine.open(file.clock.control) if file.clock.control is not None else None
        try:
            clock = _clock(file, control)
            connection = Connection(file)
            connection.raise_troubles()
        except BaseException:
            if control is not None:
                control.close()
            raise
        bench = cls(file, clock, connection, control, lease)
        bench.attendant = attendant
        try:
            bench._refuse_what_cannot_be_trusted()
            bench._fence()
            bench.found = bench.pump.read()
            bench.safe_state.enter()
            bench._post_guard(folder)
        except BaseException:
            bench._close_lines()
            raise
        return bench

    @property
    def attendant(self) -> Attendant:
        """Return who can be asked to do something by hand; nobody, unless somebody is named."""
        return self._attendant

    @attendant.setter
    def attendant(self, attendant: Attendant) -> None:
        self._attendant = attendant
        rig: object = self._connection.rig
        if isinstance(rig, AskedByHand) and not isinstance(attendant, Nobody):
            rig.attendant = attendant

    def _fence(self) -> None:
        """Become the rig's holder, so that whoever wrote to it before moves nothing any more."""
        if self._connection.rig_lease is not None:
            self.rig.fencing_token = self.lease.fence(self._connection.rig_lease, self.clock.speed)

    def _post_guard(self, folder: Path | None) -> None:
        """See to it that every end of this process leaves the bench safe, before anything is moved.

        A rig that stops the pump only once would let it run if a start came late: there a keeper watches the pump.
        """
        if self.file.wants_keeper or not self.rig.abilities().holds_pump:
            token = self.rig.fencing_token
            self._kept_rig.keeper = KeeperLink.start(self.file, self.clock, token, self.lease.record.session, folder)
        self._guard = ExitGuard(self.safe_state, self._kept_rig.keeper, self.close, simulated=self.simulated)

    def keep_lease(self) -> None:
        """Look whether the bench is still ours.

        Raises:
            LeaseLost: it is not; who has it now, or who gave it away, is told.
        """
        try:
            self.lease.keep()
        except LeaseLost as lost:
            self.poison(lost.finding)
            raise

    def _refuse_unguarded(self, operation: str) -> None:
        """Refuse what moves fluid unless the rig would stop the pump if this process died now.

        Raises:
            LeaseLost: the rig has seen a higher fencing token than ours.
            BenchFault: its watchdog is not armed or has tripped, or the rig is in its safe state.
        """
        state = self.reader.read(self.rig.guard_state).observed
        if state.fencing_token > self.rig.fencing_token:
            self.lose_lease(f"the rig has seen fencing token {state.fencing_token}, ours is {self.rig.fencing_token}")
        if state.watchdog_tripped or state.safe:
            seen = "the rig's watchdog has tripped" if state.watchdog_tripped else "the rig is in its safe state"
            next_step = "find out what held the bench up, or who sent the rig there; then start over"
            raise BenchFault("rig", operation, seen, next_step)
        if state.watchdog_timeout_s == 0:
            seen = "the rig's watchdog is not armed, so nobody would stop the pump if the bench died"
            raise BenchFault("rig", operation, seen, "call bench.rig.arm_watchdog first, and send heartbeats")

    def lose_lease(self, seen: str, operation: str = "move fluid") -> NoReturn:
        """Take note that the bench is another's: nothing of ours moves it any more, and no STOP of ours goes to it.

        Raises:
            LeaseLost: always.
        """
        lost = LeaseLost(f"bench {self.file.bench.name}", operation, seen, "see who else holds this bench")
        self.lease.lost = self.lease.lost or lost
        self.poison(lost.finding)
        raise lost

    def _refuse_taken(self) -> None:
        """Refuse a stop of ours to a pump that is somebody else's by now.

        Raises:
            LeaseLost: it is; a bench that is lost and that nobody holds is not.
        """
        if self._is_lost() and self.lease.taken_by_another:
            assert self.lease.lost is not None
            raise self.lease.lost

    def _is_lost(self) -> bool:
        """Ask this computer, then the rig, whether the bench is ours no more; who cannot be asked does not say so."""
        try:
            self.lease.look()
        except LeaseLost as lost:
            self.poison(lost.finding)
            return True
        except BenchFault:  # the rig may tell
            pass
        if seen := overtaken(self.rig):
            with suppress(LeaseLost):
                self.lose_lease(seen, "make it safe")
        return self.lease.lost is not None

    def _belongs_to_another(self) -> bool:
        """Tell whether the lease is lost; a bench that nobody has taken yet is made safe, which needs no token.

        The first that a session hears of its loss may be a write that the rig refuses. It must not go on from there to
        stop the pump of whoever has the bench by now.
        """
        if not self._is_lost():
            return False
        if not self.lease.taken_by_another:
            self.rig.go_safe()
        return True

    @property
    def simulated(self) -> bool:
        """Tell whether anything of it is a twin; its evidence is then stamped SIMULATED."""
        return self.file.simulated or any(finding.is_twin for finding in self.findings)

    def _refuse_what_cannot_be_trusted(self) -> None:
        real = [one.asset for one in self.findings if one.tells_what_it_is and not one.is_twin]
        if real and self.clock.mode is not ClockMode.REAL:
            seen = f"{', '.join(real)} is real hardware, the bench file asks for a {self.clock.mode} clock"
            raise BenchFault(f"bench {self.file.bench.name}", "choose the clock", seen, "set clock.mode = 'real'")

    def enter_safe_state(self) -> None:
        """Bring the rig to its safe state; a bench that cannot be brought there is poisoned.

        Raises:
            BenchFault: steps failed.
        """
        self.scheduler.absence.end()
        try:
            self.safe_state.enter()
        except BenchFault as fault:
            self.poison(fault.finding)
            if self.simulated:
                raise twin_fault(fault) from fault
            raise

    def poison(self, reason: str) -> None:
        """Declare that the rig could not be put back: later tests are BLOCKED with this reason."""
        self.poisoned = self.poisoned or reason

    def refuse_if_poisoned(self) -> None:
        """Raise if the bench was poisoned.

        Raises:
            BenchFault: with the reason.
        """
        if self.poisoned:
            raise BenchFault(
                f"bench {self.file.bench.name}", "use it", f"it was not put back: {self.poisoned}", "see to the rig"
            )

    def close(self) -> None:
        """Let all instruments go and give the lease back; the safe state comes before this."""
        try:
            self._close_lines()
        finally:
            self.lease.release()

    def _close_lines(self) -> None:
        self.lease.leave_rig()
        try:
            self._connection.close()
        finally:
            if self._guard is not None:
                self._guard.end()
            if self._control is not None:
                self._control.close()


def _clock(file: BenchFile, control: ControlLine | None) -> Clock:
    if file.clock.mode == ClockMode.STEPPED:
        if control is None:
            raise BenchFault(f"bench {file.bench.name}", "open the clock", "a stepped clock needs clock.control")
        return SteppedClock(control)
    return RunningClock(file.clock.speed)
