# SPDX-License-Identifier: Apache-2.0
"""The list of what was going to run: written once, read for ever, whatever the tests are called."""

import json
from pathlib import Path

import msgspec
import pytest

from bench.collected_tests import CollectedTests, JudgementToCome, NotCollected, TestLeftOut
from groundfloor.errors import BenchFault

JUDGES = (JudgementToCome(name="in time", requirements=("CAT-001",)),)
WHOLE = CollectedTests(
    root="/lab",
    tests=("a.py::test_a", "a.py::test_b"),
    judges={"a.py::test_a": JUDGES, "a.py::test_b": ()},
    left_out=(TestLeftOut(node="a.py::test_c", reason="left out by -k 'b'", applicable=True, judges=JUDGES),),
)


def kept(folder: Path, text: str) -> Path:
    path = folder / "collected.json"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    assert CollectedTests.read(kept(tmp_path, WHOLE.to_json())) == WHOLE


def test_what_many_tests_plan_to_judge_is_written_once(tmp_path: Path) -> None:
    tests = tuple(f"a.py::test_{number}" for number in range(100))
    many = tuple(JudgementToCome(name=f"judgement {number}", requirements=("DEL-001",)) for number in range(20))
    whole = CollectedTests(tests=tests, judges=dict.fromkeys(tests, many))
    text = whole.to_json()
    assert CollectedTests.read(kept(tmp_path, text)) == whole
    assert all(text.count(f'"{one.name}"') == 1 for one in many)
    assert len(text) < 16_000


def test_a_list_in_which_each_test_tells_its_judgements_is_read_as_before(tmp_path: Path) -> None:
    told = json.dumps(msgspec.to_builtins(WHOLE), indent=2)
    assert CollectedTests.read(kept(tmp_path, told)) == WHOLE


def test_a_list_from_before_judgements_were_declared_is_read(tmp_path: Path) -> None:
    old = CollectedTests.read(kept(tmp_path, '{"tests": ["a.py::test_a"]}'))
    assert old == CollectedTests(tests=("a.py::test_a",))
    assert (old.root, old.judges, old.left_out) == (None, {}, ())


def test_a_test_in_a_file_whose_name_is_no_utf8_is_kept_by_its_name(tmp_path: Path) -> None:
    collected = CollectedTests(tests=("test_caf\udce9.py::test_a",))
    assert CollectedTests.read(kept(tmp_path, collected.to_json())) == collected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"tests": 1}',
        '{"tests": [1]}',
        '{"test": []}',
        '{"left_out": [{"node": "a"}]}',
        '{"root": null, "tests": ["a"], "judges": {"a": [1]}, "left_out": [], "planned": []}',
        '{"root": null, "tests": ["a"], "judges": {"a": [-1]}, "left_out": [], "planned": [{"name": "n"}]}',
        "[" * 100_000,
        "\x00",
    ],
)
def test_a_list_that_is_none_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    with pytest.raises(BenchFault, match="restore the file that the run wrote"):
        CollectedTests.read(kept(tmp_path, text))


def test_a_list_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        CollectedTests.read(tmp_path / "collected.json")


def test_all_that_a_run_collected_is_in_the_file(tmp_path: Path) -> None:
    judges = (JudgementToCome(name="volume", requirements=("DEL-001",)),)
    collected = CollectedTests(
        root="/lab",
        profile="p",
        tests=("a", "b"),
        chapters={"a": "one", "b": "two"},
        not_collected=(NotCollected(node="c.py", why="it is no Python"),),
        judges={"a": judges},
        left_out=(TestLeftOut(node="d", reason="nobody wanted it", applicable=True, judges=judges),),
    )
    assert all(getattr(collected, name) for name in CollectedTests.__struct_fields__)  # a new one belongs here
    path = tmp_path / "collected.json"
    path.write_text(collected.to_json())
    assert CollectedTests.read(path) == collected
