# SPDX-License-Identifier: Apache-2.0
"""Where a Modbus device hangs: `tcp://host:port`, `rtu:///dev/ttyX?baudrate=19200&parity=N`, `rtu+tcp://host:port`.

The last is a serial line behind a server that passes its bytes on as they are; its frames are those of RTU.

    tcp://host:502?reconnect=yes          a new connection for each exchange: the server closes after its reply
    rtu://COM5?baudrate=19200             a serial port of Windows
    rtu:///dev/ttyX?echo=yes              a two-wire adapter that hears itself: the echo is compared and taken off
    rtu:///dev/ttyX?silence_ms=20         the silence between two frames, where 3.5 characters are too short
    rtu+tcp://host:4001?baudrate=9600     the line's own settings; the server keeps them, the bench times by them

What a serial address leaves out is what the standard asks of every device: 19200 baud, even parity, one stop bit
(Modbus over Serial Line V1.02, 2.5.1). A character always has eight data bits, because RTU sends whole bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from groundfloor.errors import PlanError

_COM_PORT = re.compile(r"COM[1-9][0-9]{0,2}", re.IGNORECASE)
_NEXT = "write tcp://host:port, rtu:///dev/ttyX?baudrate=19200&parity=N&stopbits=1 or rtu+tcp://host:port"
_PARITIES = ("N", "E", "O")
_SERIAL_OPTIONS = ("baudrate", "parity", "stopbits", "echo", "silence_ms")
_TCP_OPTIONS = ("reconnect",)
_YES_OR_NO = {"yes": True, "no": False}
_MOST_SILENCE_MS = 1000


@dataclass(frozen=True)
class TcpAddress:
    """A Modbus TCP server or gateway; port 502 is the registered one."""

    host: str
    port: int = 502
    reconnect: bool = False

    def __str__(self) -> str:
        return f"tcp://{_bracketed(self.host)}:{self.port}{'?reconnect=yes' if self.reconnect else ''}"


@dataclass(frozen=True)
class RtuAddress:
    """A serial line that speaks Modbus RTU.

    Attributes:
        device: the path of its device file; empty where a server leads to it.
        baudrate, parity, stopbits: of its characters, which have eight data bits.
        echo: whether the adapter hears what it sends.
        silence_ms: between two frames; None for 3.5 characters, as the standard asks for.
        server: host and port of the server that passes its bytes on; None for a line of this computer.
    """

    device: str
    baudrate: int = 19200
    parity: str = "E"
    stopbits: int = 1
    echo: bool = False
    silence_ms: int | None = None
    server: tuple[str, int] | None = None

    @property
    def character_s(self) -> float:
        """Return the time of one character on the line, start, parity and stop bits included."""
        return (9 + (self.parity != "N") + self.stopbits) / self.baudrate

    def __str__(self) -> str:
        settings = f"?baudrate={self.baudrate}&parity={self.parity}&stopbits={self.stopbits}"
        settings += "&echo=yes" if self.echo else ""
        settings += f"&silence_ms={self.silence_ms}" if self.silence_ms is not None else ""
        if self.server is not None:
            return f"rtu+tcp://{_bracketed(self.server[0])}:{self.server[1]}{settings}"
        return f"rtu://{self.device}{settings}"


ModbusAddress = TcpAddress | RtuAddress


def parse_modbus_address(text: str) -> ModbusAddress:
    """Return the address that `text` means.

    Raises:
        PlanError: it is no Modbus address; what is wrong is named.
    """
    try:
        return _address(urlsplit(text))
    except ValueError as wrong:
        raise PlanError(f"Modbus address {text!r}", "parse", str(wrong), _NEXT) from wrong


def _address(parts: SplitResult) -> ModbusAddress:
    if parts.scheme == "tcp":
        return _tcp(parts)
    if parts.scheme == "rtu":
        return _rtu(parts)
    if parts.scheme == "rtu+tcp":
        return _rtu_behind_a_server(parts)
    if parts.scheme in ("udp", "rtu+udp"):
        raise ValueError("UDP loses and repeats messages without a word, and is not spoken")
    raise ValueError(f"{parts.scheme!r} is neither tcp nor rtu")


def _tcp(parts: SplitResult) -> TcpAddress:
    host, port = _server(parts)
    given = _options(parts, _TCP_OPTIONS)
    return TcpAddress(host, 502 if port is None else port, _yes(given.get("reconnect", "no"), "reconnect"))


def _server(parts: SplitResult) -> tuple[str, int | None]:
    if not parts.hostname:
        raise ValueError("it names no host")
    if parts.path not in ("", "/") or parts.fragment or parts.username is not None:
        raise ValueError("after the port nothing may follow but ?, and before the host nothing may stand")
    if parts.port == 0:
        raise ValueError("port 0 is no port")
    return parts.hostname, parts.port


def _rtu_behind_a_server(parts: SplitResult) -> RtuAddress:
    host, port = _server(parts)
    if port is None:
        raise ValueError("it names no port: no port is registered for the bytes of a serial line")
    return _serial(parts, "", (host, port))


def _rtu(parts: SplitResult) -> RtuAddress:
    if _COM_PORT.fullmatch(parts.netloc) and not parts.path:
        return _serial(parts, parts.netloc.upper(), None)
    if parts.netloc or not parts.path.startswith("/") or parts.path.endswith("/"):
        raise ValueError("the serial device is a whole path, after three slashes")
    if parts.fragment:
        raise ValueError("a serial address has no # part")
    return _serial(parts, parts.path, None)


def _options(parts: SplitResult, known: Sequence[str]) -> dict[str, str]:
    options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True) if parts.query else []
    names = [name for name, _ in options]
    strange = [name for name in names if name not in known or names.count(name) > 1]
    if strange:
        raise ValueError(f"{strange[0]!r} is unknown or there twice; the options are {', '.join(known)}")
    return dict(options)


def _serial(parts: SplitResult, device: str, server: tuple[str, int] | None) -> RtuAddress:
    given = _options(parts, _SERIAL_OPTIONS)
    silence = given.get("silence_ms")
    return RtuAddress(
        device,
        baudrate=_whole(given.get("baudrate", "19200"), "baudrate", 300, 4_000_000),
        parity=_parity(given.get("parity", "E")),
        stopbits=_whole(given.get("stopbits", "1"), "stopbits", 1, 2),
        echo=_yes(given.get("echo", "no"), "echo"),
        silence_ms=None if silence is None else _whole(silence, "silence_ms", 1, _MOST_SILENCE_MS),
        server=server,
    )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _yes(text: str, what: str) -> bool:
    if text not in _YES_OR_NO:
        raise ValueError(f"{what} {text!r} is neither yes nor no")
    return _YES_OR_NO[text]


def _whole(text: str, what: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:12]) <= most):
        raise ValueError(f"{what} {text!r} is no whole number from {least} to {most}")
    return int(text)


def _parity(text: str) -> str:
    if text not in _PARITIES:
        raise ValueError(f"parity {text!r} is none of {', '.join(_PARITIES)}")
    return text
