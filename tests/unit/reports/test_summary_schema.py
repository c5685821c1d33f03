# SPDX-License-Identifier: Apache-2.0
"""The schema of `summary.json` in the documents is that of its models, and a summary fits it."""

import json
from pathlib import Path

from reports.summary import summarise
from reports.summary_schema import schema_text
from tests.unit.test_run_evidence import QUIET, VOLUME, FolderOfARun, to_come

SCHEMA = Path(__file__).parents[3] / "docs" / "summary.schema.json"


def test_the_schema_in_the_documents_is_that_of_the_models() -> None:
    """Otherwise: `python -m reports.summary_schema > docs/summary.schema.json`, and think of the version."""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_a_summary_fits_it_and_holds_matrix_and_tests_that_were_left_out(tmp_path: Path) -> None:
    from jsonschema import Draft202012Validator  # takes seconds, of each worker that collects this file

    left_out = [{"node": "b", "reason": "-k 'a'", "applicable": True, "judges": to_come(QUIET)}]
    folder = FolderOfARun(tmp_path / "run", tests=["a"], judges={"a": to_come(VOLUME)}, left_out=left_out)
    folder.begin("a", VOLUME)
    folder.judge(VOLUME)
    folder.end("a")
    folder.journal.write("run-ended", reason="ok")
    folder.journal.close()
    summary = summarise(folder.path)
    content = json.loads((folder.path / "summary.json").read_text(encoding="utf-8"))
    assert not list(Draft202012Validator(json.loads(schema_text())).iter_errors(content))
    assert (content["schema"], content["version"], summary.exit_code) == ("pumpbench-summary", "1.6", 0)
    states = [(one["id"], one["state"]) for one in content["trace"]["requirements"]]
    assert states == [("DEL-001", "PASS"), ("ALM-001", "NOT RUN")]
    assert [(one["test"], one["reason"]) for one in content["trace"]["left_out"]] == [("b", "-k 'a'")]
    content["version"] = 1
    assert list(Draft202012Validator(json.loads(schema_text())).iter_errors(content))
