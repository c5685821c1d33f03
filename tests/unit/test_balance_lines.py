# SPDX-License-Identifier: Apache-2.0
"""The lines of each dialect are read as a whole or not at all: no damage gives another mass."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instruments.balances.a_and_d import DIALECT as A_AND_D
from instruments.balances.dialect import Dialect
from instruments.balances.ohaus import DIALECT as OHAUS
from instruments.balances.radwag import DIALECT as RADWAG
from instruments.balances.sbi import DIALECT as SBI
from instruments.balances.weight_line import NotALine, Trouble, WeightLine
from tests.sim.balances.wordings import WORDINGS, Wording

DIALECTS = (SBI, A_AND_D, OHAUS, RADWAG)
every_wording = pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.word)

masses = st.integers(-9_999_999, 9_999_999).map(lambda digits: Decimal(digits).scaleb(-4))
lines = st.tuples(masses, st.booleans())


def mass_in(dialect: Dialect, line: bytes, width: int) -> WeightLine | None:
    """What the driver would take from the line, of a balance whose lines are `width` wide."""
    try:
        read = dialect.read_weight(line)
    except NotALine:
        return None
    return read if read.trouble is None and read.width == width else None


@pytest.mark.parametrize(
    ("dialect", "line", "value", "unit", "stable"),
    [
        (SBI, b"N     +    0.026 g  \r\n", "0.026", "g", True),
        (SBI, b"N     -    0.013    \r\n", "-0.013", "", False),
        (SBI, b"+ 123.4567 g  \r\n", "123.4567", "g", True),
        (SBI, b"    0.0000 mg \r\n", "0.0000", "mg", True),
        (A_AND_D, b"ST,+00012.34  g\r\n", "12.34", "g", True),
        (A_AND_D, b"US,-00012.34 kg\r\n", "-12.34", "kg", False),
        (OHAUS, b"    192.21 g\r\n", "192.21", "g", True),
        (OHAUS, b"      0.01 g ?\r\n", "0.01", "g", False),
        (OHAUS, b"     -0.01 g\r\n", "-0.01", "g", True),
        (RADWAG, b"SI   -      8.5 g  \r\n", "-8.5", "g", True),
        (RADWAG, b"SI ?    172.135 g  \r\n", "172.135", "g", False),
    ],
)
def test_a_line_of_the_manual_is_read(dialect: Dialect, line: bytes, value: str, unit: str, stable: bool) -> None:
    read = dialect.read_weight(line)
    assert (read.value, read.unit, read.stable, read.trouble) == (Decimal(value), unit, stable, None)


@pytest.mark.parametrize(
    ("dialect", "line", "trouble"),
    [
        (SBI, b"Stat       High     \r\n", Trouble.OVERLOAD),
        (SBI, b"Stat       Low      \r\n", Trouble.UNDERLOAD),
        (SBI, b"Stat       OFF      \r\n", Trouble.STANDBY),
        (SBI, b"Stat     Err 054    \r\n", Trouble.DEVICE_ERROR),
        (A_AND_D, b"OL,+9999999\r\n", Trouble.OVERLOAD),
        (A_AND_D, b"OL,-9999999E+19\r\n", Trouble.UNDERLOAD),
        (A_AND_D, b"EC,E02\r\n", Trouble.NOT_NOW),
        (OHAUS, b"Err 8.3\r\n", Trouble.OVERLOAD),
        (OHAUS, b"Err 8.4\r\n", Trouble.UNDERLOAD),
        (OHAUS, b"ES\r\n", Trouble.REFUSED),
        (RADWAG, b"SI ^    230.000 g  \r\n", Trouble.OVERLOAD),
        (RADWAG, b"SI v -    8.500 g  \r\n", Trouble.UNDERLOAD),
        (RADWAG, b"SI I\r\n", Trouble.NOT_NOW),
    ],
)
def test_what_is_no_weight_is_never_a_number(dialect: Dialect, line: bytes, trouble: Trouble) -> None:
    read = dialect.read_weight(line)
    assert (read.trouble, read.value) == (trouble, None)


@pytest.mark.parametrize(
    ("dialect", "line"),
    [
        (SBI, b"N        12.3456 g  \r\n"),  # a sign that is blank though it is not zero
        (SBI, b"N     +  12.3456 g \r\n"),
        (SBI, b"T     +   12.345 g  \r\n"),  # a tare
        (SBI, b"N     + 12.34 56 g  \r\n"),
        (A_AND_D, b"ST,+0012.34  g\r\n"),
        (A_AND_D, b"ST,+000012.34  g\r\n"),
        (A_AND_D, b"ST,00012.34  g\r\n"),
        (A_AND_D, b"PT,+00012.34  g\r\n"),  # a tare
        (A_AND_D, b"QT,+00012.34 PC\r\n"),  # a count
        (OHAUS, b"12.34 g\r\n"),
        (OHAUS, b"          12.34 g\r\n"),
        (OHAUS, b"     12.34 g \r\n"),  # a mark that was lost
        (OHAUS, b"   - 12.34 g\r\n"),
        (RADWAG, b"SI      12.345 g  \r\n"),
        (RADWAG, b"SI         12.345 g  \r\n"),
        (RADWAG, b"S        12.345 g  \r\n"),
        (RADWAG, b"SI      -12.345 g  \r\n"),
    ],
)
def test_a_weight_of_another_shape_is_none(dialect: Dialect, line: bytes) -> None:
    with pytest.raises(NotALine):
        dialect.read_weight(line)


@pytest.mark.parametrize("end", [b"", b"\r", b"\n", b"\n\r", b"\r\r\n"])
@every_wording
def test_a_line_with_another_end_is_none(wording: Wording, end: bytes) -> None:
    line = wording.weight(Decimal("12.3456"), True).removesuffix(b"\r\n") + end
    with pytest.raises(NotALine):
        wording.dialect.read_weight(line)


@every_wording
def test_a_written_mass_is_read_as_it_is(wording: Wording) -> None:
    @settings(max_examples=40)
    @given(lines)
    def run(line: tuple[Decimal, bool]) -> None:
        value, stable = line
        read = wording.dialect.read_weight(wording.weight(value, stable))
        assert (read.value, read.stable) == (value, stable)

    run()


def damaged_never_gives_another_mass(wording: Wording, damage: Callable[[bytes, int, int], bytes]) -> None:
    @settings(max_examples=40)
    @given(lines, lines, st.integers(0, 30), st.integers(1, 12))
    def run(line: tuple[Decimal, bool], other: tuple[Decimal, bool], place: int, length: int) -> None:
        whole = wording.weight(*line)
        width = wording.dialect.read_weight(wording.weight(*other)).width
        read = mass_in(wording.dialect, damage(whole, place % len(whole), length), width)
        assert read is None or read.value == line[0]

    run()


@every_wording
def test_a_line_that_lost_characters_gives_no_other_mass(wording: Wording) -> None:
    damaged_never_gives_another_mass(wording, lambda line, place, length: line[:place] + line[place + length :])


@every_wording
def test_a_line_that_lost_its_beginning_or_its_end_gives_no_other_mass(wording: Wording) -> None:
    damaged_never_gives_another_mass(wording, lambda line, place, _: line[place:])
    damaged_never_gives_another_mass(wording, lambda line, place, _: line[:place] + b"\r\n")


@every_wording
def test_a_line_that_gained_characters_gives_no_other_mass(wording: Wording) -> None:
    damaged_never_gives_another_mass(wording, lambda line, place, length: line[:place] + b"7" * length + line[place:])
    damaged_never_gives_another_mass(wording, lambda line, place, length: line[:place] + b" " * length + line[place:])


@every_wording
def test_two_lines_in_one_give_no_mass(wording: Wording) -> None:
    damaged_never_gives_another_mass(wording, lambda line, place, _: line[:place] + line)
    damaged_never_gives_another_mass(wording, lambda line, _place, _: line.removesuffix(b"\r\n") + line)


@every_wording
def test_any_bytes_are_a_line_or_are_refused(wording: Wording) -> None:
    @settings(max_examples=40)
    @given(st.binary(max_size=30))
    def run(line: bytes) -> None:
        for asked in (line, line + b"\r\n"):
            try:
                wording.dialect.read_weight(asked)
                wording.dialect.read_step(asked)
            except NotALine:
                continue

    run()


@every_wording
def test_no_dialect_takes_a_weight_of_another_one(wording: Wording) -> None:
    @settings(max_examples=40)
    @given(lines)
    def run(line: tuple[Decimal, bool]) -> None:
        for dialect in DIALECTS:
            if dialect is not wording.dialect:
                with pytest.raises(NotALine):
                    dialect.read_weight(wording.weight(*line))

    run()
