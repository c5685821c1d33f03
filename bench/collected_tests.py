# SPDX-License-Identifier: Apache-2.0
"""What was going to run: written before the first test begins, so that nobody can leave out what did not please.

Beside the tests that run it names those that were left out, and why; and of each what it would have judged, by name
and requirement. A plan that was never carried out still shows in the trace matrix.
"""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from groundfloor.errors import BenchFault
from groundfloor.regular_file import open_regular

MOST_BYTES = 1 << 24


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class JudgementToCome(_Model):
    """A judgement that a test plans, and the ids of the requirements that it is evidence for."""

    name: str
    requirements: tuple[str, ...]


class TestLeftOut(_Model):
    """A test of the plan that does not run.

    Attributes:
        node: pytest's node id.
        reason: why.
        applicable: False if the pump's profile lacks the feature that the test is about.
        judges: what it would have judged.
    """

    __test__ = False  # pytest takes classes of such names for tests

    node: str
    reason: str
    applicable: bool
    judges: tuple[JudgementToCome, ...] = ()


class CollectedTests(_Model):
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
            with open_regular(path) as file:
                return cls.model_validate_json(file.read(MOST_BYTES))
        except FileNotFoundError:
            raise
        except (OSError, ValidationError, RecursionError) as broken:
            raise BenchFault(str(path), "read", str(broken), "restore the file that the run wrote") from broken

    def to_json(self) -> str:
        """Return it as the text of the file."""
        return self.model_dump_json(indent=2) + "\n"
