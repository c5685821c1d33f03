# SPDX-License-Identifier: Apache-2.0
"""Where a Modbus device hangs: `tcp://host:port` or `rtu:///dev/ttyX?baudrate=19200&parity=N&stopbits=1`.

What a serial address leaves out is what the standard asks of every device: 19200 baud, even parity, one stop bit
(Modbus over Serial Line V1.02, 2.5.1). A character always has eight data bits, because RTU sends whole bytes.
"""

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, urlsplit

from groundfloor.errors import PlanError

_NEXT = "write tcp://host:port or rtu:///dev/ttyX?baudrate=19200&parity=N&stopbits=1"
_PARITIES = ("N", "E", "O")
_OPTIONS = ("baudrate", "parity", "stopbits")


@dataclass(frozen=True)
class TcpAddress:
    """A Modbus TCP server or gateway; port 502 is the registered one."""

    host: str
    port: int = 502

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"tcp://{host}:{self.port}"


@dataclass(frozen=True)
class RtuAddress:
    """A serial line that speaks Modbus RTU."""

    device: str
    baudrate: int = 19200
    parity: str = "E"
    stopbits: int = 1

    @property
    def character_s(self) -> float:
        """Return the time of one character on the line, start, parity and stop bits included."""
        return (9 + (self.parity != "N") + self.stopbits) / self.baudrate

    def __str__(self) -> str:
        return f"rtu://{self.device}?baudrate={self.baudrate}&parity={self.parity}&stopbits={self.stopbits}"


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
    raise ValueError(f"{parts.scheme!r} is neither tcp nor rtu")


def _tcp(parts: SplitResult) -> TcpAddress:
    if not parts.hostname:
        raise ValueError("it names no host")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("after the port nothing may follow, and before the host nothing may stand")
    if parts.port is None:
        return TcpAddress(parts.hostname)
    if parts.port == 0:
        raise ValueError("port 0 is no port")
    return TcpAddress(parts.hostname, parts.port)


def _rtu(parts: SplitResult) -> RtuAddress:
    if parts.netloc or not parts.path.startswith("/") or parts.path.endswith("/"):
        raise ValueError("the serial device is a whole path, after three slashes")
    if parts.fragment:
        raise ValueError("a serial address has no # part")
    options = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=True) if parts.query else []
    names = [name for name, _ in options]
    strange = [name for name in names if name not in _OPTIONS or names.count(name) > 1]
    if strange:
        raise ValueError(f"{strange[0]!r} is unknown or there twice; the options are {', '.join(_OPTIONS)}")
    given = dict(options)
    return RtuAddress(
        parts.path,
        baudrate=_whole(given.get("baudrate", "19200"), "baudrate", 300, 4_000_000),
        parity=_parity(given.get("parity", "E")),
        stopbits=_whole(given.get("stopbits", "1"), "stopbits", 1, 2),
    )


def _whole(text: str, what: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:12]) <= most):
        raise ValueError(f"{what} {text!r} is no whole number from {least} to {most}")
    return int(text)


def _parity(text: str) -> str:
    if text not in _PARITIES:
        raise ValueError(f"parity {text!r} is none of {', '.join(_PARITIES)}")
    return text
