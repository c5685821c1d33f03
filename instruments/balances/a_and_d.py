# SPDX-License-Identifier: Apache-2.0
r"""A&D standard format: a header of two letters, a comma, a weight filled up with zeros.

Documented (A&D, FX-i, FZ-i and GX-K manuals): `Q` or `SI` asks for the weight of this moment, `C` ends `SIR`, `R` or
`Z` re-zeroes, `T` tares, `?TN` `?SN` `?PT` ask for model, serial number and tare. `ST,+00123.45  g` is stable, `US,`
is not, `OL,` is out of range and carries something like a number. With the setting `erCd 1` orders are acknowledged
by 06h and refused by `EC,E..`; by default nothing is. Usual line: 2400 7-E-1.

*Assumed* (written down from general knowledge, no instrument was at hand): the value has 8 characters and the unit 3,
right aligned; `?TN` and `?SN` answer `TN,` and `SN,` and the text; `?PT` answers `PT,` and a weight, and tells the tare
that `T` has taken (if it stays at zero, it is no witness of anything, and nothing is made of it); `OL,-` is underload.
"""

import re
from decimal import Decimal

from pyvisa.constants import Parity

from instruments.balances.dialect import Dialect, Fact, Inquiry, Step
from instruments.balances.weight_line import NotALine, Trouble, WeightLine, answer_reader
from instruments.visa.port import SerialSettings

_WEIGHT = re.compile(rb"(ST|US|PT),([+-])(?=[\d.]{8}[^\d.])(\d+\.\d+)(?=.{3}\r)( {0,2}[A-Za-z%]{1,3})\r\n")
_RANGE = re.compile(rb"OL,([+-])[0-9.]{5,9}(?:E[+-]?\d\d)?[ A-Za-z]{0,3}\r\n")
_REFUSED = re.compile(rb"EC,E\d{1,2}\r\n")
_UNKNOWN = rb"EC,E01\r\n|EC,E1\r\n"
_ACKNOWLEDGED = (b"\x06\r\n", b"\x06")


def _read(line: bytes, headers: tuple[bytes, ...]) -> WeightLine:
    found = _WEIGHT.fullmatch(line)
    if found is not None and found[1] in headers:
        value = Decimal(found[3].decode())
        unit = found[4].decode().strip()
        return WeightLine(-value if found[2] == b"-" else value, unit, found[1] != b"US", len(line))
    if _REFUSED.fullmatch(line) is not None:
        return WeightLine(trouble=Trouble.NOT_NOW if line in (b"EC,E02\r\n", b"EC,E2\r\n") else Trouble.REFUSED)
    raise NotALine(f"no {b' or '.join(headers)!r} of A&D: {line!r}")


def read_weight(line: bytes) -> WeightLine:
    """Read a line as the answer to `Q`."""
    beyond = _RANGE.fullmatch(line)
    if beyond is not None:
        return WeightLine(trouble=Trouble.OVERLOAD if beyond[1] == b"+" else Trouble.UNDERLOAD)
    return _read(line, (b"ST", b"US"))


def read_tare_memory(line: bytes) -> WeightLine:
    """Read a line as the answer to `?PT`."""
    return _read(line, (b"PT",))


def read_step(line: bytes) -> Step | Trouble | None:
    """Read a line as an acknowledgement, which comes only with `erCd 1`."""
    if line in _ACKNOWLEDGED:
        return Step.UNDER_WAY
    return _read(line, ()).trouble if _REFUSED.fullmatch(line) else None


def recognises(line: bytes) -> bool:
    """Tell whether the line has a header of A&D."""
    try:
        return read_weight(line).trouble is not Trouble.REFUSED
    except NotALine:
        return False


DIALECT = Dialect(
    word="a-and-d",
    name="A&D balance",
    weigh=b"Q",
    read_weight=read_weight,
    tare=b"T",
    zero=b"Z",
    recognises=recognises,
    inquiries={
        Fact.MODEL: Inquiry(b"?TN", answer_reader(rb"TN,([ -~]*)\r\n", _UNKNOWN)),
        Fact.SERIAL_NUMBER: Inquiry(b"?SN", answer_reader(rb"SN,([ -~]*)\r\n", _UNKNOWN)),
    },
    read_step=read_step,
    hush=b"C",
    tare_memory=b"?PT",
    read_tare_memory=read_tare_memory,
    serial=SerialSettings(2400, 7, Parity.even),
    settings="zero tracking (trc), automatic self calibration and the print mode (prt)",
)
