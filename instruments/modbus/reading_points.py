# SPDX-License-Identifier: Apache-2.0
"""From the declaration of a reading to the points that are read for it.

`PumpReading` and `RigReading` say what is sampled, each value with its type. A field is read from the point of the
same name; only where a map calls it otherwise is that said. So one more sampled value is a field and a point; a field
with a default is one that older maps may lack, and then has it.
"""

import math
from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any, Generic, Self, TypeVar, get_args, get_type_hints

from groundfloor.errors import BenchFault
from instruments.register_map.codec import Value

Reading = TypeVar("Reading")


class ReadingPoints(Generic[Reading]):
    """The points of one kind of reading.

    Args:
        kind: the frozen dataclass of the reading.
        called: how the map calls a field, where it is not by its own name.
        may_be_missing: fields that may hold NaN, because not every device has the sensor.
        unchecked: fields that may hold what is no number at all; who uses them looks.
        not_in_every_map: fields whose point a map may lack, and the value that says so; a field's default is one.

    Attributes:
        names: the points to read, in the order of the fields.
        codes: the names that an `enum` or `bits` may have, by point.
    """

    def __init__(
        self,
        kind: type[Reading],
        called: Mapping[str, str] | None = None,
        may_be_missing: Collection[str] = (),
        unchecked: Collection[str] = (),
        not_in_every_map: Mapping[str, Value] | None = None,
    ) -> None:
        called = called or {}
        types = get_type_hints(kind)
        members = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # a dataclass, which no type says
        self.names = tuple(called.get(name, name) for name in members)
        self.codes = {
            called.get(name, name): words for name in members if (words := _words_of(types[name])) is not None
        }
        self._absent: Mapping[str, Value] = {
            called.get(name, name): value for name, value in {**_defaults(kind), **(not_in_every_map or {})}.items()
        }
        self._defaults: Mapping[str, Value] = {}
        self._kind = kind
        self._members = members
        self._steps = tuple((called.get(name, name), _made_of(types[name])) for name in members)
        self._finite = tuple(
            (called.get(name, name), name in may_be_missing)
            for name in members
            if types[name] is float and name not in unchecked
        )

    def of(self, points: Collection[str]) -> Self:
        """Return the same for a map that has only these `points`, of those that it may lack."""
        defaults = {name: value for name, value in self._absent.items() if name not in points}
        if not defaults:
            return self
        other = copy(self)
        other.names = tuple(name for name in self.names if name not in defaults)
        other._defaults = defaults
        other._finite = tuple((name, missing) for name, missing in self._finite if name not in defaults)
        return other

    def reading(self, values: Mapping[str, Value], asset: str) -> Reading:
        """Return the reading that the decoded points hold.

        Raises:
            BenchFault: a value that must be a number is none.
        """
        self.check_finite(values, asset)
        if self._defaults:
            values = {**self._defaults, **values}
        made_of = [values[name] if made is None else made(values[name]) for name, made in self._steps]
        reading = object.__new__(self._kind)  # a frozen dataclass sets each field by a call, which is most of its cost
        reading.__dict__.update(zip(self._members, made_of, strict=True))
        return reading

    def check_finite(self, values: Mapping[str, Value], asset: str) -> None:
        """Refuse values that are no number where one must be.

        Raises:
            BenchFault: the first of them.
        """
        for name, may_be_missing in self._finite:
            value = values[name]
            if isinstance(value, float) and not math.isfinite(value) and not (may_be_missing and math.isnan(value)):
                raise BenchFault(asset, "read", f"{name} is {value}", "see what is wrong with this sensor or the map")


def _defaults(kind: type[Reading]) -> dict[str, Value]:
    return {one.name: one.default for one in fields(kind) if one.default is not MISSING}  # type: ignore[arg-type]  # as above


def _words_of(kind: Any) -> type[StrEnum] | None:
    inner = get_args(kind)[0] if get_args(kind) else kind
    return inner if isinstance(inner, type) and issubclass(inner, StrEnum) else None


def _made_of(kind: Any) -> Callable[[Any], object] | None:
    """Return what makes the field's value of the decoded one; None where it is the same."""
    words = _words_of(kind)
    if words is None:
        return None
    if words is kind:
        return lambda name: words(name)
    return lambda names: frozenset(map(words, names))
