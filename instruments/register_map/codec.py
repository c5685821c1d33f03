# SPDX-License-Identifier: Apache-2.0
"""Registers to values and back: the one place that knows how a value stands in registers.

Which points lie in a run of registers never changes, so the way between both is worked out once per run: a snapshot
costs one `struct` call, not one per point. Drivers and twin stand on the same codec, because the map is the contract
between them; tests hold it against a table of encodings that were worked out by hand.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Literal, Protocol

Value = bool | int | float | str | frozenset[str]
"""What a point holds once decoded: `enum` gives the name as `str`, `bits` the set of names that are on."""

Kind = Literal["uint16", "int16", "uint32", "int32", "float32", "float64", "bool", "enum", "bits", "string"]

PACK_CODES: Mapping[str, str] = {
    "uint16": "H",
    "int16": "h",
    "uint32": "I",
    "int32": "i",
    "float32": "f",
    "float64": "d",
    "bool": "H",
    "enum": "H",
    "bits": "H",
}
WHOLE_NUMBERS = frozenset({"uint16", "int16", "uint32", "int32"})

_NUMBERS = (int, float)
_MISFITS = (struct.error, TypeError, KeyError, OverflowError, UnicodeEncodeError, ValueError)


class Shape(Protocol):
    """What the codec must know of a point."""

    @property
    def name(self) -> str:
        """Return what it is called."""
        ...

    @property
    def address(self) -> int:
        """Return its first register."""
        ...

    @property
    def registers(self) -> int:
        """Return how many registers it takes."""
        ...

    @property
    def type(self) -> Kind:
        """Return how its registers are read."""
        ...

    @property
    def length(self) -> int:
        """Return the registers of a string."""
        ...

    @property
    def word_order(self) -> Literal["big", "little"]:
        """Return which register of a longer number comes first."""
        ...

    @property
    def byte_order(self) -> Literal["big", "little"]:
        """Return which byte of a register comes first."""
        ...

    @property
    def divisor(self) -> int:
        """Return by what a whole number is divided after reading."""
        ...

    @property
    def values(self) -> Mapping[str, int]:
        """Return the codes of an `enum`, the bit numbers of `bits`."""
        ...


class Codec:
    """The way between a run of registers and the values of the points in it.

    Args:
        points: in the order of their addresses; the first and the last may reach over the ends of the run.
        address: the first register of the run.
        count: how many registers it has. What lies between points is read as nothing and written as 0.
    """

    def __init__(self, points: Sequence[Shape], address: int, count: int) -> None:
        start = min([address, *(point.address for point in points)])
        end = max([address + count, *(point.address + point.registers for point in points)])
        order = _order(points, start, end)
        self._points = tuple(points)
        self._is_reordered = order != sorted(order)
        self._in_order = itemgetter(*order)
        self._numbers = struct.Struct(_format(points, start, end))
        self._registers = struct.Struct(f">{end - start}H")
        self._meanings = [(point.name, meaning_of(point)) for point in points]
        self._numbers_of = [(point.name, number_of(point)) for point in points]
        self._words = struct.Struct(f">{count}H")
        self._window = slice(2 * (address - start), 2 * (address - start + count))

    def decode(self, words: Sequence[int]) -> dict[str, Value]:
        """Return the values of the points by name; the run must hold whole points.

        Raises:
            ValueError: the registers hold what a point's type cannot mean (an unknown code, a string not ASCII).
        """
        return self.decode_bytes(self._registers.pack(*words))

    def decode_bytes(self, raw: bytes) -> dict[str, Value]:
        """Return the values of the points by name from registers that stand in a row, the high byte of each first.

        Raises:
            ValueError: as for `decode`.
        """
        return self._meant(bytes(self._in_order(raw)) if self._is_reordered else raw)

    def _meant(self, raw: bytes) -> dict[str, Value]:
        numbers = self._numbers.unpack(raw)
        return {
            name: number if meaning is None else meaning(number)
            for (name, meaning), number in zip(self._meanings, numbers, strict=True)
        }

    def encode(self, values: Mapping[str, Value]) -> list[int]:
        """Return the registers of the run for `values`, which has every point of it.

        Raises:
            ValueError: a value is missing or cannot stand in its point; the point is named.
        """
        return list(self._words.unpack(self.encode_bytes(values)))

    def encode_bytes(self, values: Mapping[str, Value]) -> bytes:
        """Return the registers of the run for `values` as they stand on a wire, the high byte of each first.

        Raises:
            ValueError: as `encode`.
        """
        try:
            raw = self._numbers.pack(*[number(values[name]) for name, number in self._numbers_of])
        except _MISFITS as misfit:
            raise self._culprit(values) from misfit
        if self._is_reordered:
            raw = bytes(self._in_order(raw))
        return raw[self._window]

    def _culprit(self, values: Mapping[str, Value]) -> ValueError:
        """Return the error that names the first value that does not fit."""
        for point in self._points:
            if point.name not in values:
                return ValueError(f"{point.name}: no value was given")
            value = values[point.name]
            try:
                struct.pack(">" + _code(point), number_of(point)(value))
            except _MISFITS as misfit:
                return ValueError(f"{point.name}: {value!r} cannot stand in a {point.type}: {misfit}")
        return ValueError(f"{self._points[0].name} and after: the values do not fit")


def meaning_of(point: Shape) -> Callable[[Any], Value] | None:
    """Return what makes the value of the unpacked number; None where it is the value.

    What it returns raises ValueError for a number that means nothing.
    """
    if point.type == "string":
        return lambda raw: _text(raw, point.name)
    if point.type == "bits":
        return _names_on(point)
    if point.type == "bool":
        return _coded(point, {0: False, 1: True}, "{} is neither 0 nor 1")
    if point.type == "enum":
        return _coded(point, {code: name for name, code in point.values.items()}, "code {} has no name in the map")
    divisor = point.divisor
    return None if divisor == 1 else lambda number: number / divisor


def number_of(point: Shape) -> Callable[[Any], int | float | bytes]:
    """Return what makes of a value what is packed for it; it raises one of `_MISFITS` where none can be made."""
    if point.type == "string":
        return lambda text: _padded(text, 2 * point.length)
    if point.type == "enum":
        return dict(point.values).__getitem__
    if point.type == "bits":
        return _mask_of(point)
    divisor, whole = point.divisor, point.type in WHOLE_NUMBERS

    def number(value: Value) -> int | float:
        if not isinstance(value, _NUMBERS):
            raise TypeError("it is no number")
        return round(value * divisor) if whole else value

    return number


def _order(points: Sequence[Shape], start: int, end: int) -> list[int]:
    """Return which byte stands at each place once all numbers have their high byte first.

    It is the same way back: both orders only exchange bytes in pairs.
    """
    order = list(range(2 * (end - start)))
    for point in points:
        first, last = 2 * (point.address - start), 2 * (point.address - start + point.registers)
        if point.word_order == "little" and point.type != "string":
            order[first:last] = order[first:last][::-1]
            _exchange_bytes(order, first, last)
        if point.byte_order == "little":
            _exchange_bytes(order, first, last)
    return order


def _exchange_bytes(order: list[int], first: int, last: int) -> None:
    for at in range(first, last, 2):
        order[at], order[at + 1] = order[at + 1], order[at]


def _format(points: Sequence[Shape], start: int, end: int) -> str:
    code, at = ">", start
    for point in points:
        code += f"{2 * (point.address - at)}x{_code(point)}"
        at = point.address + point.registers
    return code + f"{2 * (end - at)}x"


def _code(point: Shape) -> str:
    return f"{2 * point.length}s" if point.type == "string" else PACK_CODES[point.type]


def _coded(point: Shape, meanings: Mapping[int, Value], trouble: str) -> Callable[[int], Value]:
    def meaning(code: int) -> Value:
        if code not in meanings:
            raise ValueError(f"{point.name}: {trouble.format(code)}")
        return meanings[code]

    return meaning


def _names_on(point: Shape) -> Callable[[int], Value]:
    bits = [(1 << bit, name) for name, bit in point.values.items()]
    known = sum(mask for mask, _ in bits)

    def names(number: int) -> frozenset[str]:
        if not number:
            return frozenset()
        if number & ~known:
            raise ValueError(f"{point.name}: bits {number & ~known:#06x} have no name in the map")
        return frozenset(name for mask, name in bits if number & mask)

    return names


def _mask_of(point: Shape) -> Callable[[Any], int]:
    masks = {name: 1 << bit for name, bit in point.values.items()}

    def mask(names: Value) -> int:
        if not isinstance(names, frozenset):
            raise TypeError("it is no set of names")
        return sum([masks[name] for name in names])

    return mask


def _text(raw: bytes, name: str) -> str:
    try:
        text = raw.rstrip(b"\0 ").decode("ascii")
    except UnicodeDecodeError as foreign:
        raise ValueError(f"{name}: {raw!r} is not ASCII") from foreign
    if not text.isprintable():
        raise ValueError(f"{name}: {raw!r} holds control characters")
    return text


def _padded(text: object, most_bytes: int) -> bytes:
    raw = str(text).encode("ascii")
    if len(raw) > most_bytes:
        raise ValueError(f"it is longer than {most_bytes} characters")
    return raw.ljust(most_bytes, b"\0")
