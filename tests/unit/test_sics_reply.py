# SPDX-License-Identifier: Apache-2.0
"""The strict parser: a line is a reply as a whole, or it is none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instruments.sics.reply import (
    NotAReply,
    ReplyKind,
    WeightReply,
    crc16_ccitt,
    in_grams,
    parse_accepted,
    parse_weight,
    tells_restart,
)

STABLE, DYNAMIC, DONE = ReplyKind.STABLE, ReplyKind.DYNAMIC, ReplyKind.DONE


def parse_mass(line: bytes) -> WeightReply:
    return parse_weight(line, "S", STABLE, DYNAMIC)


@pytest.mark.parametrize(
    ("line", "kind", "value", "unit"),
    [
        (b"S S     14.256 g\r\n", STABLE, "14.256", "g"),
        (b"S D   -14.2560 g\r\n", DYNAMIC, "-14.2560", "g"),
        (b"S S  100.00012 g\r\n", STABLE, "100.00012", "g"),
        (b"S S -12345.678 mg\r\n", STABLE, "-12345.678", "mg"),
        (b"S S     0.0000 kg\r\n", STABLE, "0.0000", "kg"),
    ],
)
def test_a_weight_line_is_read_exactly(line: bytes, kind: ReplyKind, value: str, unit: str) -> None:
    assert parse_mass(line) == WeightReply(kind, Decimal(value), unit)


def test_outside_the_fine_range_the_tenth_character_is_a_blank() -> None:
    assert parse_mass(b"S S    114.25  g\r\n").value == Decimal("114.25")


@pytest.mark.parametrize(
    "line",
    [
        b"S S     14.256 g\n",
        b"S S     14.256 g\r",
        b"S S     14.256 g",
        b"S S    14.256 g\r\n",
        b"S S      14.256 g\r\n",
        b"S S     100\r\n",
        b"S S    14.256   g\r\n",
        b"S S    -  4.256 g\r\n",
        b"S S    014.256 g\r\n",
        b"S S   0014.256 g\r\n",
        b"S S     +4.256 g\r\n",
        b"S S      14256 g\r\n",
        b"S S     14256. g\r\n",
        b"S S       .256 g\r\n",
        b"S S        nan g\r\n",
        b"S S    1.4.256 g\r\n",
        b"S S     14,256 g\r\n",
        b"S S     14.256 grams!\r\n",
        b"S S     14.256 \r\n",
        b"S S     14.256\r\n",
        b"S S     14.25\xb2 g\r\n",
        b"S S     14.256 g \r\n",
        b" S S     14.256 g\r\n",
        b"S S     14.256 g\rS S     14.256 g\r\n",
        b"S M     14.256 g\r\n",
        b"S A     14.256 g\r\n",
        b"T S     14.256 g\r\n",
        b"SI S     14.256 g\r\n",
        b"\r\n",
        b"",
    ],
)
def test_anything_but_the_exact_shape_is_refused(line: bytes) -> None:
    with pytest.raises(NotAReply):
        parse_mass(line)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"S I\r\n", ReplyKind.BUSY),
        (b"S L\r\n", ReplyKind.LOGICAL),
        (b"S +\r\n", ReplyKind.OVERLOAD),
        (b"S -\r\n", ReplyKind.UNDERLOAD),
        (b"ES\r\n", ReplyKind.SYNTAX_ERROR),
        (b"ET\r\n", ReplyKind.TRANSMISSION_ERROR),
        (b"EL\r\n", ReplyKind.LOGICAL_ERROR),
    ],
)
def test_every_refusal_has_its_own_kind(line: bytes, kind: ReplyKind) -> None:
    assert parse_mass(line) == WeightReply(kind)


@pytest.mark.parametrize("line", [b"S S  Error 10b\r\n", b"S S      Error 10b\r\n", b"S S   Error 1t g\r\n"])
def test_an_error_in_the_weight_field_is_no_weight(line: bytes) -> None:
    reply = parse_mass(line)
    assert reply.kind is ReplyKind.DEVICE_ERROR
    assert reply.detail in ("Error 10b", "Error 1t")


def test_a_dynamic_weight_does_not_answer_a_request_for_a_stable_one() -> None:
    with pytest.raises(NotAReply):
        parse_weight(b"S D     14.256 g\r\n", "S", STABLE)


def test_the_manuals_own_sic1_example_passes_its_checksum() -> None:
    assert crc16_ccitt(b"SIC1 S   12325.00 g ") == 0xE603
    assert parse_weight(b"SIC1 S   12325.00 g E603\r\n", "SIC1", STABLE).value == Decimal("12325.00")


def test_a_plain_weight_does_not_answer_sic1() -> None:
    with pytest.raises(NotAReply):
        parse_weight(b"S S   12325.00 g\r\n", "SIC1", STABLE, DYNAMIC)


@given(place=st.integers(0, 25), byte=st.integers(0, 255))
def test_no_changed_byte_of_a_sic1_line_gives_a_mass(place: int, byte: int) -> None:
    line = bytearray(b"SIC1 S   12325.00 g E603\r\n")
    if line[place] == byte:
        return
    line[place] = byte
    with pytest.raises(NotAReply):
        parse_weight(bytes(line), "SIC1", STABLE, DYNAMIC)


@given(start=st.integers(0, 17), length=st.integers(1, 18), foreign=st.binary(max_size=3))
def test_no_cut_of_a_plain_line_gives_another_mass(start: int, length: int, foreign: bytes) -> None:
    line = b"S S   123.4567 g\r\n"
    foreign = bytes(byte for byte in foreign if byte not in b"0123456789 -")
    damaged = line[:start] + foreign + line[start + length :]
    if damaged == line:
        return
    try:
        reply = parse_mass(damaged)
    except NotAReply:
        return
    assert reply.value in (None, Decimal("123.4567")) or reply.unit not in ("g", "kg", "mg")


@given(line=st.binary(max_size=40))
def test_any_bytes_are_a_reply_or_refused(line: bytes) -> None:
    try:
        reply = parse_mass(line)
    except NotAReply:
        return
    assert reply.value is None or reply.value.is_finite()


@given(
    units=st.integers(-(10**7), 10**8),
    unit=st.sampled_from([("g", Decimal(1)), ("kg", Decimal(1000)), ("mg", Decimal("0.001"))]),
)
def test_units_are_converted_exactly(units: int, unit: tuple[str, Decimal]) -> None:
    value = Decimal(units) / 10000
    line = f"S S {value:>10.4f} {unit[0]}\r\n".encode()
    if len(line) != len(f"S S {'':10} {unit[0]}\r\n"):
        return
    assert in_grams(parse_mass(line)) == value * unit[1]


def test_another_unit_has_no_mass_in_grams() -> None:
    with pytest.raises(NotAReply):
        in_grams(parse_mass(b"S S     14.256 ct\r\n"))


def test_the_parameters_of_an_accepted_command_lose_their_quotation_marks() -> None:
    assert parse_accepted(b'I2 A "XSR205DU 220.0000 g"\r\n', "I2") == ("A", ("XSR205DU 220.0000 g",))
    assert parse_accepted(b"M21 B 0 3\r\n", "M21") == ("B", ("0", "3"))
    with pytest.raises(NotAReply):
        parse_accepted(b"M03 I\r\n", "M03")


def test_only_a_whole_power_up_line_tells_a_restart() -> None:
    assert tells_restart(b'I4 A "B021002593"\r\n')
    assert not tells_restart(b'I4 A "B0210025\r\n')
    assert not tells_restart(b'I2 A "XSR205DU 220.0000 g"\r\n')
