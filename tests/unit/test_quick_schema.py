# SPDX-License-Identifier: Apache-2.0
"""What the quick check of a schema calls fitting, `jsonschema` calls fitting too."""

import json
from typing import Any

import pytest

from tests.journal_validation import SCHEMA
from tests.quick_schema import QuickSchema

WHOLE = json.loads(SCHEMA.read_text(encoding="utf-8"))
ODD = (None, True, 0, -1, 1.5, 1e308, float("inf"), float("nan"), "", "PASS", [], [None], {}, {"x": 1})


def simplest(schema: dict[str, Any]) -> Any:
    """Return something that fits, with every member that the schema names."""
    if "$ref" in schema:
        return simplest(WHOLE["$defs"][schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return simplest(schema["anyOf"][0])
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {name: simplest(part) for name, part in schema.get("properties", {}).items()}
        case "array":
            return [simplest(schema["items"])] if "items" in schema else []
    return {"string": "word", "number": 0.5, "integer": 1, "boolean": True, None: "anything"}.get(schema.get("type"))


@pytest.mark.parametrize("name", sorted(WHOLE["$defs"]))
def test_it_calls_nothing_fitting_that_jsonschema_refuses(name: str) -> None:
    from jsonschema import Draft202012Validator  # takes seconds, of each worker that collects this file

    reference = {"$ref": f"#/$defs/{name}"}
    quick = QuickSchema(WHOLE["$defs"]).of(reference)
    slow = Draft202012Validator({**reference, "$defs": WHOLE["$defs"]})
    fitting = simplest(reference)
    assert quick(fitting)
    assert slow.is_valid(fitting)
    for key in list(fitting) if isinstance(fitting, dict) else ():  # what is below has a name of its own
        for odd in ODD:
            changed = {**fitting, key: odd}
            assert not quick(changed) or slow.is_valid(changed), (key, odd)
        without = {name: one for name, one in fitting.items() if name != key}
        assert not quick(without) or slow.is_valid(without), key
