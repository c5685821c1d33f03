# SPDX-License-Identifier: Apache-2.0
"""The bench: the open instruments, the clock they share, and what keeps them safe."""

from bench.bench_file import BenchFile
from bench.clock import Clock, ClockMode, RunningClock, SteppedClock
from bench.connection import Connection, Finding
from bench.pace import Pace
from bench.safe_state import SafeState
from instruments.balance import Balance
from instruments.control_line_client import ControlLine
from instruments.errors import BenchFault, PlanError
from instruments.pump import Pump
from instruments.rig import Rig


class Bench:
    """A bench that is ready to work.

    Attributes:
        file: the bench file it was opened from.
        clock, pace: bench time, and how it is spent.
        pump, rig, balance: the drivers.
        findings: who answered at which address.
        safe_state: the way to the safe state.
        poisoned: why the bench cannot be used any more in this run; empty while it can.
    """

    def __init__(self, file: BenchFile, clock: Clock, connection: Connection, control: ControlLine | None) -> None:
        if connection.pump is None or connection.rig is None or connection.balance is None:
            raise BenchFault(
                f"bench {file.bench.name}", "assemble", "instruments are missing", "call raise_troubles first"
            )
        self.file = file
        self.clock = clock
        self.pace = Pace(clock)
        self.pump: Pump = connection.pump
        self.rig: Rig = connection.rig
        self.balance: Balance = connection.balance
        self.findings: tuple[Finding, ...] = tuple(connection.findings)
        self.safe_state = SafeState(self.pump, self.rig)
        self.poisoned = ""
        self._connection = connection
        self._control = control

    @classmethod
    def open(cls, file: BenchFile) -> "Bench":
        """Open every instrument of `file` and bring the rig to its safe state.

        Raises:
            BenchFault: instruments are silent, are not the ones the file names, or are out of calibration.
        """
        control = ControlLine.open(file.clock.control) if file.clock.control is not None else None
        try:
            clock = _clock(file, control)
            connection = Connection(file)
            connection.raise_troubles()
        except (BenchFault, PlanError):
            if control is not None:
                control.close()
            raise
        bench = cls(file, clock, connection, control)
        try:
            bench._refuse_what_cannot_be_trusted()
            bench.safe_state.enter()
        except (BenchFault, PlanError):
            bench.close()
            raise
        return bench

    @property
    def simulated(self) -> bool:
        """Tell whether anything of it is a twin; its evidence is then stamped SIMULATED."""
        return self.file.simulated or any(finding.is_twin for finding in self.findings)

    def _refuse_what_cannot_be_trusted(self) -> None:
        if self.file.fluid.name != "water":
            seen = f"the bench file names {self.file.fluid.name!r}, volumes are computed for water"
            raise PlanError(f"bench {self.file.bench.name}", "choose the fluid", seen, "test with water")
        due = self.file.balance.calibration.due
        today = self.clock.epoch_utc.date()
        if due < today:
            raise BenchFault("balance", "check the calibration", f"it was due on {due}", "have it calibrated")
        real = [finding.asset for finding in self.findings if not finding.is_twin]
        if real and self.clock.mode is not ClockMode.REAL:
            seen = f"{', '.join(real)} is real hardware, the bench file asks for a {self.clock.mode} clock"
            raise BenchFault(f"bench {self.file.bench.name}", "choose the clock", seen, "set clock.mode = 'real'")

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
        """Let all instruments go; the safe state comes before this."""
        self._connection.close()
        if self._control is not None:
            self._control.close()


def _clock(file: BenchFile, control: ControlLine | None) -> Clock:
    if file.clock.mode == ClockMode.STEPPED:
        if control is None:
            raise BenchFault(f"bench {file.bench.name}", "open the clock", "a stepped clock needs clock.control")
        return SteppedClock(control)
    return RunningClock(file.clock.speed)
