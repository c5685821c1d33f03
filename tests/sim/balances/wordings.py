# SPDX-License-Identifier: Apache-2.0
"""How each dialect words things, written down by hand for the tests: neither driver nor twin is asked."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from instruments.balance_access import BalanceAccess
from instruments.balances.a_and_d import DIALECT as A_AND_D
from instruments.balances.dialect import Dialect
from instruments.balances.ohaus import DIALECT as OHAUS
from instruments.balances.plain_balance import PlainBalance
from instruments.balances.radwag import DIALECT as RADWAG
from instruments.balances.sbi import DIALECT as SBI
from tests.sim.bad_wire import BadWire
from tests.sim.scripted_balance import Action, ScriptedBalance

TIMEOUT_S = 0.12
QUIET_S = 0.02
STABLE_S = 0.4


def _sbi(value: Decimal, stable: bool, unit: str = "g") -> bytes:
    return b"N     %s %8s %-3s\r\n" % (_sign(value), _digits(value), (unit if stable else "").encode())


def _a_and_d(value: Decimal, stable: bool, unit: str = "g") -> bytes:
    return b"%s,%s%s%3s\r\n" % (b"ST" if stable else b"US", _sign(value), _digits(value).zfill(8), unit.encode())


def _ohaus(value: Decimal, stable: bool, unit: str = "g") -> bytes:
    return b"%10s %s%s\r\n" % (str(value).encode(), unit.encode(), b"" if stable else b" ?")


def _radwag(value: Decimal, stable: bool, unit: str = "g") -> bytes:
    sign = b"-" if value < 0 else b" "
    return b"SI %s %s%9s %-3s\r\n" % (b" " if stable else b"?", sign, _digits(value), unit.encode())


def _sign(value: Decimal) -> bytes:
    return b"-" if value < 0 else b"+"


def _digits(value: Decimal) -> bytes:
    return str(abs(value)).encode()


Weight = Callable[..., bytes]


@dataclass(frozen=True)
class Wording:
    """One dialect by its bytes."""

    dialect: Dialect
    weight: Weight
    inquiries: Mapping[bytes, bytes]
    over: bytes
    under: bytes
    busy: bytes = b""
    tare_done: bytes = b""
    zero_done: bytes = b""
    tare_refused: bytes = b""
    tare_memory: Callable[[Decimal], bytes] | None = None
    unknown: bytes = b""
    stop: Mapping[bytes, bytes] = field(default_factory=dict)

    @property
    def word(self) -> str:
        return self.dialect.word


WORDINGS = (
    Wording(
        SBI,
        _sbi,
        {
            b"\x1bx1_": b"MSE1203S-100-DR     \r\n",
            b"\x1bx2_": b"0032705491          \r\n",
            b"\x1bx3_": b"00-39-21            \r\n",
        },
        over=b"Stat       High     \r\n",
        under=b"Stat       Low      \r\n",
    ),
    Wording(
        A_AND_D,
        _a_and_d,
        {b"?TN": b"TN,FX-300i\r\n", b"?SN": b"SN,15612345\r\n"},
        over=b"OL,+9999999\r\n",
        under=b"OL,-9999999\r\n",
        busy=b"EC,E02\r\n",
        tare_memory=lambda tare: b"PT,+%s  g\r\n" % _digits(tare).zfill(8),
    ),
    Wording(
        OHAUS,
        _ohaus,
        {b"PV": b"Sr 2.03\r\n", b"PSN": b"B712345678\r\n"},
        over=b"Err 8.3\r\n",
        under=b"Err 8.4\r\n",
        tare_done=b"OK!\r\n",
        zero_done=b"OK!\r\n",
        tare_refused=b"ES\r\n",
        tare_memory=lambda tare: b"%10s g\r\n" % _digits(tare),
        unknown=b"ES\r\n",
    ),
    Wording(
        RADWAG,
        _radwag,
        {
            b"NB": b'NB A "1234567"\r\n',
            b"BN": b'BN A "XA 82/220"\r\n',
            b"RV": b'RV A "1.1.8"\r\n',
            b"FS": b'FS A "220.000 g"\r\n',
        },
        over=b"SI ^  9999.9999 g  \r\n",
        under=b"SI v -9999.9999 g  \r\n",
        busy=b"SI I\r\n",
        tare_done=b"T A\r\nT D\r\n",
        zero_done=b"Z A\r\nZ D\r\n",
        tare_refused=b"T A\r\nT E\r\n",
        tare_memory=lambda tare: b"OT %9s g   \r\n" % _digits(tare),
        unknown=b"ES\r\n",
        stop={b"C0": b"C0 A\r\n"},
    ),
)


class LineBalance:
    """A scripted balance that speaks one of these dialects; each weight that it sends is another one.

    Attributes:
        device: the line, its wire and its log.
        knows_inquiries: whether it answers questions about itself; if not, the driver has no fence.
        net: the weight of this moment.
    """

    def __init__(self, device: ScriptedBalance, wording: Wording, *, knows_inquiries: bool = True) -> None:
        self.device = device
        self.wording = wording
        self.knows_inquiries = knows_inquiries
        self.stable = True
        self.unit = "g"
        self.says: bytes | None = None
        self.tares = True
        self._gross = Decimal("60.0000")
        self._tare = Decimal("0.0000")
        device.speak = self._speak

    def _speak(self, command: bytes) -> bytes:
        wording, dialect = self.wording, self.wording.dialect
        if command == dialect.weigh:
            return self._weight()
        if command in (dialect.tare, dialect.zero):
            if self.tares:
                self._tare = self._gross
            return wording.tare_done if command == dialect.tare else wording.zero_done
        if command == dialect.tare_memory and wording.tare_memory is not None:
            return wording.tare_memory(self._tare)
        if self.knows_inquiries and command in wording.inquiries:
            return wording.inquiries[command]
        return wording.stop.get(command, b"" if command == dialect.hush else wording.unknown)

    def _weight(self) -> bytes:
        if self.says is not None:
            return self.says
        net = self._gross - self._tare
        self._gross += Decimal("0.0001")
        self.device.weights.append(net)
        return self.wording.weight(net, self.stable, self.unit)

    def spoil(self, wire: BadWire) -> None:
        """Put a bad wire in between; what is not answered is not spoilt."""

        def bad(command: bytes, reply: bytes) -> list[Action]:
            return wire(command, reply) if reply else []

        self.device.wire = bad

    def restart(self) -> None:
        """Come up anew without a word: zero and tare are gone."""
        self._tare = Decimal("0.0000")


@contextmanager
def line_balance(wording: Wording, *, knows_inquiries: bool = True, pty: bool = False) -> Iterator[LineBalance]:
    """A balance of this dialect on a socket, or on a pseudo-terminal."""
    with ScriptedBalance(pty=pty) as device:
        yield LineBalance(device, wording, knows_inquiries=knows_inquiries)


def opened(balance: LineBalance, **access: object) -> PlainBalance:
    """The driver on it."""
    wanted = {
        "timeout_s": TIMEOUT_S,
        "stable_timeout_s": STABLE_S,
        "accept_unverified_settings": True,
        "capacity_g": 220.0,
        **access,
    }
    reached = BalanceAccess(balance.device.resource, **wanted)  # type: ignore[arg-type]
    return PlainBalance.open(balance.wording.dialect, reached, quiet_s=QUIET_S)
