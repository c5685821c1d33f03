# SPDX-License-Identifier: Apache-2.0
"""A pump that obeys only whoever holds the bench.

The rig refuses a stale fencing token by itself; a pump knows no token. So the session looks at its lease before each
command that could move fluid, which reaches everybody who was released on this computer.
"""

from collections.abc import Callable

from instruments.program import Program
from instruments.pump import AlarmEntry, BolusEntry, Command, CommandResult, Pump, PumpIdentity, PumpReading


class FencedPump:
    """A pump, as `instruments.pump.Pump` describes it; `refuse_if_lost` raises when the lease is lost."""

    def __init__(self, pump: Pump, refuse_if_lost: Callable[[], None]) -> None:
        self._pump = pump
        self._refuse_if_lost = refuse_if_lost

    def identify(self) -> PumpIdentity:
        """Ask the pump who it is."""
        return self._pump.identify()

    def load(self, program: Program) -> CommandResult:
        """Load a program.

        Raises:
            LeaseLost: the bench is not ours any more; nothing was sent.
        """
        self._refuse_if_lost()
        return self._pump.load(program)

    def differences(self, program: Program) -> tuple[str, ...]:
        """Read the program in force; return what of it is not as in `program`."""
        return self._pump.differences(program)

    def command(self, command: Command, argument: float = 0.0) -> CommandResult:
        """Send one command once; stopping is always allowed.

        Raises:
            LeaseLost: the bench is not ours any more; nothing was sent.
        """
        if command is not Command.STOP:
            self._refuse_if_lost()
        return self._pump.command(command, argument)

    def read(self) -> PumpReading:
        """Return one snapshot."""
        return self._pump.read()

    def alarm_log(self, since: int = 0) -> tuple[AlarmEntry, ...]:
        """Return the alarms logged from number `since` on."""
        return self._pump.alarm_log(since)

    def bolus_log(self, since: int = 0) -> tuple[BolusEntry, ...]:
        """Return the bolus requests logged from number `since` on."""
        return self._pump.bolus_log(since)
