# SPDX-License-Identifier: Apache-2.0
"""A point of a register map: one value of a device, and what the registers that hold it mean."""

import struct
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from groundfloor.toml_file import TomlModel
from instruments.register_map.codec import PACK_CODES, WHOLE_NUMBERS, Codec, Kind, Value

REGISTERS_IN_A_TABLE = 65536


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
        word_order: which register of a 32- or 64-bit value comes first.
        byte_order: which byte of a register comes first; the standard has the high one first, and some devices do not.
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
    byte_order: Literal["big", "little"] = "big"
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
        if self.divisor != 1 and self.type not in WHOLE_NUMBERS:
            raise ValueError("only integers are scaled by a divisor")
        if self.address + self.registers > REGISTERS_IN_A_TABLE:
            raise ValueError("runs past the last register of its table")
        return self

    def in_orders_of(self, word_order: Literal["big", "little"], byte_order: Literal["big", "little"]) -> Self:
        """Return the same point, in the orders of its map where it tells none of its own."""
        orders = {"word_order": word_order, "byte_order": byte_order}
        return self.model_copy(update={n: order for n, order in orders.items() if n not in self.model_fields_set})

    @cached_property
    def registers(self) -> int:
        """Return how many registers the point takes."""
        return self.length if self.type == "string" else struct.calcsize(">" + PACK_CODES[self.type]) // 2

    @cached_property
    def _codec(self) -> Codec:
        return Codec([self], self.address, self.registers)

    def decode(self, words: Sequence[int]) -> Value:
        """Return the value that stands in `words`.

        Raises:
            ValueError: the registers hold what this type cannot mean (an unknown code, a string that is not ASCII).
        """
        return self._codec.decode(words)[self.name]

    def encode(self, value: Value) -> list[int]:
        """Return the registers that hold `value`.

        Raises:
            ValueError: the value cannot stand in this point (out of range, unknown name, wrong kind).
        """
        return self._codec.encode({self.name: value})
