# SPDX-License-Identifier: Apache-2.0
"""A pump on a serial line that speaks lines of ASCII: `driver = "examples/ascii-pump/driver.py:AsciiPumpDriver"`.

`>7 STATUS*43` is answered `<7 CLK=… STA=…*1B`: the tag pairs them, the digits are the sum of the bytes before the star.
A command carries a number; one whose reply was lost is looked up by it, and never given twice.
"""

import contextlib
import itertools
from collections.abc import Mapping, Sequence

import serial

from groundfloor.errors import BenchFault, NoAnswer, PlanError
from groundfloor.wall_clock import Deadline
from instruments.device_access import DeviceAccess
from instruments.drivers.open_lines import OpenLines
from instruments.program import Mode, Program
from instruments.pump import Alarm, Command, CommandResult, CommandUnknown, PumpIdentity, PumpReading, PumpState
from instruments.pump_feature import PumpFeature

COMMANDS = (Command.LOAD_PROGRAM, Command.START, Command.STOP, Command.ACKNOWLEDGE)
HAS = ("identity", "counter", "program_read_back", "continuous")


def framed(text: str) -> bytes:
    return f"{text}*{sum(text.encode()) % 256:02X}\r\n".encode()


class AsciiPump:
    """The pump, as `instruments.pump.Pump` describes it."""

    def __init__(self, access: DeviceAccess) -> None:
        self._timeout_s, self._tags = access.timeout_s, itertools.count(1)
        try:
            self._port = serial.serial_for_url(access.address, baudrate=9600)
        except (OSError, serial.SerialException) as closed:
            raise BenchFault("pump", "open", str(closed), "check that the port is there and free") from closed
        self.close = self._port.close
        self._number = int(self._status()["NUM"])

    def identify(self) -> PumpIdentity:
        return PumpIdentity(*self._read("ID").split(","))

    def read(self) -> PumpReading:
        told, nan = self._status(), float("nan")
        alarms = frozenset(Alarm(one) for one in told["ALM"].split(",") if one)
        clock_s, rate, counter = (float(told[name]) for name in ("CLK", "RAT", "VOL"))
        return PumpReading(clock_s, PumpState(told["STA"]), rate, counter, nan, nan, nan, alarms, 0, 0)

    def load(self, program: Program) -> CommandResult:
        if program.mode is not Mode.CONTINUOUS or len(program.steps) != 1 or program.ptm_volume_ul:
            raise PlanError("pump", "load", f"it has one rate, and this is {program}", "use continuous therapies")
        rate = f"{program.steps[0].rate_ul_per_h:.4f}"
        if (held := self._read(f"RATE {rate}")) != rate:  # it moves nothing, so it may be told again
            raise BenchFault("pump", "load", f"told {rate}, it holds {held}", "see which rates it has")
        return self.command(Command.LOAD_PROGRAM)

    def differences(self, program: Program) -> tuple[str, ...]:
        held, wanted = float(self._status()["SET"]), program.steps[0].rate_ul_per_h if program.steps else 0.0
        return () if abs(held - wanted) < 5e-5 else (f"rate is {held}, staged was {wanted}",)

    def command(self, command: Command, argument: float = 0.0) -> CommandResult:  # noqa: ARG002  it has none
        if command not in COMMANDS:
            return CommandResult.UNKNOWN_COMMAND
        self._number += 1
        try:
            return CommandResult(self._exchange(f"DO {self._number} {command}"))
        except NoAnswer as silent:
            told = self._status()
            if int(told["NUM"]) != self._number:
                raise CommandUnknown("pump", f"command {command}", silent.seen, "stop it and look at it") from silent
            return CommandResult(told["RES"])

    def alarm_log(self, since: int = 0) -> tuple[()]:  # noqa: ARG002  it keeps none
        return ()

    bolus_log = alarm_log

    def _status(self) -> Mapping[str, str]:
        return dict(word.partition("=")[::2] for word in self._read("STATUS").split(" "))

    def _read(self, request: str) -> str:
        for _ in range(2):
            with contextlib.suppress(NoAnswer):  # what moves nothing may be asked again
                return self._exchange(request)
        return self._exchange(request)

    def _exchange(self, request: str) -> str:
        tag, deadline, came = next(self._tags), Deadline(self._timeout_s), b""
        try:
            self._port.write(framed(f">{tag} {request}"))
            while not deadline.passed():
                self._port.timeout = deadline.remaining_s()
                came = self._port.readline()
                text = came.decode("ascii", "replace").rpartition("*")[0]
                if text.startswith(f"<{tag} ") and came == framed(text):
                    return text.partition(" ")[2]
        except (OSError, serial.SerialException) as broken:
            raise NoAnswer("pump", request, str(broken), "check its cable and its power") from broken
        raise NoAnswer("pump", request, f"no reply within {self._timeout_s:g} s; last {came!r}", "check its cable")


class AsciiPumpDriver:
    """Opens such pumps, as `instruments.drivers.contract.PumpDriver` describes it."""

    def check_address(self, address: str) -> None:
        if not address.startswith(("/dev/", "COM", "socket://")):
            raise PlanError(f"address {address!r}", "check", "it is no serial port", "write /dev/ttyX or socket://…")

    def check_map(self, access: DeviceAccess) -> None: ...

    def lacks(self, access: DeviceAccess) -> Mapping[str, Sequence[str]]:  # noqa: ARG002  all of them are alike
        return {str(one): ("a word for it",) for one in (*PumpFeature, *Mode, "patient_bolus") if one not in HAS}

    def opens_once(self, access: DeviceAccess) -> bool:  # noqa: ARG002  as a serial line is
        return True

    def open(self, access: DeviceAccess, lines: OpenLines) -> AsciiPump:
        return lines.shared(access.address, AsciiPump, lambda: AsciiPump(access))
