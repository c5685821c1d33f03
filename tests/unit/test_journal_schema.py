# SPDX-License-Identifier: Apache-2.0
"""The schema in the documents is that of the models, and tells a wrong line."""

import json
from pathlib import Path

from bench.journal.journal_schema import schema_text
from bench.journal.lines import ACTIVITIES, EVENTS, Event
from tests.journal_validation import SCHEMA, misfits

KEPT = Path(__file__).parents[1] / "kept_journals"


def test_the_schema_in_the_documents_is_that_of_the_models() -> None:
    """Otherwise: `python -m bench.journal.journal_schema > docs/journal.schema.json`, and think of the version."""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()


def test_a_journal_of_today_fits_the_schema_and_what_is_wrong_is_named(tmp_path: Path) -> None:
    lines = (KEPT / "newer_column" / "journal.jsonl").read_bytes().splitlines(keepends=True)
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"".join(lines))
    assert misfits(path) == []
    number = next(place for place, raw in enumerate(lines) if b'"kind":"sample"' in raw)
    entry = json.loads(lines[number])
    entry["data"]["rate_ul_per_h"] = "much"
    lines[number] = json.dumps(entry).encode() + b"\n"
    path.write_bytes(b"".join(lines))
    (told,) = misfits(path)
    assert told.startswith(f"line {number}, sample : $.rate_ul_per_h: 'much' is not of type 'number'")


def test_a_kind_that_the_schema_does_not_know_is_named() -> None:
    told = misfits(KEPT / "newer_kind" / "journal.jsonl")
    assert [one.partition(": ")[2] for one in told] == [
        "operator-note  is not in the schema",
        "event door-opened is not in the schema",
        "activity door closed is not in the schema",
    ]


def test_every_event_that_has_a_model_can_be_written() -> None:
    """One that is in no table is refused in the middle of the run that first comes to it."""

    def all_of(model: type[Event]) -> set[type[Event]]:
        return {model, *(each for below in model.__subclasses__() for each in all_of(below))}

    written = {*EVENTS.values(), *ACTIVITIES.values()}
    tagged = {model for model in all_of(Event) if model.__struct_config__.tag not in (None, model.__name__)}
    assert {model.__name__ for model in tagged - written} == set()
    assert len(tagged) > 20
