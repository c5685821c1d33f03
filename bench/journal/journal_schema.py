# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of a journal's lines, made of their models: `python -m bench.journal.journal_schema` prints it."""

import json
import sys
from typing import Any

import msgspec

from bench.journal.journal_format import FORMAT
from bench.journal.lines import ACTIVITIES, EVENTS, KINDS, Activity, Event

_SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


def journal_schema() -> dict[str, Any]:
    """Return the schema of one line; what a newer minor version adds is let pass."""
    models = (*KINDS.values(), *EVENTS.values(), *ACTIVITIES.values())
    references, definitions = msgspec.json.schema_components(models, ref_template="#/$defs/{name}")
    of = dict(zip(models, references, strict=True))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A line of a journal of pumpbench, format {FORMAT}",
        "type": "object",
        "required": ["seq", "t", "kind", "data", "prev"],
        "properties": {
            "seq": {"type": "integer", "minimum": 0},
            "t": {"type": "number"},
            "kind": {"type": "string"},
            "data": {"type": "object"},
            "prev": _SHA256,
        },
        "allOf": [
            *(_if_kind(kind, of[model]) for kind, model in KINDS.items()),
            _if_kind(Event.kind, _by_what({what: of[model] for what, model in EVENTS.items()})),
            _if_kind(Activity.kind, _by_what({what: of[model] for what, model in ACTIVITIES.items()})),
        ],
        "$defs": {name: _told_in_short(one) for name, one in definitions.items()},
    }


def _told_in_short(definition: dict[str, Any]) -> dict[str, Any]:
    """Return the definition with the first line of its docstring; how the rest is indented depends on Python."""
    if "description" not in definition:
        return definition
    return {**definition, "description": definition["description"].partition("\n")[0]}


def schema_text() -> str:
    """Return the schema as it stands in the documents."""
    return json.dumps(journal_schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _if_kind(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"properties": {"kind": {"const": kind}}}, "then": {"properties": {"data": data}}}


def _by_what(models: dict[str, dict[str, Any]]) -> dict[str, Any]:
    cases = [{"if": {"properties": {"what": {"const": what}}}, "then": model} for what, model in models.items()]
    return {"required": ["what"], "allOf": cases}


if __name__ == "__main__":
    sys.stdout.write(schema_text())
