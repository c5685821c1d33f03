# SPDX-License-Identifier: Apache-2.0
"""Holds journals that tests have made against the schema in the documents."""

import json
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tests.quick_schema import Fits, QuickSchema

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

SCHEMA = Path(__file__).parents[1] / "docs" / "journal.schema.json"
SAMPLES_LOOKED_AT = 50
"""Of each journal: they all come out of one model, and the schema is slow."""


class _Kind(msgspec.Struct):
    """Of a line that is JSON all through, what it is."""

    kind: str


_KIND = msgspec.json.Decoder(_Kind)


@cache
def _validator(name: str) -> "Draft202012Validator":
    """Return the validator of one definition of the schema; of a whole line without its data for an empty name."""
    from jsonschema import Draft202012Validator  # takes seconds to import, and is asked only about what does not fit

    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    if not name:
        return Draft202012Validator({key: value for key, value in schema.items() if key != "allOf"})
    return Draft202012Validator({"$ref": name, "$defs": schema["$defs"]})


@cache
def _quick(name: str) -> Fits:
    """Return what tells quickly that the data of a line fit, or a whole line without its data for an empty name."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    frame = {key: schema[key] for key in ("type", "required", "properties")}
    return QuickSchema(schema["$defs"]).of({"$ref": name} if name else frame)


@cache
def _references() -> dict[tuple[str, str], str]:
    """Return the definition of each line's data, by kind and what."""
    found: dict[tuple[str, str], str] = {}
    for case in json.loads(SCHEMA.read_text(encoding="utf-8"))["allOf"]:
        kind, data = case["if"]["properties"]["kind"]["const"], case["then"]["properties"]["data"]
        if "$ref" in data:
            found[kind, ""] = data["$ref"]
        for one in data.get("allOf", ()):
            found[kind, one["if"]["properties"]["what"]["const"]] = one["then"]["$ref"]
    return found


def misfits(journal: Path) -> list[str]:
    """Return a sentence for each line that does not fit the schema, or that it does not know."""
    found: list[str] = []
    samples = 0
    for raw in journal.read_bytes().splitlines(keepends=True):
        if not raw.endswith(b"\n"):
            continue
        if _kind_of(raw) == "sample" and (samples := samples + 1) > SAMPLES_LOOKED_AT:
            continue
        found += _misfits(json.loads(raw))
    return found


def _kind_of(raw: bytes) -> object:
    """Return the kind of a line that is JSON all through; three times as quick as reading what it holds."""
    try:
        return _KIND.decode(raw).kind
    except msgspec.DecodeError:  # half a surrogate pair, which the other reader takes
        return json.loads(raw)["kind"]


def _misfits(line: dict[str, Any]) -> list[str]:
    what = line["data"].get("what", "") if line["kind"] in ("event", "activity") else ""
    name = _references().get((line["kind"], what))
    if name is None:
        return [f"line {line['seq']}: {line['kind']} {what} is not in the schema"]
    around = (
        () if _quick("")(line) else tuple(f"{one.json_path}: {one.message}" for one in _validator("").iter_errors(line))
    )
    inside = () if _quick(name)(line["data"]) else _data_misfits(name, json.dumps(line["data"]))
    told = (*around, *inside)
    return [f"line {line['seq']}, {line['kind']} {what}: {one}" for one in told]


@lru_cache(maxsize=10_000)
def _data_misfits(name: str, data: str) -> tuple[str, ...]:
    """Look at the same data once, whichever runs of one seed they stand in."""
    return tuple(f"{one.json_path}: {one.message}" for one in _validator(name).iter_errors(json.loads(data)))
