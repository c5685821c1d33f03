# SPDX-License-Identifier: Apache-2.0
"""What one run has to say about requirements: for each planned judgement what came of it, or why nothing did.

This is the input of the matrix. It knows no journal: `bench.run` fills it from one, a test from thin air.
"""

from dataclasses import dataclass
from enum import StrEnum

from metrology.verdict import Verdict


@dataclass(frozen=True)
class CitedRequirement:
    """A requirement as a judgement cites it.

    Attributes:
        id: its number.
        revision: of its text, when it was judged.
        text_sha256: of its text, when it was judged; empty in records of versions that did not keep it.
    """

    id: str
    revision: int
    text_sha256: str

    @property
    def label(self) -> str:
        """Return id and revision, as records cite it: `DEL-001@1`."""
        return f"{self.id}@{self.revision}"


@dataclass(frozen=True)
class PlannedJudgement:
    """One judgement that a test declared, and what came of it.

    Attributes:
        name: as the test declared it; unique in its test.
        requirements: what it is evidence for.
        verdict: the worst of the judgements that were made under this name; UNSET where one is missing.
        judgements: their ids, such as `J-0017`, in the order they were made.
    """

    name: str
    requirements: tuple[CitedRequirement, ...]
    verdict: Verdict
    judgements: tuple[str, ...] = ()


class Execution(StrEnum):
    """Whether a test of the plan ran."""

    RAN = "ran"
    NOT_RUN = "not run"
    """It was collected, and the run ended before it began."""
    LEFT_OUT = "left out"
    """Whoever started the run did not choose it."""
    NOT_APPLICABLE = "not applicable"
    """The profile lacks the feature that it needs."""


@dataclass(frozen=True)
class TestEvidence:
    """One test of the plan.

    Attributes:
        node: pytest's node id.
        execution: whether it ran.
        reason: why it did not run, or how it ended.
        verdict: of the test; UNSET where it did not run.
        planned: what it declared, or would have declared.
    """

    __test__ = False  # pytest takes classes of such names for tests

    node: str
    execution: Execution
    reason: str
    verdict: Verdict
    planned: tuple[PlannedJudgement, ...]


@dataclass(frozen=True)
class RunEvidence:
    """One run.

    Attributes:
        run_id: which.
        order: sorts runs by time, the newest last; such as the instant at which it began.
        profile: the pump's profile.
        firmware: of the pump.
        simulated: whether any of it comes from a twin.
        tests: all that the plan held, in its order.
        troubles: what is wrong with the run as a whole, a sentence each: any of it keeps what passed from counting.
    """

    run_id: str
    order: str
    profile: str
    firmware: str
    simulated: bool
    tests: tuple[TestEvidence, ...]
    troubles: tuple[str, ...] = ()

    @property
    def variant(self) -> tuple[str, str]:
        """Return what evidence is about: profile and firmware."""
        return self.profile, self.firmware
