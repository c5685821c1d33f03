# SPDX-License-Identifier: Apache-2.0
"""Tells quickly that JSON fits a schema; what it does not call fitting, `jsonschema` has to judge.

`jsonschema` takes more than a tenth of the processor time of a short run for the journal that it left behind.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

Fits = Callable[[Any], bool]

_SAYS_NOTHING = {"default", "description", "title"}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}


class QuickSchema:
    """Functions that are true only of what fits.

    Args:
        definitions: what references name, as `#/$defs/NAME`.
    """

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._made: dict[str, Fits] = {}
        self._keywords: dict[str, Callable[[Any], Fits]] = {
            "$ref": self._reference,
            "anyOf": lambda parts: _any_of([self.of(one) for one in parts]),
            "type": _of_type,
            "enum": lambda words: lambda value: type(value) is str and value in words,
            "pattern": lambda form: lambda value: type(value) is not str or re.search(form, value) is not None,
            "minimum": lambda least: lambda value: not _is_number(value) or value >= least,
            "maximum": lambda most: lambda value: not _is_number(value) or value <= most,
            "required": lambda names: lambda value: type(value) is not dict or all(name in value for name in names),
            "items": lambda part: _each(self.of(part)),
            "properties": lambda parts: _members({name: self.of(one) for name, one in parts.items()}),
        }

    def of(self, schema: Mapping[str, Any]) -> Fits:
        """Return the function of a schema.

        Raises:
            KeyError: it has a keyword that is not known here; add it.
        """
        return _all_of([self._keyword(name, schema) for name in schema if name not in _SAYS_NOTHING])

    def _keyword(self, name: str, schema: Mapping[str, Any]) -> Fits:
        if name == "additionalProperties":
            return _others(self.of(schema[name]), schema.get("properties", {}).keys())
        return self._keywords[name](schema[name])

    def _reference(self, name: str) -> Fits:
        if name not in self._made:
            self._made[name] = lambda value: self._made[name](value)  # until it is made: it may name itself
            self._made[name] = self.of(self._definitions[name.removeprefix("#/$defs/")])
        return self._made[name]


def _all_of(parts: Sequence[Fits]) -> Fits:
    return parts[0] if len(parts) == 1 else lambda value: all(fits(value) for fits in parts)


def _any_of(parts: Sequence[Fits]) -> Fits:
    return lambda value: any(fits(value) for fits in parts)


def _of_type(name: str) -> Fits:
    kinds = _TYPES[name]
    return lambda value: type(value) in kinds


def _is_number(value: object) -> bool:
    return type(value) is int or type(value) is float


def _each(fits: Fits) -> Fits:
    return lambda value: type(value) is not list or all(fits(one) for one in value)


def _members(parts: Mapping[str, Fits]) -> Fits:
    return lambda value: (
        type(value) is not dict or all(fits(value[name]) for name, fits in parts.items() if name in value)
    )


def _others(fits: Fits, named: Collection[str]) -> Fits:
    return lambda value: type(value) is not dict or all(fits(one) for name, one in value.items() if name not in named)
