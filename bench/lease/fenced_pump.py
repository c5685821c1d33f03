# SPDX-License-Identifier: Apache-2.0
"""A pump that obeys only whoever holds the bench, and moves fluid only while the rig's watchdog stands behind it.

The rig refuses a stale fencing token by itself; a pump knows no token. So the session looks at its lease before each
command, and before and after each command that moves fluid it asks the rig itself. A bench that hung until the watchdog
had tripped, and then wakes up and starts the pump, would leave it running for nobody. Before a stop it asks whether the
pump is somebody else's by now, whose run that stop would spoil.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bench.lease.lease_record import LeaseLost
from groundfloor.errors import BenchFault
from instruments.asks_ahead import asked
from instruments.calibration_constant import calibration_of
from instruments.command_frames import frames_of
from instruments.firmware_update import UpdateMessage, firmware_of
from instruments.named_session import names_pump
from instruments.program import Program
from instruments.programming_session import SessionMessage, SessionPart, session_of
from instruments.pump import AlarmEntry, BolusEntry, Command, CommandResult, Pump, PumpIdentity, PumpReading
from instruments.refill_date import refill_due_s
from instruments.session_code import ShownCode, sends_unproven
from instruments.tubing_volume import tubing_volume_ul

Answer = TypeVar("Answer")
MOVES_FLUID = frozenset({Command.START, Command.SINGLE_BOLUS, Command.PATIENT_BOLUS, Command.PRIME})


class FencedPump:
    """A pump, as `instruments.pump.Pump` describes it.

    Args:
        pump: the driver.
        refuse_if_lost: raises LeaseLost when the bench is ours no more.
        refuse_unguarded: raises when the rig would not stop the pump in the bench's place, or is another's; it is told
            what is about to be done, or was done.
        refuse_taken: raises LeaseLost when somebody else has the bench by now; asked before each stop.
    """

    def __init__(
        self,
        pump: Pump,
        refuse_if_lost: Callable[[], None],
        refuse_unguarded: Callable[[str], None],
        refuse_taken: Callable[[], None] = lambda: None,
    ) -> None:
        self._pump = pump
        self._refuse_if_lost = refuse_if_lost
        self._refuse_unguarded = refuse_unguarded
        self._refuse_taken = refuse_taken
        self._started = False

    def identify(self) -> PumpIdentity:
        """Ask the pump who it is."""
        return self._pump.identify()

    def load(self, program: Program) -> CommandResult:
        """Load a program; a pump that was started may go on with it.

        Raises:
            LeaseLost: the bench is not ours any more; nothing was sent.
            BenchFault: the pump was started, and the rig's watchdog is not armed, or has tripped; nothing was sent.
        """
        return self._loaded(lambda: self._pump.load(program))

    def session(self, program: Program, *, checksum_error: bool = False) -> tuple[SessionMessage, ...]:
        """Return the messages of a programming session, if the driver can send them one by one."""
        messages = session_of(self._pump, program, checksum_error=checksum_error)
        return tuple(replace(one, send=partial(self._sent, one)) for one in messages)

    def name_pump(self, serial_number: str) -> None:
        """Write the serial number of the pump that the next program is for, if driver and pump can."""
        self._refuse_if_lost()
        names_pump(self._pump, serial_number)

    def calibration_percent(self) -> float:
        """Return the calibration constant that the pump goes by, if driver and pump can."""
        return calibration_of(self._pump).calibration_percent()

    def enter_calibration(self, percent: float) -> None:
        """Enter the calibration constant of the next program, if driver and pump can."""
        self._refuse_if_lost()
        calibration_of(self._pump).enter_calibration(percent)

    def send_unread(self, command: Command) -> None:
        """Send a command and do not ask what became of it, if the driver can."""
        self._refuse_if_lost()
        self._refuse_unguarded(f"{command}, unread")
        frames_of(self._pump).send_unread(command)

    def send_again(self, command: Command, argument: float = 0.0, behind: int = 0) -> None:
        """Send a command under a number that was used already, if the driver can."""
        self._refuse_if_lost()
        self._refuse_unguarded(f"{command}, again")
        frames_of(self._pump).send_again(command, argument, behind)

    def send_unproven(self, command: Command, shown: ShownCode, argument: float = 0.0) -> None:
        """Send a command that is due without its session code, if the driver can."""
        self._refuse_if_lost()
        self._refuse_unguarded(f"{command} with {shown}")
        sends_unproven(self._pump).send_unproven(command, shown, argument)

    def update(self, image: bytes, *, authorised: bool = False) -> tuple[UpdateMessage, ...]:
        """Return the messages of a firmware update, if the driver can send them."""
        messages = firmware_of(self._pump).update(image, authorised=authorised)
        return tuple(replace(one, send=partial(self._loaded, one.send)) for one in messages)

    def firmware_crc(self) -> int:
        """Return the CRC-32 of the image that runs, if the driver can ask for it."""
        return firmware_of(self._pump).firmware_crc()

    def _sent(self, message: SessionMessage) -> CommandResult | None:
        if message.part is SessionPart.LOAD:
            return self._loaded(message.send)
        self._refuse_if_lost()
        return message.send()

    def _loaded(self, load: Callable[[], Answer]) -> Answer:
        """Load a program; a pump that infuses goes on with it, and one that stopped for its update starts again."""
        self._refuse_if_lost()
        if self._started:
            self._refuse_unguarded(str(Command.LOAD_PROGRAM))
        return load()

    def differences(self, program: Program) -> tuple[str, ...]:
        """Read the program in force; return what of it is not as in `program`."""
        return self._pump.differences(program)

    def command(self, command: Command, argument: float = 0.0) -> CommandResult:
        """Send one command once; a stop is sent unless the pump is somebody else's by now.

        Raises:
            LeaseLost: the bench is not ours any more; nothing was sent, or it was lost in the same moment.
            BenchFault: the rig's watchdog is not armed, or has tripped. If that happened while the command was on its
                way, the pump was told to stop.
        """
        (self._refuse_taken if command is Command.STOP else self._refuse_if_lost)()
        self._started = (self._started or command is Command.START) and command is not Command.STOP
        if command not in MOVES_FLUID:
            return self._pump.command(command, argument)
        self._refuse_unguarded(str(command))
        answer = self._pump.command(command, argument)
        try:
            self._refuse_unguarded(f"{command}, which was given")
        except LeaseLost:
            raise  # the pump may be another's by now, and then it is not ours to stop
        except BenchFault:
            self._pump.command(Command.STOP)
            raise
        return answer

    def read(self) -> PumpReading:
        """Return one snapshot."""
        return self._pump.read()

    def ask_ahead(self) -> Callable[[], PumpReading]:
        """Ask for a snapshot if the driver can, and return what takes it."""
        return asked(self._pump, self._pump.read)

    def tubing_volume_ul(self) -> float | None:
        """Return what its programmer takes its tubing for, if driver and pump can."""
        return tubing_volume_ul(self._pump)

    def refill_due_s(self) -> float:
        """Return when its refill is due, if the driver can ask for it."""
        return refill_due_s(self._pump)

    def alarm_log(self, since: int = 0) -> tuple[AlarmEntry, ...]:
        """Return the alarms logged from number `since` on."""
        return self._pump.alarm_log(since)

    def bolus_log(self, since: int = 0) -> tuple[BolusEntry, ...]:
        """Return the bolus requests logged from number `since` on."""
        return self._pump.bolus_log(since)
