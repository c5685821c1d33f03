# SPDX-License-Identifier: Apache-2.0
"""What was going to run: written before the first test begins, so that nobody can leave out what did not please.

Beside the tests that run it names those that were left out, and why; and of each what it would have judged, by name
and requirement. A plan that was never carried out still shows in the trace matrix.
"""

import json
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

import msgspec

from groundfloor.errors import BenchFault
from groundfloor.regular_file import read_regular

MOST_BYTES = 1 << 24


class JudgementToCome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A judgement that a test plans, and the ids of the requirements that it is evidence for."""

    name: str
    requirements: tuple[str, ...]


class TestLeftOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A test of the plan that does not run.

    Attributes:
        node: pytest's node id.
        reason: why.
        applicable: False if the pump's profile lacks the feature that the test is about.
        judges: what it would have judged.
    """

    __test__: ClassVar[bool] = False  # pytest takes classes of such names for tests

    node: str
    reason: str
    applicable: bool
    judges: tuple[JudgementToCome, ...] = ()


class NotCollected(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file or folder of tests that could not be collected: which tests it holds nobody knows.

    Attributes:
        node: pytest's id of it.
        why: what pytest said, in a line.
    """

    node: str
    why: str


class CollectedTests(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run has collected.

    Attributes:
        root: the folder that node ids are told from; None for the bench's own plans.
        tests: node ids, in the order in which they run.
        judges: by node id, what each of them is going to judge.
        left_out: tests of the same plans that do not run.
        profile: name of the pump's profile; empty in records of versions that did not tell it.
        chapters: by node id, the chapter of each test.
        not_collected: what pytest could not read.
    """

    root: str | None = None
    tests: tuple[str, ...] = ()
    judges: dict[str, tuple[JudgementToCome, ...]] = {}
    left_out: tuple[TestLeftOut, ...] = ()
    profile: str = ""
    chapters: dict[str, str] = {}
    not_collected: tuple[NotCollected, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file; also one from before all tests shared one list of judgements.

        Raises:
            FileNotFoundError: it is not there.
            BenchFault: it is not what a run writes.
        """
        try:
            content = json.loads(read_regular(path, MOST_BYTES))
            if isinstance(content, dict) and "planned" in content:
                return cls(**_with_judgements(msgspec.convert(content, _Written)))
            return msgspec.convert(content, cls)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, msgspec.ValidationError, IndexError, RecursionError) as broken:
            raise BenchFault(str(path), "read", str(broken), "restore the file that the run wrote") from broken

    def to_json(self) -> str:
        """Return it as the text of the file; a node id may hold what no UTF-8 can say, so it is plain ASCII.

        Most tests plan the same judgements: each stands once in `planned`, and tests name its place there. One entry
        is one line.
        """
        places: dict[JudgementToCome, int] = {}
        judges = {node: _places(planned, places) for node, planned in self.judges.items()}
        left_out = [{**msgspec.to_builtins(one), "judges": _places(one.judges, places)} for one in self.left_out]
        others = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("judges", "left_out")}
        content: dict[str, object] = {**msgspec.to_builtins(others), "judges": judges, "left_out": left_out}
        content["planned"] = msgspec.to_builtins(tuple(places))
        return "{\n" + ",\n".join(f'"{name}": {_in_lines(value)}' for name, value in content.items()) + "\n}\n"


class _WrittenLeftOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A test that was left out, as the file has it: with places in the list of what is planned."""

    node: str
    reason: str
    applicable: bool
    judges: tuple[Annotated[int, msgspec.Meta(ge=0)], ...] = ()


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands in the file."""

    root: str | None
    profile: str = ""
    tests: tuple[str, ...]
    chapters: dict[str, str] = {}
    not_collected: tuple[NotCollected, ...] = ()
    judges: dict[str, tuple[Annotated[int, msgspec.Meta(ge=0)], ...]]
    left_out: tuple[_WrittenLeftOut, ...]
    planned: tuple[JudgementToCome, ...]


def _with_judgements(written: _Written) -> dict[str, Any]:
    """Return what a file holds, with the judgements themselves in place of their places.

    Raises:
        IndexError: a test plans what is not in the list.
    """

    def planned(places: tuple[int, ...]) -> tuple[JudgementToCome, ...]:
        return tuple(written.planned[place] for place in places)

    left_out = tuple(
        TestLeftOut(node=one.node, reason=one.reason, applicable=one.applicable, judges=planned(one.judges))
        for one in written.left_out
    )
    judges = {node: planned(places) for node, places in written.judges.items()}
    return {
        "root": written.root,
        "profile": written.profile,
        "tests": written.tests,
        "chapters": written.chapters,
        "not_collected": written.not_collected,
        "judges": judges,
        "left_out": left_out,
    }


def _places(judgements: tuple[JudgementToCome, ...], places: dict[JudgementToCome, int]) -> list[int]:
    return [places.setdefault(one, len(places)) for one in judgements]


def _in_lines(value: object) -> str:
    """Return a list or a table with one entry in a line."""
    match value:
        case dict() if value:
            entries = [f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in value.items()]
            return "{\n  " + ",\n  ".join(entries) + "\n}"
        case list() | tuple() if value:
            return "[\n  " + ",\n  ".join(map(json.dumps, value)) + "\n]"
        case _:
            return json.dumps(value)
