# SPDX-License-Identifier: Apache-2.0
"""What the bench can ask of a pump, whatever wire it hangs on."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from groundfloor.errors import BenchFault
from instruments.program import Program


class Alarm(StrEnum):
    """Alarms by the names that register maps use."""

    OCCLUSION = "occlusion"
    DISCONNECT = "disconnect"
    RESERVOIR_EMPTY = "reservoir_empty"
    LOW_RESERVOIR = "low_reservoir"
    STALL = "stall"
    LOW_BATTERY = "low_battery"
    MEMORY = "memory"
    END_OF_SERVICE = "end_of_service"


class PumpState(StrEnum):
    """What a pump is doing; BOLUS means that a bolus runs now, on top of a basal rate if there is one."""

    STOPPED = "stopped"
    INFUSING = "infusing"
    BOLUS = "bolus"
    PRIMING = "priming"
    ALARM_STOPPED = "alarm_stopped"


class Command(StrEnum):
    """Commands by the names that register maps use."""

    LOAD_PROGRAM = "load_program"
    START = "start"
    STOP = "stop"
    SINGLE_BOLUS = "single_bolus"
    PATIENT_BOLUS = "patient_bolus"
    PRIME = "prime"
    SILENCE = "silence"
    ACKNOWLEDGE = "acknowledge"
    REFILL_DONE = "refill_done"
    INTERROGATE = "interrogate"
    SET_CLOCK = "set_clock"
    UPDATE_BEGIN = "update_begin"
    UPDATE_BEGIN_AUTHORISED = "update_begin_authorised"
    UPDATE_BLOCK = "update_block"
    UPDATE_FINISH = "update_finish"


class CommandResult(StrEnum):
    """What became of a command: accepted, or the reason of the refusal."""

    NONE = "none"
    ACCEPTED = "accepted"
    UNKNOWN_COMMAND = "unknown_command"
    WRONG_STATE = "wrong_state"
    BAD_CHECKSUM = "bad_checksum"
    RATE_OUT_OF_RANGE = "rate_out_of_range"
    BAD_SCHEDULE = "bad_schedule"
    BAD_BOLUS = "bad_bolus"
    LOCKOUT = "lockout"
    DAILY_MAXIMUM = "daily_maximum"
    ALARM_STANDING = "alarm_standing"
    RESERVOIR_EMPTY = "reservoir_empty"
    NO_PROGRAM = "no_program"
    WRONG_PUMP = "wrong_pump"
    WRONG_CALIBRATION = "wrong_calibration"
    NOT_AUTHENTICATED = "not_authenticated"


class CommandUnknown(BenchFault):
    """A command was sent and nobody can tell whether it was carried out. Stop the pump, look, then go on."""


@dataclass(frozen=True)
class PumpIdentity:
    """Who the pump says it is; a twin's `firmware_version` ends in `-twin`."""

    model: str
    serial_number: str
    firmware_version: str


@dataclass(frozen=True)
class PumpReading:
    """One consistent snapshot, read in one request.

    `catheter_pressure_kpa` is NaN for a pump without the sensor.
    """

    device_clock_s: float
    state: PumpState
    active_rate_ul_per_h: float
    counter_ul: float
    reservoir_volume_ul: float
    battery_percent: float
    catheter_pressure_kpa: float
    alarms: frozenset[Alarm]
    alarm_log_count: int
    bolus_log_count: int


@dataclass(frozen=True)
class AlarmEntry:
    """A line of the pump's alarm log, in seconds of the device clock; `cleared_s` is None while it stands."""

    number: int
    alarm: Alarm
    onset_s: float
    cleared_s: float | None


@dataclass(frozen=True)
class BolusEntry:
    """A line of the pump's bolus log: when it was asked for (device clock), what became of it, volume so far."""

    number: int
    requested_s: float
    outcome: CommandResult
    volume_ul: float


class Pump(Protocol):
    """A pump on the bench."""

    def identify(self) -> PumpIdentity:
        """Ask the pump who it is."""
        ...

    def load(self, program: Program) -> CommandResult:
        """Stage `program` and load it by checksum; whether it is in force then, `differences` tells.

        Returns:
            ACCEPTED, or the pump's reason for refusing it.

        Raises:
            BenchFault: the wire failed.
        """
        ...

    def differences(self, program: Program) -> tuple[str, ...]:
        """Read the program in force; return what of it is not as in `program`, a phrase each.

        Raises:
            BenchFault: the wire failed, so that nobody can tell what the pump itself says.
        """
        ...

    def command(self, command: Command, argument: float = 0.0) -> CommandResult:
        """Send one command once and return what became of it; it is never sent twice.

        Raises:
            CommandUnknown: neither an answer nor a read-back tells whether it was carried out.
        """
        ...

    def read(self) -> PumpReading:
        """Return one snapshot."""
        ...

    def alarm_log(self, since: int = 0) -> tuple[AlarmEntry, ...]:
        """Return the alarms logged from number `since` on, oldest first, as far back as the ring reaches.

        Raises:
            BenchFault: the wire failed.
            PumpFailure: the log holds fewer lines than `since`, or one of them is empty.
        """
        ...

    def bolus_log(self, since: int = 0) -> tuple[BolusEntry, ...]:
        """Return the bolus requests logged from number `since` on, oldest first, as far back as the ring reaches.

        Raises:
            BenchFault: the wire failed.
            PumpFailure: the log holds fewer lines than `since`, or one of them is empty.
        """
        ...
