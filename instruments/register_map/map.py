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

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal, Self

from pydantic import Field

from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel, load_toml
from instruments.register_map.block import MOST_REGISTERS_IN_ONE_READ, MOST_REGISTERS_IN_ONE_WRITE, Block
from instruments.register_map.codec import Kind
from instruments.register_map.point import REGISTERS_IN_A_TABLE, Point, Table
from instruments.register_map.request_limits import NO_LIMITS, RequestLimits

SINGLE_REGISTER = 6
"""The function that writes one register."""


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
    unit_id: int = Field(ge=0, le=255)
    word_order: Literal["big", "little"] = "big"
    requests_at_once: int = Field(default=1, ge=1, le=16)
    inputs_mirrored_at: int | None = Field(default=None, ge=0, lt=REGISTERS_IN_A_TABLE)
    most_registers_in_one_read: int = Field(default=MOST_REGISTERS_IN_ONE_READ, ge=4, le=MOST_REGISTERS_IN_ONE_READ)
    most_registers_in_one_write: int = Field(default=MOST_REGISTERS_IN_ONE_WRITE, ge=1, le=MOST_REGISTERS_IN_ONE_WRITE)
    reads_gaps: bool = True
    write_function: Literal[6, 16] = 16
    byte_order: Literal["big", "little"] = "big"
    point: tuple[Point, ...] = Field(strict=False, default=())
    list: tuple[_List, ...] = Field(strict=False, default=())


class RegisterMap:
    """All points of one device.

    Attributes:
        name: what the map describes ("pump", "rig").
        meaning: one line for a person.
        unit_id: the Modbus unit the device answers on unless the bench file names another.
        points: every point by name, members of lists as `list[n].member`.
        list_lengths: how many entries each list has.
        requests_at_once: how many requests the device takes on one TCP connection before it has answered the first;
            1 unless its manual says more, as some drop the second one.
        inputs_mirrored_at: input register n is also read at holding register n + this, and the device takes function
            23, so that one request writes an output and reads inputs; None where the device can do neither.
        limits: how much the device takes in one request.
    """

    def __init__(
        self,
        name: str,
        meaning: str,
        unit_id: int,
        points: Sequence[Point],
        lists: Mapping[str, int],
        requests_at_once: int = 1,
        inputs_mirrored_at: int | None = None,
        limits: RequestLimits = NO_LIMITS,
    ) -> None:
        self.name = name
        self.meaning = meaning
        self.unit_id = unit_id
        self.points = {point.name: point for point in points}
        self.list_lengths = dict(lists)
        self.requests_at_once = requests_at_once
        self.inputs_mirrored_at = inputs_mirrored_at
        self.limits = limits

    @classmethod
    @cache  # they are part of the program, and nobody changes a map
    def named(cls, name: str) -> Self:
        """Load a map that comes with the bench (`pump` or `rig`)."""
        with resources.as_file(resources.files("instruments") / "maps" / f"{name}.toml") as path:
            return cls.load(path)

    @classmethod
    def find(cls, name_or_path: str) -> Self:
        """Load a map by the name of one that comes with the bench, or by the path of a file of the user's.

        Raises:
            PlanError: the file is missing or wrong.
        """
        return cls.load(Path(name_or_path)) if name_or_path.endswith(".toml") else cls.named(name_or_path)

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
        points = [point.in_orders_of(file.word_order, file.byte_order) for point in points]
        problems = [*_collisions(points), *_mirror_problems(points, file.inputs_mirrored_at)]
        if problems:
            raise PlanError(f"register map {path}", "check", "; ".join(problems), "give each point a place of its own")
        lists = {group.name: group.count for group in file.list}
        return cls(
            file.name,
            file.meaning,
            file.unit_id,
            points,
            lists,
            inputs_mirrored_at=file.inputs_mirrored_at,
            requests_at_once=file.requests_at_once,
            limits=RequestLimits(
                file.most_registers_in_one_read,
                file.most_registers_in_one_write,
                reads_gaps=file.reads_gaps,
                writes_singly=file.write_function == SINGLE_REGISTER,
            ),
        )

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

    def blocks(self, *names: str) -> tuple[Block, ...]:
        """Return the fewest runs of registers that hold all `names` and that the device lets be read, one a request.

        One is one consistent snapshot; several are read one after the other, in the order of `names`.

        Raises:
            PlanError: a name is unknown.
        """
        return tuple(Block(points) for points in self.limits.reads([self.point(name) for name in names]))

    def write_blocks(self, *names: str) -> tuple[Block, ...]:
        """Return the runs of registers in which `names` can be written, one a request, in the order of addresses.

        Raises:
            PlanError: a name is unknown.
        """
        return tuple(Block(points) for points in self.limits.writes([self.point(name) for name in names]))

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
        return self.block(*self._members(name))

    def list_blocks(self, name: str) -> tuple[Block, ...]:
        """Return the whole list `name` as one block, or as several that the device lets be read."""
        return self.blocks(*self._members(name))

    def _members(self, name: str) -> list[str]:
        return [point for point in self.points if point.startswith(f"{name}[")]


def _mirror_problems(points: Sequence[Point], mirrored_at: int | None) -> list[str]:
    """Return what is wrong with the place where input registers are mirrored, if they are."""
    if mirrored_at is None:
        return []
    ends = {table: max((p.address + p.registers for p in points if p.table is table), default=0) for table in Table}
    if mirrored_at < ends[Table.HOLDING]:
        return [f"inputs_mirrored_at {mirrored_at} lies before the end of the holding registers"]
    if mirrored_at + ends[Table.INPUT] > REGISTERS_IN_A_TABLE:
        return [f"inputs_mirrored_at {mirrored_at} leaves no room for the input registers"]
    return []


def _collisions(points: Sequence[Point]) -> list[str]:
    problems: list[str] = []
    names: set[str] = set()
    taken: dict[tuple[Table, int], str] = {}
    for point in points:
        if point.name in names:
            problems.append(f"{point.name} is there twice")
        names.add(point.name)
        for address in range(point.address, point.address + point.registers):
            other = taken.setdefault((point.table, address), point.name)
            if other != point.name:
                problems.append(f"{other} and {point.name} share {point.table} register {address}")
                break
    return problems
