# SPDX-License-Identifier: Apache-2.0
r"""Sartorius SBI: commands are an escape and a letter, weights are fields of fixed width.

Documented (Sartorius, data interface of the Entris II and Cubis balances; seen on an MSE1203S by the authors of
sartoriuslib): `ESC P` prints, `ESC U` tares, `ESC V` zeroes, `ESC x1_` `x2_` `x3_` print type, serial number and
software version in a field of 20 characters. A weight is sign, blank, 8 characters, blank, unit of 3 characters, CR
LF (16); with the menu's "22 characters" an id of 6 stands before it, `N     ` net or `G     ` gross. **An unstable
weight has no unit.** A line `Stat` tells `High`, `Low`, `OFF` or `Err ###`. Usual line: 9600 8-O-1; older ones 1200
7-O-1 with CTS. Tare and zero are not acknowledged, and both set a paused automatic printing going again.

*Assumed*: the id of one balance changes between net and gross only with its tare; the sign is blank for zero alone; a
16-character `Stat` line is the same without the word; the print setting of the menu is "without stability", as `ESC
P` otherwise waits.
"""

import re
from decimal import Decimal

from pyvisa.constants import Parity

from instruments.balances.dialect import Dialect, Fact, Inquiry
from instruments.balances.weight_line import NotALine, Trouble, WeightLine
from instruments.visa.port import SerialSettings

_WEIGHT = re.compile(rb"(?:([NG]) {5})?([+\- ]) (?=.{8} )( *(?:0|[1-9]\d*)\.\d+) ([A-Za-z%]{1,3} *(?<=.{3})|   )\r\n")
_STATUS = re.compile(rb"(?:Stat {2})? *(High|Low|OFF|Off|Err *\d+|H|L) *\r\n")
_TROUBLES = {
    b"High": Trouble.OVERLOAD,
    b"H": Trouble.OVERLOAD,
    b"Low": Trouble.UNDERLOAD,
    b"L": Trouble.UNDERLOAD,
    b"OFF": Trouble.STANDBY,
    b"Off": Trouble.STANDBY,
}
_TEXT = re.compile(rb"([ -~]{1,22})\r\n")


def read_weight(line: bytes) -> WeightLine:
    """Read a line as the answer to `ESC P`."""
    found = _WEIGHT.fullmatch(line)
    if found is not None and len(line) in (16, 22):
        kind, sign, digits, unit = ((part or b"").decode() for part in found.groups())
        value, unit = Decimal(digits.strip()), unit.strip()
        if sign == " " and value:
            raise NotALine(f"a weight without its sign: {line!r}")
        return WeightLine(-value if sign == "-" else value, unit, bool(unit), len(line), kind)
    status = _STATUS.fullmatch(line)
    if status is not None:
        return WeightLine(trouble=_TROUBLES.get(status[1], Trouble.DEVICE_ERROR))
    raise NotALine(f"neither a weight nor a status of SBI: {line!r}")


def read_text(line: bytes) -> str | None:
    """Read a line as the answer to `ESC x1_` and its like, which has no mark of its own."""
    found = _TEXT.fullmatch(line)
    if found is None or recognises(line):
        raise NotALine(f"no text: {line!r}")
    return found[1].decode().strip()


def recognises(line: bytes) -> bool:
    """Tell whether the line is a weight or a status of SBI."""
    try:
        read_weight(line)
    except NotALine:
        return False
    return True


DIALECT = Dialect(
    word="sbi",
    name="Sartorius balance (SBI)",
    weigh=b"\x1bP",
    read_weight=read_weight,
    tare=b"\x1bU",
    zero=b"\x1bV",
    recognises=recognises,
    inquiries={
        Fact.MODEL: Inquiry(b"\x1bx1_", read_text),
        Fact.SERIAL_NUMBER: Inquiry(b"\x1bx2_", read_text),
        Fact.FIRMWARE_VERSION: Inquiry(b"\x1bx3_", read_text),
    },
    serial=SerialSettings(9600, 8, Parity.odd),
    settings="auto zero, automatic adjustment (isoCAL), printing without stability and cyclic printing",
)
