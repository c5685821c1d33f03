# SPDX-License-Identifier: Apache-2.0
r"""Radwag: answers begin with the command; orders are answered twice, when accepted and when done.

Documented (Radwag, PS, HRP and WTC manuals): `SI` is answered at once in a frame of 21 characters, command in 3,
stability mark, blank, sign, 9 characters of mass, blank, 3 of unit, CR LF: `SI ? -      8.5 g  `. The mark is blank
for stable, `?` for unstable, `^` and `v` for over and under the range. `S` is answered with `S A` first and with its
weight when it is stable; it is not used. `T` and `Z`: `T A`, then `T D` done, `T v` or `Z ^` out of range, `T E` not
stable in time; or `T I` not now. `OT` tells the tare, `NB` the serial number as `NB A "1234567"`, `BN` the type, `RV`
the version, `FS` the capacity; `C0` ends a stream; `ES` is the answer to what it does not know. Lines of 4800 to
115200 baud.

*Assumed*: 9600 8-N-1; `BN`, `RV` and `FS` answer as `NB` does; `OT` as `OT`, blank, 9 characters, blank, unit of 3,
blank. Standby has no documented answer.
"""

import re
from decimal import Decimal

from instruments.balances.dialect import Dialect, Fact, Inquiry, Step
from instruments.balances.weight_line import NotALine, Read, Trouble, WeightLine, answer_reader

_UNIT = rb"([A-Za-z%]{1,3} {0,2})"
_WEIGHT = re.compile(rb"SI ([ ?^v]) ([ -])(?=.{9} .{3}\r)( *(?:0|[1-9]\d*)\.\d+) " + _UNIT + rb"\r\n")
_TARE = re.compile(rb"OT (?=.{9} .{3} \r)( *(?:0|[1-9]\d*)\.\d+) " + _UNIT + rb" \r\n")
_STEP = re.compile(rb"[TZ] ([AD^vEI])\r\n")
_RANGES = {b"^": Trouble.OVERLOAD, b"v": Trouble.UNDERLOAD}
_STEPS: dict[bytes, Step | Trouble] = {
    b"A": Step.UNDER_WAY,
    b"D": Step.DONE,
    b"E": Trouble.NOT_NOW,
    b"I": Trouble.NOT_NOW,
    **_RANGES,
}


def read_weight(line: bytes) -> WeightLine:
    """Read a line as the answer to `SI`."""
    found = _WEIGHT.fullmatch(line)
    if found is not None:
        if found[1] in _RANGES:
            return WeightLine(trouble=_RANGES[found[1]])
        value = Decimal(found[3].decode().strip())
        unit = found[4].decode().strip()
        return WeightLine(-value if found[2] == b"-" else value, unit, found[1] == b" ", len(line))
    if line in (b"SI I\r\n", b"ES\r\n"):
        return WeightLine(trouble=Trouble.NOT_NOW if line[:1] == b"S" else Trouble.REFUSED)
    raise NotALine(f"no weight of Radwag: {line!r}")


def read_tare_memory(line: bytes) -> WeightLine:
    """Read a line as the answer to `OT`."""
    found = _TARE.fullmatch(line)
    if found is not None:
        return WeightLine(Decimal(found[1].decode().strip()), found[2].decode().strip(), True)
    if line in (b"ES\r\n", b"OT I\r\n"):
        return WeightLine(trouble=Trouble.REFUSED)
    raise NotALine(f"no tare of Radwag: {line!r}")


def read_step(line: bytes) -> Step | Trouble | None:
    """Read a line as an answer to `T` or `Z`."""
    if line == b"ES\r\n":
        return Trouble.REFUSED
    found = _STEP.fullmatch(line)
    return None if found is None else _STEPS[found[1]]


def recognises(line: bytes) -> bool:
    """Tell whether the line is a frame of Radwag."""
    return _WEIGHT.fullmatch(line) is not None


def _quoted(command: bytes) -> Read:
    return answer_reader(command + rb' A "([^"\r\n]*)"\r\n', rb"ES\r\n|" + command + rb" I\r\n")


DIALECT = Dialect(
    word="radwag",
    name="Radwag balance",
    weigh=b"SI",
    read_weight=read_weight,
    tare=b"T",
    zero=b"Z",
    recognises=recognises,
    inquiries={
        Fact.SERIAL_NUMBER: Inquiry(b"NB", _quoted(b"NB")),
        Fact.MODEL: Inquiry(b"BN", _quoted(b"BN")),
        Fact.FIRMWARE_VERSION: Inquiry(b"RV", _quoted(b"RV")),
        Fact.CAPACITY: Inquiry(b"FS", _quoted(b"FS")),
    },
    read_step=read_step,
    confirms=True,
    hush=b"C0",
    tare_memory=b"OT",
    read_tare_memory=read_tare_memory,
    settings="autozero and automatic adjustment",
)
