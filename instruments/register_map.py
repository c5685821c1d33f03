# SPDX-License-Identifier: Apache-2.0
"""Register maps: which value stands in which Modbus registers, read from TOML.

One file describes one device: every point has a name, a table, an address, a type, a unit and a meaning. The same file
serves the driver, the twin and the table in `docs/`, so the three cannot disagree. A `Block` is a run of neighbouring
points that is read in one request, because only then is it one consistent snapshot of the device.

    >>> pump = RegisterMap.named("pump")
    >>> pump.point("battery_percent").decode([875])
    87.5
    >>> pump.span("state", "battery_percent").count
    8
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from importlib import resources
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from instruments.errors import PlanError
from instruments.toml_file import TomlModel, load_toml

Value = bool | int | float | str | frozenset[str]
"""What a point holds once decoded: `enum` gives the name as `str`, `bits` the set of names that are on."""

MOST_REGISTERS_IN_ONE_READ = 125
MOST_REGISTERS_IN_ONE_WRITE = 123
REGISTERS_IN_A_TABLE = 65536

_CODES = {
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
        return self.length if self.type == "string" else struct.calcsize(">" + _CODES[self.type]) // 2

    @cached_property
    def _names(self) -> dict[int, str]:
        return {code: name for name, code in self.values.items()}

    def decode(self, words: Sequence[int]) -> Value:
        """Return the value that stands in `words`.

        Raises:
            ValueError: the registers hold what this type cannot mean (an unknown code, a string that is not ASCII).
        """
        ordered = words[::-1] if self.word_order == "little" and self.type != "string" else words
        raw = struct.pack(f">{self.registers}H", *ordered)
        if self.type == "string":
            return _text(raw, self.name)
        return self.interpret(struct.unpack(">" + _CODES[self.type], raw)[0])

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
        words = list(struct.unpack(f">{self.registers}H", raw))
        return words[::-1] if self.word_order == "little" and self.type != "string" else words

    def _packed(self, value: Value) -> bytes:
        if self.type == "string":
            raw = str(value).encode("ascii")
            if len(raw) > 2 * self.length:
                raise ValueError(f"{self.name}: {value!r} is longer than {2 * self.length} characters")
            return raw.ljust(2 * self.length, b"\0")
        return struct.pack(">" + _CODES[self.type], self._number(value))

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


class _Field(TomlModel):
    """One member of a ring or list entry; `offset` counts registers from the start of the entry."""

    name: str
    offset: int = Field(ge=0)
    type: Kind
    divisor: int = Field(default=1, ge=1)
    unit: str = ""
    meaning: str
    values: Mapping[str, int] = Field(default_factory=dict)


class _List(TomlModel):
    """A list of equal entries (`steps[n]`, `alarm_log[n]`), `stride` registers apart."""

    name: str
    table: Table = Field(strict=False)
    address: int = Field(ge=0, lt=REGISTERS_IN_A_TABLE)
    count: int = Field(ge=1, le=256)
    stride: int = Field(ge=1)
    access: Literal["r", "w", "rw"] = "r"
    meaning: str
    field: tuple[_Field, ...] = Field(strict=False, min_length=1)

    def points(self) -> list[Point]:
        """Return every member of every entry as a point of its own, named `list[n].member`."""
        return [
            Point(
                name=f"{self.name}[{index}].{field.name}",
                table=self.table,
                address=self.address + index * self.stride + field.offset,
                type=field.type,
                divisor=field.divisor,
                unit=field.unit,
                access=self.access,
                meaning=field.meaning,
                values=field.values,
            )
            for index in range(self.count)
            for field in self.field
        ]


class _File(TomlModel):
    name: str
    meaning: str
    unit_id: int = Field(ge=0, le=247)
    word_order: Literal["big", "little"] = "big"
    point: tuple[Point, ...] = Field(strict=False, default=())
    list: tuple[_List, ...] = Field(strict=False, default=())


class Block:
    """A run of registers that is read in one request.

    Attributes:
        table: the table it stands in.
        address: its first register.
        count: how many registers.
        points: the points that lie inside it, in the order of their addresses.
        closed: whether no register between its points belongs to none of them, so that it can be written.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        self.points = tuple(sorted(points, key=lambda point: point.address))
        self.table = self.points[0].table
        self.address = self.points[0].address
        self.count = max(point.address + point.registers for point in self.points) - self.address
        self.closed = sum(point.registers for point in self.points) == self.count
        order, code = self._layout()
        self._in_order = itemgetter(*order) if order != sorted(order) else tuple
        self._registers = struct.Struct(f">{self.count}H")
        self._numbers = struct.Struct(code)
        self._meanings = [(point.name, point.meaning_of) for point in self.points]

    def _layout(self) -> tuple[list[int], str]:
        order: list[int] = []
        code = ">"
        at = 0
        for point in self.points:
            start = point.address - self.address
            code += f"{2 * (start - at)}x"
            code += f"{2 * point.length}s" if point.type == "string" else _CODES[point.type]
            places = list(range(start, start + point.registers))
            order += range(at, start)
            order += places[::-1] if point.word_order == "little" and point.type != "string" else places
            at = start + point.registers
        return order, code

    def decode(self, words: Sequence[int]) -> dict[str, Value]:
        """Return the values of all points of the block by name.

        Args:
            words: the `count` registers, 0 to 65535 each.

        Raises:
            ValueError: there are not `count` registers, or one of them holds what its type cannot mean.
        """
        if len(words) != self.count:
            raise ValueError(f"{len(words)} registers came, {self.count} were asked for")
        numbers = self._numbers.unpack(self._registers.pack(*self._in_order(words)))
        return {
            name: number if meaning_of is None else meaning_of(number)
            for (name, meaning_of), number in zip(self._meanings, numbers, strict=True)
        }

    def encode(self, values: Mapping[str, Value]) -> list[int]:
        """Return the block's registers for `values`; gaps between points are zero.

        Raises:
            ValueError: a value is missing or cannot stand in its point.
        """
        words = [0] * self.count
        for point in self.points:
            if point.name not in values:
                raise ValueError(f"{point.name}: no value was given")
            start = point.address - self.address
            words[start : start + point.registers] = point.encode(values[point.name])
        return words


class RegisterMap:
    """All points of one device.

    Attributes:
        name: what the map describes ("pump", "rig").
        meaning: one line for a person.
        unit_id: the Modbus unit the device answers on unless the bench file names another.
        points: every point by name, members of lists as `list[n].member`.
        list_lengths: how many entries each list has.
    """

    def __init__(
        self, name: str, meaning: str, unit_id: int, points: Sequence[Point], lists: Mapping[str, int]
    ) -> None:
        self.name = name
        self.meaning = meaning
        self.unit_id = unit_id
        self.points = {point.name: point for point in points}
        self.list_lengths = dict(lists)

    @classmethod
    def named(cls, name: str) -> Self:
        """Load a map that comes with the bench (`pump` or `rig`)."""
        with resources.as_file(resources.files("instruments") / "maps" / f"{name}.toml") as path:
            return cls.load(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load a map from a TOML file.

        Raises:
            PlanError: the file is missing or wrong, or two points share a name or a register.
        """
        file = load_toml(path, _File, "register map")
        try:
            points = [*file.point, *(point for group in file.list for point in group.points())]
        except ValueError as misfit:
            raise PlanError(f"register map {path}", "check", str(misfit), "mend the list that is named") from misfit
        points = [
            point
            if "word_order" in point.model_fields_set
            else point.model_copy(update={"word_order": file.word_order})
            for point in points
        ]
        problems = _collisions(points)
        if problems:
            raise PlanError(f"register map {path}", "check", "; ".join(problems), "give each point a place of its own")
        return cls(file.name, file.meaning, file.unit_id, points, {group.name: group.count for group in file.list})

    def point(self, name: str) -> Point:
        """Return the point called `name`.

        Raises:
            PlanError: the map has no such point.
        """
        if name not in self.points:
            raise PlanError(
                f"register map {self.name}", f"find point {name!r}", "it is not in the map", "add the point"
            )
        return self.points[name]

    def require(self, names: Sequence[str]) -> None:
        """Check that every one of `names` is in the map.

        Raises:
            PlanError: points are missing; all of them are named.
        """
        missing = [name for name in names if name not in self.points]
        if missing:
            seen = f"{len(missing)} points are missing: {', '.join(missing)}"
            raise PlanError(f"register map {self.name}", "check", seen, "add them: every map carries these points")

    def block(self, *names: str) -> Block:
        """Return the smallest run of registers that holds all `names`, for one request.

        Raises:
            PlanError: a name is unknown, they stand in two tables, or they lie too far apart for one request.
        """
        points = [self.point(name) for name in names]
        block = Block(points)
        if len({point.table for point in points}) > 1:
            raise PlanError(f"register map {self.name}", f"read {names[0]} … together", "they stand in two tables")
        if block.count > MOST_REGISTERS_IN_ONE_READ:
            seen = f"they span {block.count} registers, one request carries {MOST_REGISTERS_IN_ONE_READ}"
            raise PlanError(
                f"register map {self.name}", f"read {names[0]} … {names[-1]} together", seen, "move them closer"
            )
        return block

    def span(self, first: str, last: str) -> Block:
        """Return the block that runs from point `first` to point `last` and holds all points between them."""
        start, end = self.point(first), self.point(last)
        return self.block(
            *(
                name
                for name, point in self.points.items()
                if point.table is start.table and start.address <= point.address <= end.address
            )
        )

    def list_block(self, name: str) -> Block:
        """Return the whole list `name` as one block; its values are called `name[n].member`."""
        return self.block(*(point for point in self.points if point.startswith(f"{name}[")))


def _collisions(points: Sequence[Point]) -> list[str]:
    problems: list[str] = []
    seen: set[str] = set()
    taken: dict[tuple[Table, int], str] = {}
    for point in points:
        if point.name in seen:
            problems.append(f"{point.name} is there twice")
        seen.add(point.name)
        for address in range(point.address, point.address + point.registers):
            other = taken.setdefault((point.table, address), point.name)
            if other != point.name:
                problems.append(f"{other} and {point.name} share {point.table} register {address}")
                break
    return problems
