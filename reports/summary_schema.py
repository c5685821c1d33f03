# SPDX-License-Identifier: Apache-2.0
"""The JSON Schema of `summary.json`, made of its models: `python -m reports.summary_schema` prints it."""

import json
import sys

from reports.summary import VERSION, Summary


def schema_text() -> str:
    """Return the schema as it stands in the documents."""
    schema = Summary.model_json_schema(by_alias=True, mode="validation")
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A summary of a run of pumpbench, version {VERSION}",
    }
    return json.dumps({**schema, **head}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(schema_text())
