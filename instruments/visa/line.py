# SPDX-License-Identifier: Apache-2.0
"""A line-oriented instrument over PyVISA: whole lines out, whole lines in, within a total deadline.

PyVISA carries the bytes, everything else is here: a half line stays in the line's own buffer instead of being lost or
handed out as a value, a deadline counts from the request and not from the last byte, silence and a dead connection are
different errors, and a connection that broke is closed at once so that nothing late can come out of it.
A `VisaLine` knows nothing of the instrument's language and does not lock: one dialogue owns it.
"""

import pyvisa

from groundfloor.errors import NoAnswer
from groundfloor.wall_clock import Deadline
from instruments.visa.port import Port, SerialSettings, open_port

_LONGEST_LINE = 512
_CHECK = "check power, cable and address; nobody else may use this line"


class LineFault(NoAnswer):
    """The exchange under way is in doubt: what was asked may or may not have been done, its answer may still come."""


class LineSilent(LineFault):
    """No whole line came within the deadline."""


class LineLost(LineFault):
    """The connection is gone; `reconnect` makes a new one."""


class VisaLine:
    """One connection to one instrument that speaks in lines ending in a line feed."""

    def __init__(
        self,
        resource: str,
        *,
        asset: str,
        open_timeout_s: float = 2.0,
        serial: SerialSettings | None = None,
    ) -> None:
        self.resource = resource
        self._asset = asset
        self._open_timeout_s = open_timeout_s
        self._serial = serial or SerialSettings()
        self._port: Port | None = None
        self._rest = b""
        self._operation = "open"
        self.reconnect()

    @property
    def is_open(self) -> bool:
        """Whether there is a connection, as far as this side knows."""
        return self._port is not None

    def reconnect(self) -> None:
        """Close what is open and connect anew; what was still to come from the old connection is gone.

        Raises:
            LineLost: it cannot be opened.
        """
        self._abandon()
        try:
            self._port = open_port(
                self.resource, asset=self._asset, open_timeout_s=self._open_timeout_s, settings=self._serial
            )
        except (OSError, pyvisa.Error) as error:
            raise LineLost(self._asset, f"open {self.resource}", str(error), _CHECK) from error

    def send(self, command: bytes) -> None:
        """Send one command; CR LF is added.

        Raises:
            LineLost: the connection does not take it. Whether the instrument got it is unknown.
        """
        self._operation = command.decode("latin-1")
        port = self._connected()
        try:
            port.write(command + b"\r\n")
        except (OSError, ValueError, pyvisa.Error) as error:
            raise self._lost(error) from error

    def receive(self, deadline: Deadline) -> bytes:
        """Return the next line with its line feed.

        Raises:
            LineSilent: the deadline passed; a half line stays here for `drain` to throw away.
            LineLost: the connection broke, or what comes has no end.
        """
        while True:
            end = self._rest.find(b"\n") + 1
            if end:
                line, self._rest = self._rest[:end], self._rest[end:]
                return line
            if len(self._rest) > _LONGEST_LINE:
                raise self._lost(f"{len(self._rest)} bytes without a line end")
            if deadline.passed():
                raise self._silent(deadline)
            self._rest += self._read(deadline.remaining_s())

    def pending(self) -> bool:
        """Tell without waiting whether something has come that nobody asked for.

        Raises:
            LineLost: the other side has closed the connection.
        """
        if self._rest:
            return True
        port = self._connected()
        try:
            return port.waiting()
        except (OSError, pyvisa.Error) as error:
            raise self._lost(error) from error

    def drain(self, quiet_s: float, limit_s: float) -> list[bytes]:
        """Throw away what comes until nothing has come for `quiet_s`, at most for `limit_s`.

        Returns it by lines, the last one perhaps cut.

        Raises:
            LineLost: the connection broke.
        """
        limit, quiet = Deadline(limit_s), Deadline(quiet_s)
        thrown, self._rest = self._rest, b""
        while not (quiet.passed() or limit.passed()):
            block = self._read(quiet.remaining_s())
            if block:
                thrown += block
                quiet = Deadline(quiet_s)
        return thrown.splitlines(keepends=True)

    def close(self) -> None:
        """Let the connection go; a second time does nothing."""
        port, self._port, self._rest = self._port, None, b""
        if port is not None:
            port.close()

    def _read(self, remaining_s: float) -> bytes:
        port = self._connected()
        try:
            return port.read(remaining_s)
        except (OSError, ValueError, pyvisa.Error) as error:
            raise self._lost(error) from error

    def _connected(self) -> Port:
        if self._port is None:
            raise LineLost(self._asset, self._operation, f"{self.resource} is not connected", _CHECK)
        return self._port

    def _abandon(self) -> None:
        port, self._port, self._rest = self._port, None, b""
        if port is not None:
            port.abandon()

    def _lost(self, why: object) -> LineLost:
        self._abandon()
        return LineLost(self._asset, self._operation, f"{self.resource}: {why}", _CHECK)

    def _silent(self, deadline: Deadline) -> LineSilent:
        got = f", only {self._rest!r}" if self._rest else ""
        return LineSilent(
            self._asset,
            self._operation,
            f"no whole line from {self.resource} within {deadline.limit_s:g} s{got}",
            _CHECK,
        )
