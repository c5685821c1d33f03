# SPDX-License-Identifier: Apache-2.0
r"""Ohaus: words of one to three letters, weights right aligned, `?` behind an unstable one.

Documented (Ohaus, Adventurer, Discovery and Explorer service manuals; RS232 interface manual): `IP` prints the weight
of this moment, `0P` ends printing by itself, `T` and `Z` are the keys, `PT` prints the tare, `PSN` the serial number,
`PV` the versions; an unknown command is answered with `ES`; with `1RL` orders are answered with `OK!`. A weight is a
field of about ten characters, right aligned, blank, unit, and blank and `?` if it is not stable. Printing on
stability may take 40 s and then says `ES`, so it is not used.

*Assumed*: 9600 8-N-1 (older ones 2400 7-N-2); a minus stands directly before the first digit; the field is 9 to 11
characters wide and always the same on one balance; `PT` prints a weight; out of range is `Err 8.3` over and `Err 8.4`
under the range, as on the display, and `OFF` is printed in standby. The versions are one line.
"""

import re
from decimal import Decimal

from instruments.balances.dialect import Dialect, Fact, Inquiry, Step
from instruments.balances.weight_line import NotALine, Trouble, WeightLine

_WEIGHT = re.compile(rb"(?=.{9,11} [A-Za-z%])( *(-?(?:0|[1-9]\d*)\.\d+)) ([A-Za-z%]{1,5})( \?|  )?\r\n")
_ERROR = re.compile(rb" *(?:Err(?:or)? *(\d+\.?\d*)|OFF) *\r\n")
_TEXT = re.compile(rb"([ -~]{0,60})\r\n")
_RANGES = {b"8.3": Trouble.OVERLOAD, b"8.4": Trouble.UNDERLOAD, None: Trouble.STANDBY}


def read_weight(line: bytes) -> WeightLine:
    """Read a line as the answer to `IP` or `PT`."""
    found = _WEIGHT.fullmatch(line)
    if found is not None:
        value = Decimal(found[2].decode())
        return WeightLine(value, found[3].decode(), b"?" not in line, len(found[1]))
    if line == b"ES\r\n":
        return WeightLine(trouble=Trouble.REFUSED)
    error = _ERROR.fullmatch(line)
    if error is not None:
        return WeightLine(trouble=_RANGES.get(error[1], Trouble.DEVICE_ERROR))
    raise NotALine(f"no weight of Ohaus: {line!r}")


def read_step(line: bytes) -> Step | Trouble | None:
    """Read a line as an acknowledgement, which comes only where `OK!` is switched on."""
    if line == b"OK!\r\n":
        return Step.DONE
    return Trouble.REFUSED if line == b"ES\r\n" else None


def read_text(line: bytes) -> str | None:
    """Read a line as the answer to `PV` or `PSN`, which has no mark of its own."""
    if line == b"ES\r\n":
        return None
    found = _TEXT.fullmatch(line)
    if found is None or line == b"OK!\r\n" or recognises(line):
        raise NotALine(f"no text: {line!r}")
    return found[1].decode().strip()


def recognises(line: bytes) -> bool:
    """Tell whether the line is a bare weight, as only Ohaus sends it."""
    return _WEIGHT.fullmatch(line) is not None


DIALECT = Dialect(
    word="ohaus",
    name="Ohaus balance",
    weigh=b"IP",
    read_weight=read_weight,
    tare=b"T",
    zero=b"Z",
    recognises=recognises,
    inquiries={
        Fact.FIRMWARE_VERSION: Inquiry(b"PV", read_text),
        Fact.SERIAL_NUMBER: Inquiry(b"PSN", read_text),
    },
    read_step=read_step,
    hush=b"0P",
    tare_memory=b"PT",
    read_tare_memory=read_weight,
    settings="auto zero tracking, automatic calibration (AutoCal) and auto print",
)
