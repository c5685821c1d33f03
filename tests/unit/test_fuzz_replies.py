# SPDX-License-Identifier: Apache-2.0
"""Whatever bytes come from a balance or a pump: they are a well-formed answer, or the documented error."""

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import BenchFault
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point
from instruments.sics.identity import read_identity
from instruments.sics.reply import (
    NotAReply,
    ReplyKind,
    crc16_ccitt,
    in_grams,
    is_unknown_command,
    parse_accepted,
    parse_weight,
    tells_restart,
)
from tests.unit.fuzzing import bounded, spoiled_bytes

CHECKED = b"SIC1 S   12325.00 g "
LINES = (
    b"S S     14.256 g\r\n",
    b"S D   -000.001 mg\r\n",
    CHECKED + f"{crc16_ccitt(CHECKED):04X}\r\n".encode(),
    b'I2 A "XPR226CDR 220.00900 g"\r\n',
    b'I4 A "B123456789"\r\n',
    b"M17 A 00 00 00 0\r\n",
    b"S S Error 10b\r\n",
    b"ES\r\n",
    b"S I\r\n",
)
SUCCESS = (ReplyKind.STABLE, ReplyKind.DYNAMIC, ReplyKind.DONE)
lines = st.one_of(st.binary(max_size=60), *(spoiled_bytes(line) for line in LINES))


@bounded(4)
@given(lines, st.sampled_from(["S", "SIC1", "Z", "T", "I2"]))
def test_fuzz_a_weight_is_a_number_of_a_known_kind_or_no_reply(line: bytes, reply_id: str) -> None:
    try:
        reply = parse_weight(line, reply_id, *SUCCESS)
    except NotAReply:
        return
    assert line.endswith(b"\r\n")
    if reply.value is not None:
        assert reply.value.is_finite()
        assert reply.kind in SUCCESS
        with suppress(NotAReply):
            assert math.isfinite(in_grams(reply))


@bounded(2)
@given(lines, st.sampled_from(["I2", "I3", "I4", "M17", "M21"]))
def test_fuzz_parameters_are_visible_ascii_or_no_reply(line: bytes, reply_id: str) -> None:
    is_unknown_command(line)
    tells_restart(line)
    try:
        _, parameters = parse_accepted(line, reply_id)
    except NotAReply:
        return
    assert all(text.isascii() and text.isprintable() for text in parameters)


@bounded(2)
@given(spoiled_bytes(LINES[3]), spoiled_bytes(b'I3 A "2.10"\r\n'), spoiled_bytes(LINES[4]))
def test_fuzz_an_identity_is_visible_ascii_or_a_bench_fault(i2: bytes, i3: bytes, i4: bytes) -> None:
    try:
        identity = read_identity({b"I2": i2, b"I3": i3, b"I4": i4}, "balance")
    except BenchFault as fault:
        told = str(fault)
    else:
        told = identity.model + identity.serial_number + identity.firmware_version
        assert identity.capacity_g > 0
    assert "\x1b" not in told


POINTS: list[Point] = [point for name in ("pump", "rig") for point in RegisterMap.named(name).points.values()]


@bounded(4)
@given(st.data())
def test_fuzz_registers_are_a_value_that_goes_back_into_them_or_a_value_error(data: st.DataObject) -> None:
    point = data.draw(st.sampled_from(POINTS))
    words = data.draw(st.lists(st.integers(0, 65535), min_size=point.registers, max_size=point.registers))
    try:
        value = point.decode(words)
    except ValueError:
        return
    if isinstance(value, str):
        assert value.isascii()
        assert value.isprintable()
    if point.type not in ("string", "float32", "float64"):
        assert point.encode(value) == words


@pytest.mark.parametrize("point", [point for point in POINTS if point.type == "string"], ids=lambda point: point.name)
def test_an_escape_sequence_in_a_string_of_registers_is_refused(point: Point) -> None:
    raw = b"\x1b[2J".ljust(2 * point.registers, b"\0")
    words = [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]
    with pytest.raises(ValueError, match="control characters"):
        point.decode(words)
