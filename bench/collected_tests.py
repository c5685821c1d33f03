# SPDX-License-Identifier: Apache-2.0
"""What was going to run: written before the first test begins, so that nobody can leave out what did not please.

Beside the tests that run it names those that were left out, and why; and of each what it would have judged, by name
and requirement. A plan that was never carried out still shows in the trace matrix.
"""

import json
from pathlib import Path
from typing import ClassVar, Self

import msgspec

from groundfloor.errors import BenchFault
from groundfloor.readable_json import readable_json
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


class CollectedTests(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run has collected.

    Attributes:
        root: the folder that node ids are told from; None for the bench's own plans.
        tests: node ids, in the order in which they run.
        judges: by node id, what each of them is going to judge.
        left_out: tests of the same plans that do not run.
    """

    root: str | None = None
    tests: tuple[str, ...] = ()
    judges: dict[str, tuple[JudgementToCome, ...]] = {}
    left_out: tuple[TestLeftOut, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file.

        Raises:
            FileNotFoundError: it is not there.
            BenchFault: it is not what a run writes.
        """
        try:
            return msgspec.convert(json.loads(read_regular(path, MOST_BYTES)), cls)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, msgspec.ValidationError, RecursionError) as broken:
            raise BenchFault(str(path), "read", str(broken), "restore the file that the run wrote") from broken

    def to_json(self) -> str:
        """Return it as the text of the file; a node id may hold what no UTF-8 can say, so it is plain ASCII."""
        return readable_json(msgspec.to_builtins(self), ensure_ascii=True)
