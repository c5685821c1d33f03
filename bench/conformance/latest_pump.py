# SPDX-License-Identifier: Apache-2.0
"""A pump whose command numbers somebody else may have used in between, and that obeys only the holder of the bench.

A driver goes on from the number that it sent last. Trials write commands past it, and from then on the pump would take
the driver's for old ones: a stop, too. So the driver is opened anew after such a trial, and before a stop is given up.
"""

from collections.abc import Callable

from instruments.program import Program
from instruments.pump import (
    AlarmEntry,
    BolusEntry,
    Command,
    CommandResult,
    CommandUnknown,
    Pump,
    PumpIdentity,
    PumpReading,
)


class LatestPump:
    """A pump, as `instruments.pump.Pump` describes it.

    Args:
        open_it: opens its driver.
        refuse_if_lost: raises when the bench is somebody else's; asked before all that could move fluid.
    """

    def __init__(self, open_it: Callable[[], Pump], refuse_if_lost: Callable[[], None]) -> None:
        self._open_it = open_it
        self._refuse_if_lost = refuse_if_lost
        self._pump = open_it()

    def reopen(self) -> None:
        """Find out anew which number came last."""
        self._pump = self._open_it()

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
        """Send one command once; a stop is always allowed, and sent again under a new number if it was not carried out.

        Raises:
            LeaseLost: the bench is not ours any more; nothing was sent.
        """
        if command is not Command.STOP:
            self._refuse_if_lost()
        try:
            return self._pump.command(command, argument)
        except CommandUnknown:
            if command is not Command.STOP:
                raise
            self.reopen()
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
