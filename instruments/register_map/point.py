# SPDX-License-Identifier: Apache-2.0
"""A point of a register map: one value of a device, and what the registers that hold it mean."""

import struct
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from groundfloor.toml_file import TomlModel

Value = bool | int | float | str | frozenset[str]
"""What a point holds once decoded: `enum` gives the name as `str`, `bits` the set of names that are on."""

REGISTERS_IN_A_TABLE = 65536

PACK_CODES = {
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

Kind = Literal["uint16", "int16", "uint32", "int32", "float32", "float64", "bool", "enum", "bits", "string"]


class Table(StrEnum):
    """The two Modbus tables that hold 16-bit registers."""

    INPUT = "input"
    HOLDING = "holding"


class Point(TomlModel):
    """One value of a device.

    Attributes:
        name: the point's name; units are in it.
        table: input (read only) or holding.
        address: zero-based address of its first register.
        type: how its registers are read; `string` needs `length`, `enum` and `bits` need `values`.
        length: registers of a string (two characters each).
        word_order: which register of a 32- or 64-bit value comes first; bytes in a register are always big-endian.
        divisor: integers are divided by it after reading (10 means tenths).
        unit: unit of the decoded value, empty for none.
        access: r, w or rw.
        meaning: one line for a person.
        values: code of each name of an `enum`; bit number of each name of `bits`.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*(\[\d+\]\.[a-z][a-z0-9_]*)?$")
    table: Table = Field(strict=False)
    address: int = Field(ge=0, lt=REGISTERS_IN_A_TABLE)
    type: Kind
    length: int = Field(default=1, ge=1, le=32)
    word_order: Literal["big", "little"] = "big"
    divisor: int = Field(default=1, ge=1)
    unit: str = ""
    access: Literal["r", "w", "rw"] = "r"
    meaning: str
    values: Mapping[str, int] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type in ("enum", "bits") and not self.values:
            raise ValueError(f"a point of type {self.type} names its values")
        if self.type == "bits" and not all(0 <= bit <= 15 for bit in self.values.values()):
            raise ValueError("bit numbers run from 0 to 15")
        if self.divisor != 1 and self.type not in ("uint16", "int16", "uint32", "int32"):
            raise ValueError("only integers are scaled by a divisor")
        if self.address + self.registers > REGISTERS_IN_A_TABLE:
            raise ValueError("runs past the last register of its table")
        return self

    @cached_property
    def registers(self) -> int:
        """Return how many registers the point takes."""
        return self.length if self.type == "string" else struct.calcsize(">" + PACK_CODES[self.type]) // 2

    @cached_property
    def _packer(self) -> struct.Struct:
        return struct.Struct(">" + PACK_CODES[self.type])

    @cached_property
    def _words(self) -> struct.Struct:
        return struct.Struct(f">{self.registers}H")

    @cached_property
    def _names(self) -> dict[int, str]:
        return {code: name for name, code in self.values.items()}

    def decode(self, words: Sequence[int]) -> Value:
        """Return the value that stands in `words`.

        Raises:
            ValueError: the registers hold what this type cannot mean (an unknown code, a string that is not ASCII).
        """
        ordered = words[::-1] if self.word_order == "little" and self.type != "string" else words
        raw = self._words.pack(*ordered)
        if self.type == "string":
            return _text(raw, self.name)
        return self.interpret(self._packer.unpack(raw)[0])

    def interpret(self, number: int | float) -> Value:
        """Return the value that the unpacked `number` means: a code's name, a set of names, a scaled number."""
        if self.divisor != 1:
            return number / self.divisor
        if self.type == "bool":
            if number not in (0, 1):
                raise ValueError(f"{self.name}: {number} is neither 0 nor 1")
            return bool(number)
        if self.type == "enum":
            if number not in self._names:
                raise ValueError(f"{self.name}: code {number} has no name in the map")
            return self._names[int(number)]
        if self.type == "bits":
            return self._bits_on(int(number))
        return number

    @cached_property
    def meaning_of(self) -> Callable[[Any], Value] | None:
        """Return what turns the unpacked number into the value, None where it is the value: worked out once."""
        if self.type == "string":
            return lambda raw: _text(raw, self.name)
        if self.type in ("enum", "bool"):
            names: dict[int, Value] = {0: False, 1: True} if self.type == "bool" else {**self._names}
            return lambda code: names[code] if code in names else self.interpret(code)
        if self.divisor != 1:
            divisor = self.divisor
            return lambda number: number / divisor
        return self._bits_on if self.type == "bits" else None

    def _bits_on(self, number: int) -> frozenset[str]:
        if not number:
            return frozenset()
        unknown = number & ~sum(1 << bit for bit in self._names)
        if unknown:
            raise ValueError(f"{self.name}: bits {unknown:#06x} have no name in the map")
        return frozenset(name for bit, name in self._names.items() if number >> bit & 1)

    def encode(self, value: Value) -> list[int]:
        """Return the registers that hold `value`.

        Raises:
            ValueError: the value cannot stand in this point (out of range, unknown name, wrong kind).
        """
        try:
            raw = self._packed(value)
        except (struct.error, TypeError, KeyError, OverflowError, UnicodeEncodeError) as misfit:
            raise ValueError(f"{self.name}: {value!r} cannot stand in a {self.type}: {misfit}") from misfit
        words = list(self._words.unpack(raw))
        return words[::-1] if self.word_order == "little" and self.type != "string" else words

    def _packed(self, value: Value) -> bytes:
        if self.type == "string":
            raw = str(value).encode("ascii")
            if len(raw) > 2 * self.length:
                raise ValueError(f"{self.name}: {value!r} is longer than {2 * self.length} characters")
            return raw.ljust(2 * self.length, b"\0")
        return self._packer.pack(self._number(value))

    def _number(self, value: Value) -> int | float:
        if isinstance(value, frozenset):
            return sum(1 << self.values[name] for name in value)
        if isinstance(value, str):
            return self.values[value]
        return round(value * self.divisor) if self.type in ("uint16", "int16", "uint32", "int32") else value


def _text(raw: bytes, name: str) -> str:
    try:
        text = raw.rstrip(b"\0 ").decode("ascii")
    except UnicodeDecodeError as foreign:
        raise ValueError(f"{name}: {raw!r} is not ASCII") from foreign
    if not text.isprintable():
        raise ValueError(f"{name}: {raw!r} holds control characters")
    return text
