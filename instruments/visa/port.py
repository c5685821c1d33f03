# SPDX-License-Identifier: Apache-2.0
"""PyVISA sessions as byte ports whose reads come back within milliseconds of being told to.

pyvisa-py 0.8.1 counts idle time, so a device that drips bytes holds `read` for ever, and it throws away what had come
when the time is up. Both ports here therefore wait in slices of `SLICE_S`:

- A socket is opened and closed by the library; its bytes go through the session's own socket, in whatever pieces they
  come. The library's read would cost as much as the round trip itself.
- The library's serial read takes one byte at a time and drops them on time-out; here the session's own pyserial port is
  read in blocks instead.

What only a session knows is reached as `visalib.sessions[...]`; this is tied to the pinned version.
"""

import contextlib
import os
import socket
from dataclasses import dataclass
from typing import Any, Protocol, cast

import pyvisa
from pyvisa import constants, rname
from pyvisa.resources import MessageBasedResource, SerialInstrument, TCPIPSocket

from groundfloor.errors import PlanError
from groundfloor.system.line_bytes import LINE_ERRORS
from groundfloor.system.readiness import readiness_of
from groundfloor.system.socket_options import LINGER_NOT, PEEK

SLICE_S = 0.02
_SLICE_MS = 1000 * SLICE_S
_MOST_AT_ONCE = 4096
_SELECT_LIMIT = 1024  # select() takes no file descriptor from here on, and pyvisa-py and pyserial wait with select()


@dataclass(frozen=True)
class SerialSettings:
    """How a serial line is set; the default is the factory setting of MT-SICS balances (9600 8N1, no handshake)."""

    baud_rate: int = 9600
    data_bits: int = 8
    parity: constants.Parity = constants.Parity.none
    stop_bits: constants.StopBits = constants.StopBits.one
    flow_control: constants.ControlFlow = constants.ControlFlow.none


class Port(Protocol):
    """An open byte port; every verb may raise `OSError`, `ValueError` or `pyvisa.VisaIOError`."""

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        ...

    def read(self, remaining_s: float) -> bytes:
        """Return what comes within a slice; empty if nothing came.

        Raises:
            ConnectionAbortedError: the other side has closed.
        """
        ...

    def waiting(self) -> bool:
        """Tell without waiting whether something has come that was not read.

        Raises:
            ConnectionAbortedError: the other side has closed.
        """
        ...

    def abandon(self) -> None:
        """Let the session go, and with it what was sent and has not arrived."""
        ...

    def close(self) -> None:
        """Let the session go."""
        ...


class SocketPort:
    """A `TCPIP::host::port::SOCKET` session, without Nagle's delay, whose socket never blocks."""

    def __init__(self, resource: TCPIPSocket) -> None:
        self._resource = resource
        library = cast(Any, resource.visalib)  # typed without `sessions`, which only pyvisa-py has
        self._socket: socket.socket = library.sessions[resource.session].interface
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._come = readiness_of(self._socket)

    def write(self, data: bytes) -> None:
        """Send all of `data`; a line whose buffer is full is no line any more."""
        self._socket.sendall(data)

    def read(self, remaining_s: float) -> bytes:
        """Return what comes within a slice."""
        if not self._come.poll(_SLICE_MS if remaining_s >= SLICE_S else 1000 * max(0.0, remaining_s)):
            return b""
        data = self._socket.recv(_MOST_AT_ONCE)
        if not data:
            raise ConnectionAbortedError("the other side has closed the connection")
        return data

    def waiting(self) -> bool:
        """Tell whether bytes have come that were not read."""
        if not self._come.poll(0):  # an exception for each time that nothing has come would cost more than the look
            return False
        if not self._socket.recv(1, PEEK):
            raise ConnectionAbortedError("the other side has closed the connection")
        return True

    def abandon(self) -> None:
        """Close by a reset: after a mere close the system would go on delivering what is on its way."""
        with contextlib.suppress(OSError):  # the connection may be gone already
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.close()

    def close(self) -> None:
        """Let the session go."""
        self._resource.close()


class SerialPort:
    """An `ASRL…::INSTR` session, read in blocks."""

    def __init__(self, resource: SerialInstrument, settings: SerialSettings) -> None:
        self._resource = resource
        self._library = cast(Any, resource.visalib)  # typed without `sessions`, which only pyvisa-py has
        self._port = self._library.sessions[resource.session].interface
        resource.timeout = SLICE_S * 1000
        resource.baud_rate = settings.baud_rate
        resource.data_bits = settings.data_bits
        resource.parity = settings.parity
        resource.stop_bits = settings.stop_bits
        resource.flow_control = settings.flow_control

    def write(self, data: bytes) -> None:
        """Send all of `data`."""
        self._library.write(self._resource.session, data)

    def read(self, remaining_s: float) -> bytes:  # noqa: ARG002 - a block read never outlasts its slice
        """Return one byte that comes within a slice, or everything that has come already."""
        data: bytes = self._port.read(max(1, self._port.in_waiting))
        return data

    def waiting(self) -> bool:
        """Tell whether bytes have come that were not read."""
        return bool(self._port.in_waiting)

    def abandon(self) -> None:
        """Let the session go; what was not sent yet is thrown away."""
        with contextlib.suppress(*LINE_ERRORS):  # the device file may be gone already
            self._port.reset_output_buffer()
        self.close()

    def close(self) -> None:
        """Let the session go."""
        self._resource.close()


def open_port(name: str, *, asset: str, open_timeout_s: float, settings: SerialSettings) -> Port:
    """Open the VISA resource `name` with the pyvisa-py back end.

    A socket whose port is closed opens all the same; the first write tells.

    Raises:
        PlanError: `name` is no `TCPIP…SOCKET` and no `ASRL…INSTR` resource.
        OSError: it cannot be opened.
    """
    _check_name(name, asset)
    _check_room_for_select()
    resource = _open_resource(name, open_timeout_s)
    try:
        if isinstance(resource, SerialInstrument):
            return SerialPort(resource, settings)
        assert isinstance(resource, TCPIPSocket)  # narrows the type; _check_name has made sure
        return SocketPort(resource)
    except LINE_ERRORS as refused:
        resource.close()
        raise OSError(f"the line does not take its settings ({settings}): {refused}") from refused
    except BaseException:
        resource.close()
        raise


def _check_name(name: str, asset: str) -> None:
    try:
        parsed = rname.parse_resource_name(name)
    except rname.InvalidResourceName as error:
        raise PlanError(asset, f"open {name}", f"not a VISA resource name: {error}", _NAMES) from error
    if (parsed.interface_type, parsed.resource_class) not in {("TCPIP", "SOCKET"), ("ASRL", "INSTR")}:
        raise PlanError(asset, f"open {name}", "neither a raw socket nor a serial line", _NAMES)


_NAMES = "write TCPIP::host::port::SOCKET or ASRL/dev/ttyUSB0::INSTR, on Windows ASRL5::INSTR for COM5"


def _check_room_for_select() -> None:
    """Refuse early: pyvisa-py would leave a socket behind that nobody can close."""
    descriptor = os.open(os.devnull, os.O_RDONLY)
    os.close(descriptor)
    if descriptor >= _SELECT_LIMIT:
        raise OSError(f"{descriptor} files are open, and select() takes none from {_SELECT_LIMIT} on: close some")


def _open_resource(name: str, open_timeout_s: float) -> MessageBasedResource:
    try:
        resource = pyvisa.ResourceManager("@py").open_resource(name, open_timeout=max(1, int(open_timeout_s * 1000)))
    except Exception as error:  # pyvisa-py 0.8.1 raises bare Exception when it cannot connect
        raise OSError(str(error)) from error
    assert isinstance(resource, MessageBasedResource)
    return resource
