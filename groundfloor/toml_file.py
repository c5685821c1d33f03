# SPDX-License-Identifier: Apache-2.0
"""Reads a TOML file into a pydantic model and says everything that is wrong with it at once."""

import codecs
import difflib
import shlex
import tomllib
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import ErrorDetails

from groundfloor.errors import PlanError
from groundfloor.printable import one_line, printable
from groundfloor.regular_file import read_regular

MOST_BYTES = 1 << 20
"""Ours have a few thousand."""
MOST_DOTS = 256
"""In a line; the time that the parser takes for a key grows with the square of its parts."""
OTHER_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",  # begins as UTF-16 does, so it is asked for first
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""By the byte order marks that editors put in front."""
OF_WINDOWS = "WINDOWS-1252"
"""What an editor of Western Windows writes where it writes no Unicode: a guess."""
AS_UTF_8 = "save it as UTF-8 in your editor, or convert it: iconv -f {encoding} -t UTF-8 {path} > utf-8.toml"


class TomlModel(BaseModel):
    """A table of one of our files: frozen, strict in types; unknown keys and invisible characters are errors."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", arbitrary_types_allowed=False)

    @field_validator("*", mode="after")
    @classmethod
    def _can_be_shown(cls, value: object) -> object:
        for text in [value] if isinstance(value, str) else value if isinstance(value, tuple | list) else ():
            if isinstance(text, str) and printable(text) != text:
                raise ValueError("holds characters that are not visible; leave them out")
        return value


Model = TypeVar("Model", bound=TomlModel)


def load_toml(path: Path, model: type[Model], asset: str) -> Model:
    """Read `path` as a `model`.

    Args:
        path: the TOML file.
        model: what the file must hold.
        asset: what a person calls such a file ("bench file", "profile"), for the error.

    Raises:
        PlanError: the file is missing, is not TOML, or does not fit the model; all misfits are named at once.
    """
    who = f"{asset} {path}"
    try:
        content = parsed_toml(read_regular(path, MOST_BYTES))
    except FileNotFoundError as missing:
        raise PlanError(who, "open", "there is no such file", _nearby(path)) from missing
    except _ForeignEncoding as foreign:
        advice = AS_UTF_8.format(encoding=foreign.encoding, path=shlex.quote(str(path)))
        raise PlanError(who, "read", str(foreign), advice) from foreign
    except OSError as unreadable:
        raise PlanError(who, "read", str(unreadable), "name a readable UTF-8 text file") from unreadable
    except (ValueError, RecursionError) as broken:  # also what the parser lets through: endless digits or brackets
        twice = "a name stands there twice: " if "Cannot overwrite a value" in str(broken) else ""
        raise PlanError(who, "parse", f"not TOML: {twice}{broken}", "mend the line that is named") from broken
    try:
        return model.model_validate(content)
    except ValidationError as misfit:
        seen = "; ".join(_sentence(error, model) for error in misfit.errors(include_url=False))
        raise PlanError(who, "check", seen, "mend the keys that are named") from misfit


def parsed_toml(content: bytes) -> dict[str, Any]:
    """Return what the bytes of a TOML file hold.

    A byte order mark in front of UTF-8 is skipped, and a line may end as on Windows: editors there write both.

    Raises:
        ValueError: it is not TOML, or in another encoding than UTF-8.
        RecursionError: its brackets are nested too deep.
    """
    for mark, encoding in OTHER_ENCODINGS.items():
        if content.startswith(mark):
            raise _ForeignEncoding(f"it is written in {encoding}, and not in UTF-8", encoding)
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as foreign:
        line = content.count(b"\n", 0, foreign.start) + 1
        seen = f"it is not UTF-8: byte 0x{content[foreign.start]:02X} in line {line}"
        raise _ForeignEncoding(f"{seen}, perhaps {OF_WINDOWS}", OF_WINDOWS) from foreign
    for number, line_text in enumerate(text.split("\n"), start=1):
        if line_text.count(".") > MOST_DOTS:
            raise ValueError(f"line {number} has more than {MOST_DOTS} dots")
    return deepcopy(_content_of(text))


@lru_cache(maxsize=16)
def _content_of(text: str) -> dict[str, Any]:
    """Return what a text holds; the maps and the pump of a run are read many times in it, and parsing one is slow."""
    return tomllib.loads(text)


class _ForeignEncoding(ValueError):
    """A text is not UTF-8.

    Attributes:
        encoding: what it is, or seems to be, as `iconv` calls it.
    """

    def __init__(self, seen: str, encoding: str) -> None:
        super().__init__(seen)
        self.encoding = encoding


def _sentence(error: ErrorDetails, model: type[BaseModel]) -> str:
    where = one_line(".".join(str(part) for part in error["loc"])) or "the file"
    if error["type"] == "extra_forbidden":
        key = one_line(str(error["loc"][-1]))
        close = difflib.get_close_matches(key, _known_keys(model), n=1)
        return f"{where}: unknown key" + (f" (did you mean {close[0]!r}?)" if close else "")
    if error["type"] == "missing":
        return f"{where}: missing"
    told = f"{where}: {error['msg'].removeprefix('Value error, ')}"
    seen = error.get("input")
    return told if isinstance(seen, dict) else f"{told}, seen {one_line(repr(seen))}"


def _known_keys(model: type[BaseModel]) -> list[str]:
    keys: list[str] = []
    for name, field in model.model_fields.items():
        keys.append(field.alias or name)
        keys.extend(_keys_inside(field.annotation))
    return keys


def _keys_inside(annotation: object) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _known_keys(annotation)
    return [key for part in getattr(annotation, "__args__", ()) for key in _keys_inside(part)]


def _nearby(path: Path) -> str:
    folder = path.parent if path.parent.is_dir() else Path()
    names = sorted(entry.name for entry in folder.glob("*.toml"))
    close = difflib.get_close_matches(path.name, names, n=1) or names[:5]
    return f"in {folder} there is: {', '.join(close)}" if close else f"{folder} holds no TOML file"
