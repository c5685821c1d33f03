# SPDX-License-Identifier: Apache-2.0
r"""The lines of an MT-SICS balance, read strictly: a line is well formed as a whole or it is not a reply.

A weight line is `<id> <status> <10 characters> <unit>` CR LF, for example `S S     14.256 g`: the number stands right
aligned in exactly ten characters, its minus sign directly before the first digit; outside the fine range of a
DeltaRange balance the tenth character is a blank. The id names the *command family*: `SI` and `SIR` are answered
with `S` as well. Nothing carries a request number, so which request a line answers is the dialogue's business
(`sics_dialogue.py`), not the parser's.

`SIC1` is the one weight with a checksum: `SIC1 <status> <10 characters> <unit> <4 upper-case hex digits>`; the CRC
is CRC-16-CCITT (polynomial 0x1021, start 0xFFFF) over the line up to and including the blank before it. *Assumed* from
the manual's worked example, whose printed CRC fits exactly this layout: `SIC1 S   12325.00 g E603`. (The syntax line
of the same page shows one more field `A`, which no example has and which the CRC does not fit.)
What has no weight has no checksum: `SIC1 I`, `SIC1 L`, `SIC1 +`, `SIC1 -`.

Settings, as the driver asks for them and the twin answers: `M03` → `M03 A 0|1` (auto zero); `M17` →
`M17 A hh mm ss days` (adjustment by time, days 0 = off); `M18` → `M18 A n` (adjustment by temperature, 0 = off);
`M21` → `M21 B 0 u`, `M21 B 1 u`, `M21 A 2 u` or only `M21 A 0 u` (channel 0 = host unit; u: 0 g, 1 kg, 3 mg).

Source: Mettler-Toledo, MT-SICS Interface Command for Weigh Modules, 11781363, 12/2018.
"""

import binascii
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

SIC1_CRC_START = 0xFFFF
_GRAMS = {b"g": Decimal(1), b"kg": Decimal(1000), b"mg": Decimal("0.001")}
_WEIGHT = re.compile(rb"([A-Z][A-Z0-9]*) ([A-Z]) (?=.{10} )( *(-?(?:0|[1-9]\d*)\.\d+) ?) ([!-~]{1,5})\r\n")
_CRC_AND_END = len(b"E603\r\n")
_ERROR_FIELD = re.compile(rb"[A-Z][A-Z0-9]* [A-Z] +Error +(\d+ ?[a-z]?)(?: [!-~]{1,5})?(?: [0-9A-F]{4})?\r\n")
_NO_WEIGHT = re.compile(rb"([A-Z][A-Z0-9]*) ([IL+-])\r\n")
_GENERAL_ERROR = re.compile(rb"E[STL]\r\n")
_ACCEPTED = re.compile(rb"([A-Z][A-Z0-9]*) ([A-Z])((?: (?:\"[ !#-~]*\"|[!#-~]+))*)\r\n")
_PARAMETER = re.compile(rb"\"[ !#-~]*\"|[!#-~]+")
_RESTART = re.compile(rb"I4 A \"[!#-~]+\"\r\n")


class NotAReply(ValueError):
    """The line is no well-formed reply of the kind that was asked for."""


class ReplyKind(StrEnum):
    """What a balance answers to a command that asks for a weight or moves zero or tare."""

    STABLE = "S"
    DYNAMIC = "D"
    DONE = "A"
    BUSY = "I"
    LOGICAL = "L"
    OVERLOAD = "+"
    UNDERLOAD = "-"
    SYNTAX_ERROR = "ES"
    TRANSMISSION_ERROR = "ET"
    LOGICAL_ERROR = "EL"
    DEVICE_ERROR = "Error"


_WITH_WEIGHT = {kind.encode(): kind for kind in (ReplyKind.STABLE, ReplyKind.DYNAMIC, ReplyKind.DONE)}
_SUCCESS = frozenset(_WITH_WEIGHT.values())


@dataclass(frozen=True)
class WeightReply:
    """One reply: its kind, and with a weight its exact value in the unit of the line.

    `detail` holds the balance's own words where there is no weight (`Error 10b`).
    """

    kind: ReplyKind
    value: Decimal | None = None
    unit: str = ""
    detail: str = ""


def crc16_ccitt(data: bytes) -> int:
    """Return the CRC-16-CCITT of `data` as `SIC1` uses it (polynomial 0x1021, start 0xFFFF, no reflection)."""
    return binascii.crc_hqx(data, SIC1_CRC_START)


def parse_weight(line: bytes, reply_id: str, *expected: ReplyKind) -> WeightReply:
    """Read one whole line, CR LF included, as the answer to a command whose replies carry `reply_id`.

    `expected` are the kinds of success the command can have; a refusal or a device error can come always.

    Raises:
        NotAReply: the line is malformed, belongs to another id, fails its checksum or is another kind of success.
    """
    weight = _match_weight(line, reply_id)
    if weight is not None and weight[1] == reply_id.encode():
        reply = WeightReply(_kind(weight[2], line), Decimal(weight[4].decode()), weight[5].decode())
    else:
        reply = _parse_no_weight(line, reply_id)
    if reply.kind in _SUCCESS and reply.kind not in expected:
        raise NotAReply(f"not what {reply_id} asked for: {line!r}")
    return reply


def in_grams(reply: WeightReply) -> Decimal:
    """Return the weight in grams, converted exactly.

    Raises:
        NotAReply: there is no weight, or its unit is not g, kg or mg.
    """
    factor = _GRAMS.get(reply.unit.encode())
    if reply.value is None or factor is None:
        raise NotAReply(f"no mass in g, kg or mg: {reply}")
    return reply.value * factor


def parse_accepted(line: bytes, reply_id: str) -> tuple[str, tuple[str, ...]]:
    """Read `<id> <A or B> <parameters>` and return the status and the parameters, quotation marks taken off.

    Raises:
        NotAReply: the line is malformed, of another id, or says neither `A` (done) nor `B` (more lines follow).
    """
    found = _ACCEPTED.fullmatch(line)
    if found is None or found[1] != reply_id.encode() or found[2] not in (b"A", b"B"):
        raise NotAReply(f"not a reply of {reply_id}: {line!r}")
    return found[2].decode(), tuple(p.strip(b'"').decode() for p in _PARAMETER.findall(found[3]))


def tells_restart(line: bytes) -> bool:
    """Tell whether the line is `I4 A "serial"`, which a balance sends by itself only when it has powered up."""
    return line.startswith(b"I4") and _RESTART.fullmatch(line) is not None


def is_unknown_command(line: bytes) -> bool:
    """Tell whether the balance says that it does not know the command (`ES`)."""
    return line == b"ES\r\n"


def _match_weight(line: bytes, reply_id: str) -> re.Match[bytes] | None:
    if reply_id != "SIC1":
        return _WEIGHT.fullmatch(line)
    checked, crc = line[:-_CRC_AND_END], line[-_CRC_AND_END:]
    if crc != b"%04X\r\n" % crc16_ccitt(checked):
        return None
    return _WEIGHT.fullmatch(checked[:-1] + b"\r\n") if checked.endswith(b" ") else None


def _kind(status: bytes, line: bytes) -> ReplyKind:
    if status not in _WITH_WEIGHT:
        raise NotAReply(f"a weight with status {status!r}: {line!r}")
    return _WITH_WEIGHT[status]


def _parse_no_weight(line: bytes, reply_id: str) -> WeightReply:
    bare = _NO_WEIGHT.fullmatch(line)
    if bare is not None and bare[1] == reply_id.encode():
        return WeightReply(ReplyKind(bare[2].decode()))
    if line == reply_id.encode() + b" A\r\n":
        return WeightReply(ReplyKind.DONE)
    if _GENERAL_ERROR.fullmatch(line):
        return WeightReply(ReplyKind(line[:2].decode()))
    error = _ERROR_FIELD.fullmatch(line)
    if error is not None:
        return WeightReply(ReplyKind.DEVICE_ERROR, detail=f"Error {error[1].decode()}")
    raise NotAReply(f"not a reply of {reply_id}: {line!r}")
